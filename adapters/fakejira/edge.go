package fakejira

import (
	"net/http"
	"strconv"
)

// edge is what Atlassian's edge answers for every site.
func edge() []route {
	return []route{{path: "/_edge/tenant_info", open: true, on: onCloud, serve: func(s *Server, _ *call) reply {
		return jsonReply(http.StatusOK, map[string]string{"cloudId": s.cloudID})
	}}}
}

func itoa(n int) string { return strconv.Itoa(n) }
