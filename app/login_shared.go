package app

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
)

// spare refuses to put another secret into a place that another profile's
// reference names, as after a rename that kept the credential: that profile
// would be somebody else from then on.
func (l *Login) spare(ctx context.Context, in LoginInput, req loginRequest, now profile.Config, value secret.Secret) error {
	if in.Force || l.readOnly(req) {
		return nil
	}
	for _, p := range now.Profiles {
		if p.Name == req.profile.Name || p.Credential == nil || !samePlace(*p.Credential, req.ref) {
			continue
		}
		held, err := l.slots.get(ctx, req.ref)
		if isAbsent(err) || err == nil && held.Equal(value) {
			return nil
		}
		if err != nil {
			return err
		}
		return fault.New(fault.AlreadyAuthenticated, "the place in %s where profile %s would keep its credential holds that of profile %s",
			req.ref.Backend, req.profile.Name, p.Name).WithProfile(string(p.Name)).
			WithHint("choose another profile name or another --backend; --force replaces it for both")
	}
	return nil
}

// samePlace compares references letter by letter, but for the site that the
// credential is for.
func samePlace(a, b profile.Reference) bool {
	a.Site, b.Site = "", ""
	return a.Equal(b)
}
