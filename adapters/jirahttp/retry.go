package jirahttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// The waits between attempts where the server names none: one second, doubled
// each time up to the longest, and a half of each by chance, so that many
// clients do not come back at once.
const (
	firstWait   = time.Second
	longestWait = 30 * time.Second
)

// fetch asks until there is an answer, or a failure that another attempt would
// not mend, or no attempt left. Only 429, 502, 503, 504 and a connection that
// was reset are worth one: a refusal repeated is a step towards a lockout.
func (s *session) fetch(ctx context.Context, q question) (answer, error) {
	for tried := 0; ; tried++ {
		a, err := s.once(ctx, q)
		reason := worthRetrying(err)
		if reason == "" || tried >= s.client.opts.Retries {
			return a, s.scrubbed(err)
		}
		wait := s.client.wait(err, tried)
		if s.outlasts(ctx, wait) {
			return a, s.scrubbed(err) // the caller is better served by the reason than by a timeout
		}
		if ended := s.client.pass(ctx, wait, reason); ended != nil {
			return answer{}, ended
		}
	}
}

// outlasts reports whether a wait would end after the run does.
func (s *session) outlasts(ctx context.Context, wait time.Duration) bool {
	if left, bounded := ports.Left(ctx); bounded && wait >= left {
		return true
	}
	deadline, has := ctx.Deadline()
	return has && s.now != nil && s.now().Add(wait).After(deadline)
}

// worthRetrying says why an error may pass by itself, "" where it will not.
func worthRetrying(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	switch status := f.Details.HTTPStatus; {
	case f.Code == fault.JiraRateLimited,
		f.Code == fault.JiraServerError && (status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout):
		return fmt.Sprint(status)
	case f.Code == fault.NetworkUnreachable && brokeOff(f.Cause):
		return "the connection broke off"
	}
	return ""
}

// wait is how long to wait after the attempt of that number.
func (c *Client) wait(err error, tried int) time.Duration {
	if after := fault.From(err).Details.RetryAfterSeconds; after != nil {
		return time.Duration(*after) * time.Second
	}
	wait := longestWait
	if tried < 5 {
		wait = min(firstWait<<tried, longestWait)
	}
	return wait/2 + time.Duration(c.opts.Random()*float64(wait/2))
}

// pass lets a wait pass and counts it down.
func (c *Client) pass(ctx context.Context, wait time.Duration, reason string) error {
	for {
		step := wait
		taken := func() {}
		if c.opts.Notifier != nil && wait > 0 {
			left := (wait + time.Second - 1) / time.Second
			step = wait - (left-1)*time.Second // whole seconds from here on
			taken = c.opts.Notifier.Waiting(fmt.Sprintf("retrying in %d s (%s)", left, reason))
		}
		err := c.opts.Sleep(ctx, step)
		taken()
		if err != nil {
			return err
		}
		if wait -= step; wait <= 0 {
			return nil
		}
	}
}

// sleep is the wait without a clock of the caller's.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
