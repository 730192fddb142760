package app

import (
	"context"
	"errors"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
	"jira-cli/ports/task"
)

// ExplainInput is a status report and where the global settings came from.
type ExplainInput struct {
	StatusInput
	Settings []precedence.Setting
}

// ExplainOutput is fit to be shown to others: it holds no secret, and of emails
// the first letter and the domain. It stands also beside an error.
type ExplainOutput struct {
	Active   string
	Settings []precedence.Setting
	Ignored  []Ignored
	Profiles []Explained
	Warnings []Warning
}

// Ignored is a variable that is set and not read, and why.
type Ignored struct{ Variable, Reason string }

// Explained is one profile: where each of its settings comes from, the verdict,
// and what led to it.
type Explained struct {
	Profile  profile.Name
	Active   bool
	Sources  []precedence.Setting
	Verdict  access.CauseRow
	Evidence []string
}

// Explain says why a profile works or does not.
type Explain struct {
	status *Status
	jira   ports.Jira
	env    ports.Environment
	clock  ports.Clock
	config ports.Config
}

// NewExplain returns the use case.
func NewExplain(status *Status, jira ports.Jira, env ports.Environment, clock ports.Clock, config ports.Config) *Explain {
	return &Explain{status, jira, env, clock, config}
}

// finding is what is known of one profile while it is being looked at.
type finding struct {
	ProfileStatus
	evidence  access.Evidence
	serverErr *fault.Fault
	proof     string // what proves the email
	worksAs   string // the profile that works with the same token
}

// Run makes the report of status, asks what else tells causes apart, and gives
// one verdict per profile. The error is that of status.
func (x *Explain) Run(ctx context.Context, in ExplainInput) (ExplainOutput, error) {
	out := ExplainOutput{Active: in.Selection().Value, Settings: x.settings(in), Ignored: x.ignored()}
	status, failure := x.status.Run(ctx, in.StatusInput)
	if ctx.Err() != nil {
		return ExplainOutput{}, context.Cause(ctx)
	}
	out.Warnings = status.Warnings
	findings := make([]finding, len(status.Profiles))
	var all task.Group
	for i, st := range status.Profiles {
		findings[i].ProfileStatus = st
		all.Go(func() { x.investigate(ctx, &findings[i]) }, func(f *fault.Fault) { findings[i].serverErr = f })
	}
	all.Wait()
	if ctx.Err() != nil {
		return ExplainOutput{}, context.Cause(ctx)
	}
	for i := range findings {
		f := &findings[i]
		f.compare(findings)
		cause := access.Diagnose(f.evidence)
		out.Profiles = append(out.Profiles, Explained{
			Profile: f.Profile.Name, Active: f.Active, Sources: x.sources(f.ProfileStatus),
			Verdict: rowOf(cause, f.Profile), Evidence: f.lines(),
		})
	}
	return out, failure
}

// investigate gathers the evidence on one profile. What the probe has shown to
// be unreachable, or to want fewer requests, is not asked again.
func (x *Explain) investigate(ctx context.Context, f *finding) {
	e := &f.evidence
	e.AuthType, e.CredentialErr, e.Form, e.Verdict = f.Profile.AuthType, f.Credential.Err, f.Credential.Secret.Form(), f.Verdict
	if f.Verdict == nil {
		return
	}
	end := f.Profile.TokenExpiry
	e.Expired = !end.IsZero() && f.Credential.Source != SourceEnv && x.clock.Now().After(end)
	refused := f.Verdict.Err()
	e.Sign = signOf(f.Verdict.MyselfErr)
	if refused != nil && !answered(refused) || e.Sign == access.SignCaptcha || e.Sign == access.SignLoginFailed {
		return
	}
	account, err := x.status.accounts.Of(ctx, f.Profile, f.Credential.Secret)
	if err != nil {
		return // the probe met it too
	}
	x.server(ctx, f, account)
	if f.Verdict.MyselfErr != nil && mayBeScoped(account, f.Verdict.MyselfErr) {
		e.Gateway.Tried = true
		_, _, err := throughGateway(ctx, x.jira, account)
		e.Gateway.Err = fault.From(err)
	}
}

// answered reports whether a failure came from the site and not from the way to
// it, and leaves it free to be asked something else.
func answered(f *fault.Fault) bool {
	switch f.Code {
	case fault.JiraUnauthorized, fault.JiraForbidden, fault.JiraNotFound, fault.JiraBadResponse, fault.JiraScopeMissing,
		fault.JiraAuthMethodRefused:
		return true
	}
	return false
}

// server asks what the site runs and what time it is there.
func (x *Explain) server(ctx context.Context, f *finding, account ports.Account) {
	account.Secret = secret.Secret{}
	session := x.jira.Open(account)
	defer session.Close()
	asked, cancel := optional(ctx)
	defer cancel()
	server, err := session.Server(asked)
	now := x.clock.Now()
	if err != nil {
		f.serverErr = fault.From(err)
		f.evidence.ServerErr = f.serverErr
		return
	}
	f.evidence.Server = &server
	if !server.Time.IsZero() {
		f.evidence.Skew, f.evidence.SkewKnown = now.Sub(server.Time), true
	}
}

// signOf translates the sentinel in an error's chain.
func signOf(err *fault.Fault) access.Sign {
	if err == nil {
		return access.NoSign
	}
	for _, known := range []struct {
		sentinel error
		sign     access.Sign
	}{
		{ports.ErrCaptcha, access.SignCaptcha}, {ports.ErrForeignChallenge, access.SignForeignChallenge}, {ports.ErrLoginFailed, access.SignLoginFailed},
		{ports.ErrFrontRefused, access.SignFrontRefused}, {ports.ErrXSRF, access.SignXSRF},
		{ports.ErrWebsudo, access.SignWebsudo}, {ports.ErrAnonymous, access.SignAnonymous}, {ports.ErrLoginPage, access.SignLoginPage},
		{ports.ErrDNS, access.SignDNS}, {ports.ErrConnectionRefused, access.SignRefused}, {ports.ErrProxyRefused, access.SignProxyRefused},
		{ports.ErrTLSUnknownAuthority, access.SignTLSUntrusted}, {ports.ErrTLSExpired, access.SignTLSExpired},
		{ports.ErrTLSNotYetValid, access.SignTLSNotYetValid}, {ports.ErrTLSWrongHost, access.SignTLSWrongHost},
		{ports.ErrTLSIntercepted, access.SignTLSIntercepted}, {ports.ErrTLSClientCertificate, access.SignTLSClientCert},
		{ports.ErrTLSClientCertRefused, access.SignTLSClientCertRefused}, {ports.ErrTLSAuthorityExpired, access.SignTLSAuthorityExpired},
		{ports.ErrTLSIncompleteChain, access.SignTLSIncompleteChain}, {ports.ErrTLSWeakSignature, access.SignTLSWeakSignature},
		{ports.ErrTLSIncompatible, access.SignTLSIncompatible}, {ports.ErrTLSNotSpoken, access.SignTLSNotSpoken},
		{ports.ErrProxyLogin, access.SignProxyLogin}, {ports.ErrProxyLoginRefused, access.SignProxyLoginRefused}, {ports.ErrProxyDenied, access.SignProxyDenied},
	} {
		if errors.Is(err, known.sentinel) {
			return known.sign
		}
	}
	return access.NoSign
}

// compare looks at the other profiles for what tells an email from a token, and
// a wrong clock from an old certificate.
func (f *finding) compare(all []finding) {
	if f.Profile.AccountID != "" {
		f.evidence.EmailProven, f.proof = true, "its account id is recorded"
	}
	for _, other := range all {
		if other.Profile.Name == f.Profile.Name {
			continue
		}
		if other.evidence.SkewKnown && !f.evidence.SkewKnown {
			f.evidence.Elsewhere, f.evidence.ElsewhereKnown = other.evidence.Skew, true
		}
		if other.Profile.Site != f.Profile.Site || other.Verdict == nil || other.Verdict.MyselfErr != nil {
			continue
		}
		same := other.Profile.User() == f.Profile.User()
		switch {
		case same && !f.evidence.EmailProven:
			f.evidence.EmailProven, f.proof = true, "profile "+string(other.Profile.Name)+" works with it on this site"
		case !same && other.Credential.Secret.Equal(f.Credential.Secret):
			f.evidence.WorksAs, f.worksAs = true, string(other.Profile.Name)
		}
	}
}
