package app

import (
	"context"

	"jira-cli/domain/profile"
)

// TokenOutput is the local state of a profile's credential. Backend is the
// configured one, "env" where none is.
type TokenOutput struct {
	Profile    profile.Name
	Backend    string
	Credential Resolution
}

// Token says which credential a command would use. It asks Jira nothing.
type Token struct{ resolver *Resolver }

// NewToken returns the use case.
func NewToken(resolver *Resolver) *Token { return &Token{resolver} }

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

// Refresh renews what can be renewed of a credential; an API token cannot.
type Refresh struct{ resolver *Resolver }

// NewRefresh returns the use case.
func NewRefresh(resolver *Resolver) *Refresh { return &Refresh{resolver} }

// Run resolves the selected profile's credential and reports that its type has
// no refresh flow.
func (r *Refresh) Run(ctx context.Context, in Session) (RefreshOutput, error) {
	p, err := in.Current()
	if err != nil {
		return RefreshOutput{}, err
	}
	res := r.resolver.Resolve(ctx, p)
	if res.Err != nil {
		return RefreshOutput{}, res.Err
	}
	return RefreshOutput{Profile: p.Name, AuthType: p.AuthType, Reason: "selected auth type has no refresh flow", Warnings: res.Warnings}, nil
}
