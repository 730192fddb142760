package app

import (
	"context"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// TokenOutput is the local state of a profile's credential. Backend is the
// configured one, "env" where none is.
type TokenOutput struct {
	Profile    profile.Name
	Backend    string
	Credential Resolution
	// Expiry is when the credential ends as a login found it out, zero where that
	// is not known. Of a variable's it never is.
	Expiry time.Time
}

// Token says which credential a command would use. It asks Jira nothing.
type Token struct {
	resolver *Resolver
	accounts *Accounts
}

// NewToken returns the use case.
func NewToken(resolver *Resolver, accounts *Accounts) *Token { return &Token{resolver, accounts} }

// Run resolves the selected profile's credential. The output stands also where
// an error says that there is none.
func (t *Token) Run(ctx context.Context, in Session) (TokenOutput, error) {
	p, err := in.Current()
	if err != nil {
		return TokenOutput{}, err
	}
	out := TokenOutput{Profile: p.Name, Backend: SourceEnv, Credential: t.resolver.Resolve(ctx, p)}
	if p.Credential != nil {
		out.Backend = string(p.Credential.Backend)
	}
	if out.Credential.Err != nil {
		return out, out.Credential.Err
	}
	if out.Credential.Source != SourceEnv {
		out.Expiry = p.TokenExpiry
		out.Credential.Warnings = append(out.Credential.Warnings, t.accounts.expiring(p, out.Expiry)...)
	}
	return out, nil
}

// RefreshOutput says what a refresh did.
type RefreshOutput struct {
	Profile   profile.Name
	AuthType  string
	Refreshed bool
	Reason    string
	Warnings  []Warning
}

// Refresh renews what can be renewed of a credential: a session, by logging in
// again with the stored password. Other types have nothing to renew.
type Refresh struct {
	resolver *Resolver
	jira     ports.Jira
	accounts *Accounts
}

// NewRefresh returns the use case.
func NewRefresh(resolver *Resolver, jira ports.Jira, accounts *Accounts) *Refresh {
	return &Refresh{resolver, jira, accounts}
}

// Run resolves the selected profile's credential and renews it, or reports that
// its type has no refresh flow.
func (r *Refresh) Run(ctx context.Context, in Session) (RefreshOutput, error) {
	p, err := in.Current()
	if err != nil {
		return RefreshOutput{}, err
	}
	res := r.resolver.Resolve(ctx, p)
	if res.Err != nil {
		return RefreshOutput{}, res.Err
	}
	out := RefreshOutput{Profile: p.Name, AuthType: p.AuthType, Reason: "selected auth type has no refresh flow", Warnings: res.Warnings}
	if p.AuthType != profile.AuthSession {
		return out, nil
	}
	out.Warnings = append(out.Warnings, r.accounts.warnings(p)...)
	account, err := r.accounts.Of(ctx, p, res.Secret)
	if err != nil {
		return out, err
	}
	session := r.jira.Open(account)
	defer session.Close()
	if _, err := session.Myself(ctx); err != nil {
		return out, about(fault.From(err), p.Name)
	}
	out.Refreshed, out.Reason = true, "logged in again; each command that needs a session logs in for itself"
	return out, nil
}
