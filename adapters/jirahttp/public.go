package jirahttp

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"sync"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/profile"
)

// What a site tells anybody. No credential is sent for it.
const (
	pathServer = "/rest/api/2/serverInfo"
	pathTenant = "/_edge/tenant_info"
)

// Server implements ports.JiraSession with GET /rest/api/2/serverInfo, which
// Cloud, Server and Data Center all have.
func (s *session) Server(ctx context.Context) (access.Server, error) {
	body, header, err := s.fetch(ctx, pathServer, nil, public)
	if err != nil {
		return access.Server{}, err
	}
	var answer struct {
		DeploymentType string `json:"deploymentType"`
		Version        string `json:"version"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Version == "" {
		return access.Server{}, unexpected("%s answered without a version", pathServer)
	}
	server := access.Server{Deployment: profile.DataCenter, Version: oneLine(answer.Version), Time: dateOf(header)}
	if answer.DeploymentType == "Cloud" {
		server.Deployment = profile.Cloud
	}
	return server, nil
}

func dateOf(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t
}

var cloudIDPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-fA-F-]{8,64}$`) })

// CloudID implements ports.JiraSession with GET /_edge/tenant_info.
func (s *session) CloudID(ctx context.Context) (string, error) {
	body, _, err := s.fetch(ctx, pathTenant, nil, public)
	if err != nil {
		return "", err
	}
	var answer struct {
		CloudID string `json:"cloudId"`
	}
	if json.Unmarshal(body, &answer) != nil || !cloudIDPattern().MatchString(answer.CloudID) {
		return "", unexpected("%s answered without a cloudId", pathTenant)
	}
	return answer.CloudID, nil
}
