package app

import (
	"context"
	"fmt"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// StatusInput is what the command line says about a status report.
type StatusInput struct {
	Session
	Project string
	NoProbe bool
	Require []access.Permission
}

// StatusOutput is the report; it stands also where Run returns an error.
type StatusOutput struct {
	Active   profile.Name
	Profiles []ProfileStatus
	Warnings []Warning
}

// ProfileStatus is the report on one profile. Verdict is nil where nothing was
// probed.
type ProfileStatus struct {
	Profile    profile.Profile
	Active     bool
	Credential Resolution
	Verdict    *access.Verdict
}

// Status resolves the credential of every profile and asks Jira what each may
// do.
type Status struct {
	resolver *Resolver
	jira     ports.Jira
}

// NewStatus returns the use case.
func NewStatus(resolver *Resolver, jira ports.Jira) *Status { return &Status{resolver, jira} }

// Run probes all profiles at once; with --profile that one alone. The error is
// the active profile's; another profile's is a warning.
func (s *Status) Run(ctx context.Context, in StatusInput) (StatusOutput, error) {
	p, err := in.Current()
	if err != nil {
		return StatusOutput{}, err
	}
	active, profiles := p.Name, in.Config.Profiles
	if in.Flag.Set {
		profiles = []profile.Profile{p}
	}
	out := StatusOutput{Active: active, Profiles: make([]ProfileStatus, len(profiles))}
	var all group
	for i, res := range s.resolver.ResolveAll(ctx, profiles) {
		st := &out.Profiles[i]
		*st = ProfileStatus{Profile: profiles[i], Active: profiles[i].Name == active, Credential: res}
		if res.Err == nil && !in.NoProbe {
			all.Go(func() { st.Verdict = s.probe(ctx, *st, in.Project) },
				func(f *fault.Fault) { st.Verdict = &access.Verdict{MyselfErr: f, PermissionsErr: f} })
		}
	}
	all.Wait()
	if ctx.Err() != nil {
		return StatusOutput{}, context.Cause(ctx)
	}
	return out, out.conclude(in.Require)
}

// probe sends a profile's two requests at once; the session decides whether
// they travel together.
func (s *Status) probe(ctx context.Context, st ProfileStatus, project string) *access.Verdict {
	session := s.jira.Open(ports.Account{Site: st.Profile.Site, Email: st.Profile.Email, Secret: st.Credential.Secret})
	defer session.Close()
	var (
		id               access.Identity
		grants           access.Grants
		idErr, grantsErr error
		both             group
	)
	both.Go(func() { id, idErr = session.Myself(ctx) }, func(f *fault.Fault) { idErr = f })
	both.Go(func() { grants, grantsErr = session.Permissions(ctx, project, access.ProbedKeys()) }, func(f *fault.Fault) { grantsErr = f })
	both.Wait()
	v := access.Judge(id, idErr, grants, grantsErr)
	return &v
}

// conclude turns failures into the run's error and warnings.
func (o *StatusOutput) conclude(required []access.Permission) error {
	var result error
	for _, st := range o.Profiles {
		o.Warnings = append(o.Warnings, st.Credential.Warnings...)
		f := st.Fault(required)
		switch {
		case f == nil:
		case st.Active:
			result = f
		default:
			o.Warnings = append(o.Warnings, Warning{string(f.Code), f.Message, string(st.Profile.Name)})
		}
	}
	return result
}

// Fault returns what is wrong with a profile, nil where nothing is.
func (st ProfileStatus) Fault(required []access.Permission) *fault.Fault {
	f := st.Credential.Err
	if f == nil && st.Verdict != nil {
		f = st.Verdict.Err()
	}
	if f != nil {
		return about(f, st.Profile.Name)
	}
	if st.Verdict == nil || !st.Active {
		return nil
	}
	missing := st.Verdict.Missing(required)
	if len(missing) == 0 {
		return nil
	}
	keys := ""
	for _, p := range missing {
		keys += " " + p.Key
	}
	return fault.New(fault.PermissionMissing, "profile %q lacks%s", st.Profile.Name, keys).WithProfile(string(st.Profile.Name))
}

// Counts returns how many of the probed permissions are granted.
func Counts(g access.Grants) string {
	held := 0
	for _, p := range access.Probed() {
		if g[p.Key] {
			held++
		}
	}
	if held == len(access.Probed()) {
		return fmt.Sprintf("all %d", held)
	}
	return fmt.Sprintf("%d of %d", held, len(access.Probed()))
}
