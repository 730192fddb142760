package fakejira

import (
	"net/http"
	"slices"
	"strings"
)

// api3 is the REST API, version 3.
func api3() []route {
	return []route{
		{path: "/rest/api/3/myself", on: onCloud, serve: myself,
			scopes: [][]string{{"read:jira-user"}, {"read:application-role:jira", "read:avatar:jira", "read:group:jira", "read:user:jira"}}},
		{path: "/rest/api/3/mypermissions", query: []string{"permissions", "projectKey"}, open: true, on: onCloud, serve: mypermissions,
			scopes: [][]string{{"read:jira-work"}, {"read:permission:jira"}}},
		{path: "/rest/api/3/serverInfo", open: true, on: onCloud, serve: serverInfo},
		{path: "/rest/api/2/serverInfo", open: true, on: onCloud, serve: serverInfo},
	}
}

func myself(_ *Server, c *call) reply {
	hide := func(hidden bool, text string) any {
		if hidden {
			return nil
		}
		return text
	}
	return jsonReply(http.StatusOK, map[string]any{
		"self":         "https://" + c.host + "/rest/api/3/user?accountId=" + c.who.AccountID,
		"accountId":    c.who.AccountID,
		"accountType":  c.who.AccountType,
		"emailAddress": hide(c.who.HideEmail, c.who.Email),
		"displayName":  c.who.DisplayName,
		"active":       true,
		"timeZone":     hide(c.who.HideTimeZone, c.who.TimeZone),
		"locale":       "en_US",
		"groups":       map[string]any{"size": 1, "items": []any{}},
		"expand":       "groups,applicationRoles",
	})
}

// mypermissions answers anonymous callers too, and refused credentials as
// anonymous ones: what makes it no check of a credential.
func mypermissions(s *Server, c *call) reply {
	asked := c.URL.Query().Get("permissions")
	if asked == "" {
		return failure(http.StatusBadRequest, "The 'permissions' query parameter is required.")
	}
	return s.grantsOf(c, strings.Split(asked, ","))
}

// grantsOf answers which of the keys the caller holds.
func (s *Server) grantsOf(c *call, keys []string) reply {
	who := c.who
	if who == nil {
		who = s.anonymous
	}
	project := c.URL.Query().Get("projectKey")
	if s.hides(project, who) {
		return failure(http.StatusNotFound, "No project could be found with key '"+project+"'.")
	}
	answer := map[string]any{}
	for _, key := range keys {
		id := slices.Index(permissions(), key)
		if id < 0 {
			return failure(http.StatusBadRequest, "Unrecognized permission: "+key)
		}
		answer[key] = map[string]any{
			"id": itoa(id + 10), "key": key, "type": "PROJECT", "description": "",
			"name":           strings.ReplaceAll(strings.ToLower(key), "_", " "),
			"havePermission": who.holds(project, key),
		}
	}
	return jsonReply(http.StatusOK, map[string]any{"permissions": answer})
}

func (s *Server) hides(project string, who *account) bool {
	from, hidden := s.hidden[project]
	return hidden && (len(from) == 0 || slices.Contains(from, who.Email))
}

// serverInfo answers anybody.
func serverInfo(_ *Server, c *call) reply {
	return jsonReply(http.StatusOK, map[string]any{
		"baseUrl":        "https://" + c.host,
		"version":        "1001.0.0-SNAPSHOT",
		"versionNumbers": []int{1001, 0, 0},
		"deploymentType": "Cloud",
		"buildNumber":    100300,
		"serverTitle":    "Jira",
	})
}
