package app

import (
	"context"
	"fmt"
	"time"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
	"jira-cli/ports/task"
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
	Warnings   []Warning // of the probe
}

// Status resolves the credential of every profile and asks Jira what each may
// do.
type Status struct {
	resolver *Resolver
	jira     ports.Jira
	accounts *Accounts
}

// NewStatus returns the use case.
func NewStatus(resolver *Resolver, jira ports.Jira, accounts *Accounts) *Status {
	return &Status{resolver, jira, accounts}
}

// Run probes all profiles at once; with --profile that one alone, and so with
// the environment's, beside which no stored credential is touched. The error is
// the active profile's; another profile's is a warning.
func (s *Status) Run(ctx context.Context, in StatusInput) (StatusOutput, error) {
	p, err := in.Current()
	if err != nil {
		return StatusOutput{}, err
	}
	active, profiles := p.Name, in.Config.Profiles
	if in.Flag.Set || active == profile.Ambient {
		profiles = []profile.Profile{p}
	}
	out := StatusOutput{Active: active, Profiles: make([]ProfileStatus, len(profiles))}
	var all task.Group
	for i, res := range s.resolver.ResolveAll(ctx, profiles) {
		st := &out.Profiles[i]
		*st = ProfileStatus{Profile: profiles[i], Active: profiles[i].Name == active, Credential: res}
		if res.Err == nil && !in.NoProbe {
			all.Go(func() { s.probe(ctx, st, in.Project) },
				func(f *fault.Fault) { st.Verdict = &access.Verdict{MyselfErr: f, PermissionsErr: f} })
		}
	}
	all.Wait()
	if ctx.Err() != nil {
		return StatusOutput{}, context.Cause(ctx)
	}
	for _, st := range out.Profiles {
		if v := st.Verdict; v != nil {
			v.MyselfErr, v.PermissionsErr = mending(v.MyselfErr, st.Profile.Name), mending(v.PermissionsErr, st.Profile.Name)
		}
	}
	return out, out.conclude(in.Require)
}

// probe fills in what Jira says of a profile.
func (s *Status) probe(ctx context.Context, st *ProfileStatus, project string) {
	account, err := s.accounts.Of(ctx, st.Profile, st.Credential.Secret)
	if err != nil {
		v := access.Judge(access.Identity{}, err, nil, nil)
		st.Verdict = &v
		return
	}
	st.Warnings = s.accounts.warnings(st.Profile)
	v, end, endErr := s.ask(ctx, account, project)
	if v.MyselfErr != nil && st.Profile.Name == profile.Ambient {
		through, err := ambientRoute(ctx, s.jira, account, v.MyselfErr)
		if v = access.Judge(access.Identity{}, err, nil, nil); err == nil {
			v, end, endErr = s.ask(ctx, through, project)
		}
	}
	if v.MyselfErr != nil && st.Profile.Name != profile.Ambient {
		if f := withoutPATs(ctx, s.jira, account, v.MyselfErr); f != v.MyselfErr {
			v.MyselfErr, v.PermissionsErr = f, f
		}
	}
	if endErr != nil && v.MyselfErr == nil {
		st.Warnings = append(st.Warnings, unanswered(expiryUnknown, endErr, string(st.Profile.Name)))
	}
	if end.IsZero() && st.Credential.Source != SourceEnv {
		end = st.Profile.TokenExpiry
	}
	st.Warnings = append(st.Warnings, s.accounts.expiring(st.Profile, end)...)
	st.Verdict = &v
}

// ask sends a profile's requests at once; the session decides whether they
// travel together.
func (s *Status) ask(ctx context.Context, account ports.Account, project string) (access.Verdict, time.Time, error) {
	session := s.jira.Open(account)
	defer session.Close()
	var (
		id               access.Identity
		grants           access.Grants
		end              time.Time
		idErr, grantsErr error
		endErr           error
		all              task.Group
	)
	if account.AuthType == profile.AuthBasic {
		// A wrong password that is sent twice is two steps towards a lockout.
		if id, idErr = session.Myself(ctx); idErr == nil {
			grants, grantsErr = session.Permissions(ctx, project, access.ProbedKeys())
		}
		return access.Judge(id, idErr, grants, grantsErr), end, nil
	}
	all.Go(func() { id, idErr = session.Myself(ctx) }, func(f *fault.Fault) { idErr = f })
	all.Go(func() { grants, grantsErr = session.Permissions(ctx, project, access.ProbedKeys()) }, func(f *fault.Fault) { grantsErr = f })
	if account.AuthType == profile.AuthPAT {
		all.Go(func() { end, endErr = expiry(ctx, session, account.AuthType) }, func(f *fault.Fault) { endErr = f })
	}
	all.Wait()
	return access.Judge(id, idErr, grants, grantsErr), end, endErr
}

// conclude turns failures into the run's error and warnings.
func (o *StatusOutput) conclude(required []access.Permission) error {
	var result error
	for _, st := range o.Profiles {
		o.Warnings = append(append(o.Warnings, st.Credential.Warnings...), st.Warnings...)
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
