package fakejira

import (
	"net/http"
	"strconv"
	"strings"
)

// DataCenter is a Server or Data Center on a host. The zero value is a current
// one at the root.
type DataCenter struct {
	Version     string // empty: 9.12.4
	ContextPath string // empty: that of the options
	// Lenient: a credential that is not accepted is ignored, and the caller
	// served as an anonymous one; else it gets a 401 everywhere.
	Lenient bool
}

func (d DataCenter) complete() DataCenter {
	if d.Version == "" {
		d.Version = "9.12.4"
	}
	return d
}

// atLeast compares the version.
func (d DataCenter) atLeast(major, minor int) bool {
	numbers := d.numbers()
	return numbers[0] > major || numbers[0] == major && numbers[1] >= minor
}

func (d DataCenter) numbers() [3]int {
	var numbers [3]int
	for i, part := range strings.SplitN(d.Version, ".", 3) {
		numbers[i], _ = strconv.Atoi(part)
	}
	return numbers
}

// center finds what a host runs.
func (s *Server) center(host string) (DataCenter, bool) {
	if d, is := s.centers[host]; is {
		return d, true
	}
	d, is := s.centers[""]
	return d, is
}

// api2 is the REST API, version 2, as Server and Data Center have it.
func api2() []route {
	return []route{
		{path: "/rest/api/2/myself", on: onCenter, serve: myselfByName},
		{path: "/rest/api/2/mypermissions", query: []string{"permissions", "projectKey"}, open: true, on: onCenter, serve: grantsByName},
		{path: "/rest/api/2/serverInfo", open: true, on: onCenter, serve: centerInfo},
	}
}

// authenticateByName finds who asks on Server and Data Center.
func (s *Server) authenticateByName(c *call) {
	if name, password, ok := c.BasicAuth(); ok {
		c.user, c.scheme, c.who = name, "basic", s.byPassword(name, password)
		return
	}
	if bearer, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer "); ok {
		c.user, c.scheme = "?", "bearer"
		if c.center.atLeast(8, 14) {
			c.who = s.byPAT(bearer)
		}
	} else if cookie, err := c.Cookie(sessionCookie); err == nil {
		c.user, c.scheme = "?", "cookie"
		c.who = s.accounts[s.sessions[cookie.Value]]
	}
	if c.who != nil {
		c.user = c.who.Name
	}
}

func (s *Server) byPassword(name, password string) *account {
	for _, a := range s.accounts {
		if a.Name == name && a.Password != "" && a.Password == password {
			return a
		}
	}
	return nil
}

func myselfByName(_ *Server, c *call) reply {
	answer := map[string]any{
		"self": "https://" + c.host + "/rest/api/2/user?username=" + c.who.Name,
		"key":  "JIRAUSER10100", "name": c.who.Name, "emailAddress": c.who.Email,
		"displayName": c.who.DisplayName, "active": true, "deleted": false,
		"timeZone": c.who.TimeZone, "locale": "en_US",
	}
	if c.who.HideEmail {
		delete(answer, "emailAddress")
	}
	if c.who.HideTimeZone {
		delete(answer, "timeZone")
	}
	return jsonReply(http.StatusOK, answer)
}

// grantsByName answers for the keys asked for, or from before 8.0 for all.
func grantsByName(s *Server, c *call) reply {
	asked := c.URL.Query().Get("permissions")
	if asked == "" || !c.center.atLeast(8, 0) {
		return s.grantsOf(c, permissions())
	}
	return s.grantsOf(c, strings.Split(asked, ","))
}

func centerInfo(_ *Server, c *call) reply {
	return jsonReply(http.StatusOK, map[string]any{
		"baseUrl":        "https://" + c.host + c.center.ContextPath,
		"version":        c.center.Version,
		"versionNumbers": c.center.numbers(),
		"deploymentType": "Server",
		"buildNumber":    912004,
		"serverTitle":    "Jira",
	})
}

// centerHeaders replaces the headers of Atlassian's edge by those of Tomcat and
// of Data Center's rate limiting.
func centerHeaders(h map[string]string, c *call) {
	for _, name := range []string{"Server", "Atl-Traceid", "X-Ratelimit-Nearlimit"} {
		delete(h, name)
	}
	h["X-Arequestid"] = "600x" + strconv.Itoa(c.serial) + "x1"
	h["X-Anodeid"] = "node1"
	h["X-Ratelimit-Limit"] = "100"
	h["X-Ratelimit-Remaining"] = "99"
	h["X-Ratelimit-Fillrate"] = "10"
	h["X-Ratelimit-Interval-Seconds"] = "60"
	switch {
	case c.who != nil:
		h["X-Ausername"], h["X-Seraph-Loginreason"] = c.who.Name, "OK"
	case c.scheme == "":
		h["X-Ausername"] = "anonymous"
	default:
		h["X-Ausername"], h["X-Seraph-Loginreason"] = "anonymous", "AUTHENTICATED_FAILED"
	}
}
