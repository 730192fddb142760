package jirahttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

const (
	pathMyself      = "/rest/api/3/myself"
	pathPermissions = "/rest/api/3/mypermissions"

	// The bounds on bodies. The answers are some 2 KiB (eight permissions) and
	// 1 KiB; the bounds only have to keep a broken server from filling the
	// memory.
	maxAnswer = 1 << 20
	maxError  = 64 << 10
)

// session implements ports.JiraSession. All fields are set by Open and never
// change.
type session struct {
	site          profile.Site
	agent         string
	authorization string
	refused       *fault.Fault // why nothing may be sent
	http          *http.Client
	closeIdle     func()
	scrub         *scrubber
	now           func() time.Time
}

// Myself implements ports.JiraSession with GET /rest/api/3/myself.
func (s *session) Myself(ctx context.Context) (access.Identity, error) {
	body, err := s.get(ctx, pathMyself, nil)
	if err != nil {
		return access.Identity{}, err
	}
	return decodeMyself(body)
}

// Permissions implements ports.JiraSession with GET /rest/api/3/mypermissions,
// whose parameter permissions is mandatory: with no keys nothing is asked.
func (s *session) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	if len(keys) == 0 && s.refused == nil && ctx.Err() == nil {
		return access.Grants{}, nil
	}
	query := url.Values{"permissions": {strings.Join(keys, ",")}}
	if project != "" {
		query.Set("projectKey", project)
	}
	body, err := s.get(ctx, pathPermissions, query)
	if err != nil {
		return nil, namingProject(err, project)
	}
	return decodePermissions(body, keys)
}

// namingProject rewords a 404: of all that /mypermissions is asked for, only
// the project can be missing.
func namingProject(err error, project string) error {
	var f *fault.Fault
	if project == "" || !errors.As(err, &f) || f.Code != fault.JiraNotFound {
		return err
	}
	named := *f
	named.Message = "Jira does not have the project " + oneLine(project) + ", or hides it from this account (HTTP 404)"
	named.Hint = "check the project's key, and that the account may browse the project"
	return &named
}

// Expiry implements ports.JiraSession. An API token does not tell.
func (s *session) Expiry(ctx context.Context) (time.Time, error) {
	if ctx.Err() != nil {
		return time.Time{}, context.Cause(ctx)
	}
	return time.Time{}, nil
}

// Close implements ports.JiraSession.
func (s *session) Close() {
	if s.closeIdle != nil {
		s.closeIdle()
	}
}

// audience says whether a request carries the credential.
type audience bool

const (
	private audience = true
	public  audience = false
)

// get is fetch with the credential.
func (s *session) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	if s.refused != nil {
		return nil, s.refused
	}
	body, _, err := s.fetch(ctx, path, query, private)
	return body, err
}

// fetch returns the body of a 200, bounded and read to its end, and its
// headers; or a fault.
func (s *session) fetch(ctx context.Context, path string, query url.Values, to audience) ([]byte, http.Header, error) {
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	req, err := s.request(ctx, path, query)
	if err != nil {
		return nil, nil, err
	}
	if to == private {
		req.Header.Set("Authorization", s.authorization)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, nil, s.transportFault(ctx, err)
	}
	defer resp.Body.Close()
	body, err := s.answer(ctx, path, resp)
	return body, resp.Header, err
}

// answer reads a response's body as its status demands.
func (s *session) answer(ctx context.Context, path string, resp *http.Response) ([]byte, error) {
	if resp.StatusCode != http.StatusOK {
		// What there is of the body only explains; the status decides, also
		// where the body is cut.
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxError+s.scrub.reach()))
		if err != nil && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, s.statusFault(resp, body)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, s.bad(resp, err, "the answer of %s was cut off", path)
	case len(body) > maxAnswer:
		return nil, s.bad(resp, nil, "the answer of %s is larger than %d KiB", path, maxAnswer>>10)
	}
	if err := looksLikeJSON(body); err != nil {
		return nil, s.bad(resp, nil, "%s answered with %s", path, err.Error()).WithHint("%s", hintFor(body))
	}
	return body, nil
}

func (s *session) request(ctx context.Context, path string, query url.Values) (*http.Request, error) {
	target := s.site.String() + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, fault.New(fault.ArgumentInvalid, "the site %s makes no valid URL", s.site)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", s.agent)
	return req, nil
}

// bad is a JiraBadResponse that carries what the answer says of itself.
func (s *session) bad(resp *http.Response, cause error, format string, args ...any) *fault.Fault {
	f := fault.Wrap(s.scrub.err(cause), fault.JiraBadResponse, format, args...)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	return f
}
