package app

import (
	"context"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/ports"
)

// optionalBound is what a question may take whose answer a command can do without.
const optionalBound = 5 * time.Second

// optional returns the context of a question that a command can do without: what a
// site runs, when a token expires, what the gateway says. It ends early enough
// for the run to give the answer that is known, also where the site stalls.
func optional(ctx context.Context) (context.Context, context.CancelFunc) {
	bound := optionalBound
	if left, bounded := ports.Left(ctx); bounded {
		bound = min(bound, left/2)
	}
	return context.WithTimeoutCause(ctx, bound, fault.New(fault.Timeout, "there was no answer in time"))
}

// unanswered warns that an optional question has no answer, and why.
func unanswered(what string, err error, name string) Warning {
	f := fault.From(err)
	return Warning{string(f.Code), what + ": " + f.Message, name}
}
