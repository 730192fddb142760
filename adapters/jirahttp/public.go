package jirahttp

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// What a site tells anybody. No credential is sent for it.
const (
	pathServer = api2 + "/serverInfo"
	pathTenant = "/_edge/tenant_info"
)

// Server implements ports.JiraSession with GET /rest/api/2/serverInfo, which
// Cloud, Server and Data Center all have.
func (s *session) Server(ctx context.Context) (access.Server, error) {
	a, err := s.public(ctx, pathServer)
	if err != nil {
		return access.Server{}, err
	}
	server, err := s.decodeServer(a.body)
	if err == nil {
		server.Time = dateOf(a.header)
	}
	return server, err
}

// maxVersion bounds what is believed to be a version.
const maxVersion = 64

func (s *session) decodeServer(body []byte) (access.Server, error) {
	var answer struct {
		DeploymentType string `json:"deploymentType"`
		Version        string `json:"version"`
	}
	if json.Unmarshal(body, &answer) != nil || oneLine(answer.Version) == "" {
		return access.Server{}, unexpected("%s answered without a version", pathServer)
	}
	server := access.Server{Deployment: profile.DataCenter, Version: s.quote(answer.Version, maxVersion)}
	if answer.DeploymentType == "Cloud" || answer.DeploymentType == "" && cloudVersion(answer.Version) {
		server.Deployment = profile.Cloud
	}
	return server, nil
}

// cloudVersion reports whether a version is one of Cloud's, which begin with 1000
// or more (1001.0.0-SNAPSHOT): deploymentType is optional in the published
// description of the API.
func cloudVersion(version string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(version), ".")
	major, err := strconv.Atoi(first)
	return err == nil && major >= 1000
}

func dateOf(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// CloudID implements ports.JiraSession with GET /_edge/tenant_info.
// https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/
func (s *session) CloudID(ctx context.Context) (string, error) {
	if !s.telling {
		return "", fault.New(fault.ArgumentInvalid, "only sites on Cloud tell their cloud id")
	}
	a, err := s.public(ctx, pathTenant)
	if err != nil {
		return "", err
	}
	id, err := decodeTenant(a.body)
	if err == nil && s.scrub.Holds(id) {
		return "", unexpected("%s returned the credential", pathTenant)
	}
	return id, err
}

func decodeTenant(body []byte) (string, error) {
	var answer struct {
		CloudID string `json:"cloudId"`
	}
	if json.Unmarshal(body, &answer) != nil || !profile.IsCloudID(answer.CloudID) {
		return "", unexpected("%s answered without a cloudId", pathTenant)
	}
	return answer.CloudID, nil
}
