package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"jira-cli/adapters/fakejira"
	"jira-cli/adapters/faulty"
	"jira-cli/adapters/jirahttp"
	"jira-cli/adapters/memory"
	"jira-cli/app"
	"jira-cli/domain/precedence"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// The texts that move through the enumerated commands.
const (
	oldToken   = "ATATT3xFfGF0-the-old-token-OLDX"
	newToken   = "ATATT3xFfGF0-the-new-token-NEWX"
	strayToken = "ATATT3xFfGF0-somebody-elses-STRY"
	leftToken  = "ATATT3xFfGF0-left-behind-by-LEFT"
	otherToken = "ATATT3xFfGF0-of-a-bystander-HOME"
	email      = "john.doe@example.com"
	vaultTitle = "Work"
	variable   = "JIRA_TOKEN_WORK"
)

var (
	readers  = []profile.Backend{profile.Env, profile.Command}
	writers  = []profile.Backend{profile.Keyring, profile.OnePassword, profile.File}
	backends = slices.Concat(writers, readers)
	defaults = app.Defaults{KeyringService: profile.DefaultService, FilePath: "/secrets.age"}
)

func site(text string) profile.Site {
	s, err := profile.ParseSite(text)
	if err != nil {
		panic(err)
	}
	return s
}

// world is what outlives a process: the config file, the stores, Jira and the
// environment.
type world struct {
	said   profile.Config // while the world is being built
	config *memory.Config
	stores map[profile.Backend]*memory.SecretStore
	jira   ports.Jira
	env    memory.Environment
}

// newJira is the real client over the fake, in which both tokens are good on two
// sites.
func newJira() ports.Jira {
	fake := fakejira.Sample(oldToken)
	if err := fake.Control([]string{"token", "add", email, newToken}); err != nil {
		panic(err)
	}
	return jirahttp.New(jirahttp.Options{UserAgent: "jira/test", Transport: fake})
}

// newWorld has one bystander in each store that can be written, whom no command
// is about.
func newWorld(jira ports.Jira) *world {
	w := &world{stores: map[profile.Backend]*memory.SecretStore{}, jira: jira, env: memory.Environment{}}
	for _, b := range backends {
		w.stores[b] = memory.NewSecretStore(memory.SecretStoreOptions{Backend: b, Vaults: []string{vaultTitle}})
	}
	for _, b := range writers {
		w.record(newProfile("home-"+string(b)), b, otherToken+string(b))
	}
	return w
}

func newProfile(name string) profile.Profile {
	p := profile.Profile{Name: profile.Name(name), Site: site("example"), Email: email, AuthType: profile.AuthToken}
	p.OnePassword.Vault = vaultTitle
	return p
}

// place is where a backend keeps the credential of a profile.
func place(b profile.Backend, p profile.Profile) profile.Reference {
	ref := defaults.Reference(b, p)
	if b == profile.Command {
		ref.Argv = []string{"pass", "show", "jira"}
	}
	return ref
}

// record adds a profile with a credential in a store; with "" the store holds
// nothing.
func (w *world) record(p profile.Profile, b profile.Backend, text string) {
	ref := place(b, p)
	p.Credential = &ref
	w.write(p)
	w.plant(ref, text)
}

// write puts a profile into the config.
func (w *world) write(p profile.Profile) {
	c, err := w.said.With(p)
	if err != nil {
		panic(err)
	}
	w.said = c
}

func (w *world) plant(ref profile.Reference, text string) {
	if text == "" {
		return
	}
	if err := w.stores[ref.Backend].Plant(ref, secret.New(text)); err != nil {
		panic(err)
	}
}

// leave makes ref a leftover of a profile, with a secret in it.
func (w *world) leave(name profile.Name, ref profile.Reference, text string) {
	p, _ := w.said.Find(name)
	p.Leftovers = append(p.Leftovers, ref)
	w.write(p)
	w.plant(ref, text)
}

func (w *world) session() app.Session {
	return app.Session{Config: w.config.State(), Flag: precedence.Given("--profile", "work", true), NoInput: true}
}

// process is one run of the program: its ports pass through a plan.
type process struct {
	*world
	plan   *faulty.Plan
	config ports.Config
	stores ports.Stores
	jira   ports.Jira
	stdin  ports.SecretInput
}

func (w *world) start(plan *faulty.Plan) *process {
	through := map[profile.Backend]ports.SecretStore{}
	for b, s := range w.stores {
		through[b] = faulty.NewSecretStore(plan, b, s)
	}
	return &process{world: w, plan: plan, config: faulty.NewConfig(plan, w.config), stores: memory.NewStores(through),
		jira: faulty.NewJira(plan, w.jira), stdin: faulty.NewSecretInput(plan, memory.NewSecretInput(newToken+"\n"))}
}

// asker is a person who follows the steps, nobody without any.
func (p *process) asker(steps ...memory.Step) app.Asker {
	return app.Asker{Terminal: memory.NewTerminal(len(steps) > 0), Prompter: faulty.NewPrompter(p.plan, memory.NewPrompter(steps...))}
}

// load is what the driving side does before a use case: it reads the config.
func (p *process) load(ctx context.Context) (app.Session, error) {
	c, err := p.config.Load(ctx)
	s := p.session()
	s.Config = c
	return s, err
}

// state is everything that a world remembers, for comparison.
type state struct {
	config  profile.Config
	secrets map[profile.Backend]map[ports.Slot]string
	items   int
	world   *world
}

func (w *world) state() state {
	s := state{config: w.config.State(), secrets: map[profile.Backend]map[ports.Slot]string{}, world: w, items: w.stores[profile.OnePassword].Items()}
	for b, store := range w.stores {
		s.secrets[b] = map[ports.Slot]string{}
		for slot, sec := range store.Dump() {
			s.secrets[b][slot] = sec.Reveal()
		}
	}
	return s
}

// slot is where a reference leads.
func (s state) slot(ref profile.Reference) ports.Slot {
	slot, err := s.world.stores[ref.Backend].Locate(context.Background(), ref)
	if err != nil {
		panic(err)
	}
	return slot
}

// resolve returns what a profile's reference reads, "" for nothing.
func (s state) resolve(p profile.Profile) string {
	if p.Credential == nil {
		return ""
	}
	return s.secrets[p.Credential.Backend][s.slot(*p.Credential)]
}

// values lists a store's secrets without their slots: an item that was made
// twice has another id the second time.
func (s state) values() map[profile.Backend][]string {
	all := map[profile.Backend][]string{}
	for b, slots := range s.secrets {
		all[b] = slices.Sorted(maps.Values(slots))
	}
	return all
}

// bare returns a config without leftovers.
func bare(c profile.Config) profile.Config {
	c.Profiles = slices.Clone(c.Profiles)
	for i := range c.Profiles {
		c.Profiles[i].Leftovers = nil
	}
	return c
}

// String shows a state in the message of a failing test.
func (s state) String() string {
	text := ""
	for _, p := range s.config.Profiles {
		if p.Name != "home-keyring" && p.Name != "home-file" && p.Name != "home-1password" {
			text += fmt.Sprintf("  %s %s credential=%+v leftovers=%+v\n", p.Name, p.Site, p.Credential, p.Leftovers)
		}
	}
	return text + fmt.Sprintf("  default=%q %q items=%d", s.config.Default, s.secrets, s.items)
}
