package fakejira

import (
	"net/http"
	"slices"
	"strings"
)

// gatewayPrefix is where the gateway keeps its Jiras. No site has such a path.
const gatewayPrefix = "/ex/jira/"

// Gateway is the base URL of a site at Atlassian's gateway, for MockTransport
// and Mount; an empty cloud id is SampleCloudID. On a socket the gateway is at
// the same path of every host.
func Gateway(cloudID string) string {
	if cloudID == "" {
		cloudID = SampleCloudID
	}
	return "https://api.atlassian.com" + gatewayPrefix + cloudID
}

// atGateway reports whether a request is for the gateway, and takes its path
// apart.
func (s *Server) atGateway(c *call) bool {
	rest, is := strings.CutPrefix(c.URL.Path, gatewayPrefix)
	if !is {
		return false
	}
	id, path, _ := strings.Cut(rest, "/")
	c.gateway, c.cloudID, c.path = true, id, "/"+path
	return true
}

// gatewayRefusal is what the gateway says before it asks Jira; nil where it
// would ask. It serves no anonymous callers.
func gatewayRefusal(r route, c *call) *reply {
	var rep reply
	switch {
	case c.who == nil:
		rep = gatewayFailure(http.StatusUnauthorized, "Unauthorized")
	case c.scopes != nil && !slices.ContainsFunc(r.scopes, func(list []string) bool { return containsAll(c.scopes, list) }):
		rep = gatewayFailure(http.StatusUnauthorized, "Unauthorized; scope does not match")
	default:
		return nil
	}
	return &rep
}

func containsAll(have, need []string) bool {
	return !slices.ContainsFunc(need, func(scope string) bool { return !slices.Contains(have, scope) })
}

// gatewayFailure is the gateway's own form of an error.
func gatewayFailure(status int, message string) reply {
	return jsonReply(status, struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{status, message})
}
