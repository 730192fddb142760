package jirahttp

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/scrub"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

const (
	pathMyself = api3 + "/myself"

	// The bounds on bodies. The answers are some 2 KiB (eight permissions) and
	// 1 KiB; the bounds only have to keep a broken server from filling the
	// memory.
	maxAnswer = 1 << 20
	maxError  = 64 << 10
)

var errMalformedTime = errors.New("a malformed time")

// session implements ports.JiraSession. All fields are set by Open and never
// change.
type session struct {
	client     *Client
	site       profile.Site
	base       string // where authenticated requests go: the site, or the gateway
	api        string // api2 or api3
	method     string // the auth type
	dataCenter bool
	gateway    bool
	telling    bool // the site is on Cloud and tells its cloud id
	agent      string
	headers    http.Header  // for the site's own origin
	blocked    *fault.Fault // why nothing at all may be sent
	refused    *fault.Fault // why the credential may not be sent

	authorization string // "" with a login
	login         *login // nil but with profile.AuthSession
	tokenLike     bool
	user          string // the email or user name, "" for none

	http      *http.Client
	wires     *wires
	nearLimit atomic.Bool

	scrub *scrub.Scrubber // the client's: a site may be asked by a session without the credential
	own   *scrub.Scrubber // knows the session's credential alone
	now   func() time.Time
}

// Myself implements ports.JiraSession with GET /myself.
func (s *session) Myself(ctx context.Context) (access.Identity, error) {
	path := s.api + "/myself"
	a, err := s.get(ctx, path, nil)
	switch {
	case err != nil:
		return access.Identity{}, err
	case s.dataCenter:
		id, err := decodeUser(a.body)
		return s.unechoed(path, id, err)
	}
	id, err := decodeMyself(a.body)
	if err != nil && failedLogin(a.header) {
		err = s.anonymous(path, a.header)
	}
	return s.unechoed(path, id, err)
}

// Permissions implements ports.JiraSession with GET /mypermissions, whose
// parameter permissions is mandatory on Cloud: with no keys nothing is asked.
// Server before 8.0 ignores it and names every permission.
func (s *session) Permissions(ctx context.Context, project string, keys []string) (access.Grants, error) {
	if len(keys) == 0 && s.blocked == nil && s.refused == nil && ctx.Err() == nil {
		return access.Grants{}, nil
	}
	query := url.Values{"permissions": {strings.Join(keys, ",")}}
	if project != "" {
		query.Set("projectKey", project)
	}
	path := s.api + "/mypermissions"
	a, err := s.get(ctx, path, query)
	if err != nil {
		return nil, namingProject(err, project)
	}
	return decodePermissions(path, a.body, keys)
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

// NearLimit implements ports.JiraSession with the header by which Cloud says that
// less than a fifth is left.
// https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
func (s *session) NearLimit() bool { return s.nearLimit.Load() }

// Close implements ports.JiraSession.
func (s *session) Close() {
	if s.wires != nil {
		s.wires.closeIdle()
	}
}

// question is one request.
type question struct {
	method  string
	path    string
	query   url.Values
	body    []byte
	private bool // it carries the credential
}

// answer is what a 200 brought, its body bounded and read to its end.
type answer struct {
	body   []byte
	header http.Header
}

// get asks with the credential.
func (s *session) get(ctx context.Context, path string, query url.Values) (answer, error) {
	if s.blocked == nil && s.refused != nil {
		return answer{}, s.refused
	}
	return s.fetch(ctx, question{method: http.MethodGet, path: path, query: query, private: true})
}

// public asks without the credential, and the site itself.
func (s *session) public(ctx context.Context, path string) (answer, error) {
	return s.fetch(ctx, question{method: http.MethodGet, path: path})
}

// once sends a request and returns what a 200 brought, or a fault.
func (s *session) once(ctx context.Context, q question) (answer, error) {
	if s.blocked != nil {
		return answer{}, s.blocked
	}
	if ctx.Err() != nil {
		return answer{}, context.Cause(ctx)
	}
	req, err := s.request(ctx, q)
	if err != nil {
		return answer{}, err
	}
	// A peer that takes nothing can hold up net/http's own clean-up beyond ctx.
	return task.Call(ctx, func(ctx context.Context) (answer, error) { return s.exchange(ctx, q, req) }, nil)
}

// exchange sends a request and reads what comes back.
func (s *session) exchange(ctx context.Context, q question, req *http.Request) (answer, error) {
	resp, err := s.http.Do(req)
	if err != nil {
		return answer{}, s.transportFault(ctx, req, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// Its body is the bare connection, which ends with no context.
		return answer{}, s.bad(resp, nil, "%s changed the protocol, which nobody asked for (HTTP 101)", req.URL.Host).
			WithHint("check base_url, and whether a proxy answers in Jira's place")
	}
	body, err := s.read(ctx, q, resp)
	if err == nil && strings.EqualFold(resp.Header.Get("X-Ratelimit-Nearlimit"), "true") {
		s.nearLimit.Store(true)
	}
	if err == nil && q.private {
		err = s.ignored(q, resp)
	}
	return answer{body, resp.Header}, err
}

// read reads a response's body as its status demands.
func (s *session) read(ctx context.Context, q question, resp *http.Response) ([]byte, error) {
	if resp.StatusCode != http.StatusOK {
		// What there is of the body only explains; the status decides, also
		// where the body is cut.
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxError+1))
		if err != nil && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		cut := err != nil || len(body) > maxError
		return nil, s.statusFault(q, resp, s.excerpt(unzipped(body, maxError+1), cut))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	body = unzipped(body, maxAnswer+1)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, s.bad(resp, err, "the answer of %s was cut off", q.path)
	case len(body) > maxAnswer:
		return nil, s.bad(resp, nil, "the answer of %s is larger than %d KiB", q.path, maxAnswer>>10)
	}
	if err := looksLikeJSON(body); err != nil {
		hint, cause := hintFor(body)
		f := s.bad(resp, nil, "%s answered with %s", q.path, err.Error()).WithHint("%s", hint)
		if errors.Is(cause, ports.ErrLoginPage) {
			f.Message = access.CauseLoginPage.Row(s.about()).Meaning + ": " + f.Message
		}
		f.Cause = cause
		f.Details.UpstreamForeign = !fromJira(resp.Header, body)
		f.Details.UpstreamMessages = s.texts(upstreamMessages(resp.Header.Get("Content-Type"), s.excerpt(body, false)))
		return nil, f
	}
	return body, nil
}

// request makes the request of a question, with the site's headers where it is
// the site that is asked.
func (s *session) request(ctx context.Context, q question) (*http.Request, error) {
	base := s.site.String()
	if q.private {
		base = s.base
	}
	target := base + q.path
	if len(q.query) > 0 {
		target += "?" + q.query.Encode()
	}
	var body io.Reader
	if q.body != nil {
		body = q.reader()
	}
	req, err := http.NewRequestWithContext(ctx, q.method, target, body)
	if err != nil {
		return nil, fault.New(fault.ArgumentInvalid, "the site %s makes no valid URL", s.site)
	}
	if origin(req.URL) == s.site.Origin() {
		maps.Copy(req.Header, s.headers)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", s.agent)
	if q.body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Atlassian-Token", "no-check") // or Jira may suspect a forged request; see access.CauseXSRF
	}
	if q.private {
		return req, s.authenticate(ctx, req)
	}
	return req, nil
}

// bad is a JiraBadResponse that carries what the answer says of itself.
func (s *session) bad(resp *http.Response, cause error, format string, args ...any) *fault.Fault {
	f := fault.Wrap(s.scrub.Error(cause), fault.JiraBadResponse, format, args...)
	f.Details.HTTPStatus = resp.StatusCode
	f.Details.UpstreamRequestID = s.requestID(resp.Header)
	return f
}
