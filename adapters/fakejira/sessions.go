package fakejira

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

const sessionCookie = "JSESSIONID"

// sessions is the exchange of a password for a cookie.
func sessions() []route {
	return []route{{method: http.MethodPost, path: "/rest/auth/1/session", open: true, on: onCenter, serve: logIn}}
}

func logIn(s *Server, c *call) reply {
	var given struct{ Username, Password string }
	body, err := io.ReadAll(io.LimitReader(c.Body, 64<<10))
	if err != nil || json.Unmarshal(body, &given) != nil {
		return failure(http.StatusBadRequest, "The request body could not be read.")
	}
	a := s.byPassword(given.Username, given.Password)
	if a == nil {
		rep := failure(http.StatusUnauthorized, "Login failed")
		rep.header.Set("X-Seraph-Loginreason", "AUTHENTICATED_FAILED")
		return rep
	}
	value := fmt.Sprintf("%032X", 0xC00C1E<<8+c.serial)
	s.sessions[value] = a.Email
	rep := jsonReply(http.StatusOK, map[string]any{
		"session":   map[string]string{"name": sessionCookie, "value": value},
		"loginInfo": map[string]any{"loginCount": c.serial, "previousLoginTime": "2026-05-26T00:00:00.000+0000"},
	})
	rep.header.Set("X-Ausername", a.Name)
	rep.header["Set-Cookie"] = []string{
		sessionCookie + "=" + value + "; Path=/; HttpOnly", "ROUTEID=node1-" + value[24:] + "; Path=/",
		"atlassian.xsrf.token=" + value[:8] + "; Path=/; Secure",
	}
	return rep
}
