package fakejira

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// pat is a personal access token; one without an end never expires.
type pat struct {
	name    string
	expires time.Time
}

// pats lists the caller's personal access tokens, from 8.14 on.
func pats() []route {
	return []route{{path: "/rest/pat/latest/tokens", on: onCenter, serve: listPATs}}
}

// byPAT finds whose token it is. Without a clock none has expired.
func (s *Server) byPAT(text string) *account {
	for _, a := range s.accounts {
		if p, has := a.pats[text]; has && (p.expires.IsZero() || s.now == nil || p.expires.After(s.now())) {
			return a
		}
	}
	return nil
}

func listPATs(_ *Server, c *call) reply {
	if !c.center.atLeast(8, 14) {
		return textReply(http.StatusNotFound, "text/html;charset=UTF-8", "<html><head><title>Oops, you've found a dead link.</title></head></html>")
	}
	// Recorded from a Data Center, which writes milliseconds and a colon in the
	// offset: "expiringAt":"2026-12-03T22:35:14.728+00:00". Some versions write +0000.
	const layout, milliseconds = "2006-01-02T15:04:05.000-07:00", 728 * time.Millisecond
	list := []map[string]any{}
	for i, text := range slices.Sorted(maps.Keys(c.who.pats)) {
		p := c.who.pats[text]
		entry := map[string]any{"id": i + 1, "name": p.name, "createdAt": "2026-01-01T00:00:00.728+00:00", "lastAccessedAt": "2026-05-26T00:00:00.025+00:00"}
		if !p.expires.IsZero() {
			entry["expiringAt"] = p.expires.UTC().Add(milliseconds).Format(layout)
		}
		list = append(list, entry)
	}
	return jsonReply(http.StatusOK, list)
}
