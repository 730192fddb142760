package wire

import (
	"context"

	"go.uber.org/fx"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/filestore"
	"jira-cli/adapters/jirahttp"
	"jira-cli/adapters/lockoutfile"
	"jira-cli/adapters/system"
	"jira-cli/adapters/terminal"
	"jira-cli/adapters/tomlconfig"
	"jira-cli/app"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// Each function below narrows a constructor to a port, or takes the double.

func environment(p Process) ports.Environment { return p.Env }

func clock(d Doubles) ports.Clock {
	if d.Clock != nil {
		return d.Clock
	}
	return system.NewClock()
}

// consoleOf is the one real terminal; four ports look at it.
func consoleOf(lc fx.Lifecycle, s *cli.Settings, env ports.Environment) *terminal.Terminal {
	t := terminal.New(terminal.Options{Environment: env, NoColor: s.NoColor})
	lc.Append(fx.Hook{OnStop: func(context.Context) error { return t.Close() }})
	return t
}

func terminalOf(d Doubles, t *terminal.Terminal) ports.Terminal {
	if d.Terminal != nil {
		return d.Terminal
	}
	return t
}

func prompterOf(d Doubles, t *terminal.Terminal) ports.Prompter {
	if d.Prompter != nil {
		return d.Prompter
	}
	return t
}

func notifierOf(d Doubles, t *terminal.Terminal) ports.Notifier {
	if d.Notifier != nil {
		return d.Notifier
	}
	return t
}

func stdinOf(d Doubles, t *terminal.Terminal) ports.SecretInput {
	if d.Stdin != nil {
		return d.Stdin
	}
	return t
}

func configOf(d Doubles, p Process, s *cli.Settings) (ports.Config, error) {
	if d.Config != nil {
		return d.Config, nil
	}
	o := tomlconfig.Options{Path: s.Config}
	if o.Path == "" {
		o.Path, o.Missing = tomlconfig.DefaultPath(p.GOOS, p.Env.Lookup, p.Home)
	}
	return tomlconfig.New(o), nil
}

func jiraOf(d Doubles, p Process, s *cli.Settings, c ports.Clock, n ports.Notifier, l ports.Lockouts) ports.Jira {
	return app.NewGuard(wireOf(d, p, s, c, n), l, c, &s.Notices)
}

func lockoutsOf(d Doubles, p Process) ports.Lockouts {
	if d.Lockouts != nil {
		return d.Lockouts
	}
	return lockoutfile.New(lockoutfile.DefaultPath(p.GOOS, p.Env.Lookup, p.Home))
}

// wireOf is Jira without the guard before it.
func wireOf(d Doubles, p Process, s *cli.Settings, c ports.Clock, n ports.Notifier) ports.Jira {
	if d.Jira != nil {
		return d.Jira
	}
	o := jirahttp.Options{UserAgent: "jira-cli/" + p.Build.Version, Transport: d.Transport, Lookup: p.Env.Lookup, Now: c.Now,
		Retries: s.Retries, Sleep: c.Sleep, Notifier: n}
	if s.Debug {
		o.Debug = s.DebugWriter
	}
	return jirahttp.New(o)
}

// defaultsOf records the keyring service that is in effect, so that the config
// says where the credential is and the error without the variable names it.
func defaultsOf(p Process) app.Defaults {
	d := app.Defaults{KeyringService: profile.DefaultService}
	if service, _ := p.Env.Lookup(keyringServiceVariable); service != "" {
		d.KeyringService = service
	}
	d.FilePath, _ = filestore.DefaultPaths(p.GOOS, p.Env.Lookup, p.Home)
	return d
}

func askerOf(t ports.Terminal, p ports.Prompter) app.Asker {
	return app.Asker{Terminal: t, Prompter: p}
}

func storesOf(lc fx.Lifecycle, d Doubles, p Process, s *cli.Settings, t ports.Terminal, n ports.Notifier, ask ports.Prompter) ports.Stores {
	if d.Stores != nil {
		return d.Stores
	}
	stores := &backends{process: p, settings: s, terminal: t, notifier: n, prompter: ask}
	lc.Append(fx.Hook{OnStop: func(context.Context) error { stores.close(); return nil }})
	return stores
}
