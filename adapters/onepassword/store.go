package onepassword

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// Options are what a Store needs of its surroundings. The zero value works for
// desktop accounts where nobody is at the terminal.
type Options struct {
	// Notifier tells a person that an approval is awaited; nil tells nobody.
	Notifier ports.Notifier
	// ServiceAccountToken returns OP_SERVICE_ACCOUNT_TOKEN and whether it is
	// set. nil is never set.
	ServiceAccountToken func() (secret.Secret, bool)
	// Version is this program's, which 1Password shows and logs.
	Version string
	// Interactive says that somebody may be there to approve a request.
	Interactive bool
	// Patience bounds each operation; 0 is five minutes where Interactive, 30
	// seconds where not.
	Patience time.Duration
	// Home is the home directory, where some systems install apps; "" is none.
	Home string
}

// Store is a ports.SecretStore, a ports.BulkReader and a ports.Undoer over
// 1Password. A
// reference's Account is a desktop account as the app's sidebar shows it, or
// its id, or "" for the service account; Vault and Item are titles or ids;
// Field is a title or an id, "" for the category's own.
type Store struct {
	options   Options
	dial      dialer
	installed func() bool

	turn  chan struct{} // held by whoever may call the SDK
	stuck atomic.Bool   // the one who has it outlived its bound

	// Under turn.
	sessions map[string]client // by account
	declined map[string]error  // by account: who said no is not asked again in this run
	desktop  string            // the account that the SDK's library was opened for
	created  map[string]bool   // the ids of the items that this process made
}

func newStore(o Options, dial dialer) *Store {
	return &Store{
		options:  o,
		dial:     dial,
		turn:     make(chan struct{}, 1),
		sessions: map[string]client{},
		declined: map[string]error{},
		created:  map[string]bool{},
		installed: func() bool {
			for _, path := range libraryPaths(o.Home) {
				if _, err := os.Stat(path); err == nil {
					return true
				}
			}
			return false
		},
	}
}

// Traits implements ports.SecretStore.
func (s *Store) Traits() ports.Traits { return ports.Traits{KeepsItem: true} }

// Probe implements ports.SecretStore. It looks whether there is anything to
// ask, a token or the app's library; only asking would tell more, and that
// shows a person a request.
func (s *Store) Probe(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s.installed() {
		return nil
	}
	_, err := s.serviceAccount()
	if s.options.ServiceAccountToken != nil {
		if _, set := s.options.ServiceAccountToken(); set {
			return err
		}
	}
	return fault.New(fault.OnePasswordNotInstalled, "the 1password app is not installed")
}

// serviceAccount returns the token, refusing what the SDK's core would refuse
// only after the seconds that it takes to start.
func (s *Store) serviceAccount() (secret.Secret, error) {
	var token secret.Secret
	if s.options.ServiceAccountToken != nil {
		token, _ = s.options.ServiceAccountToken()
	}
	const prefix = "ops_"
	switch text := token.Reveal(); {
	case text == "":
		return token, fault.New(fault.OnePasswordTokenInvalid, "no 1password account is named, and OP_SERVICE_ACCOUNT_TOKEN is not set")
	case len(text) <= len(prefix) || text[:len(prefix)] != prefix:
		return token, fault.New(fault.OnePasswordTokenInvalid, "OP_SERVICE_ACCOUNT_TOKEN is not a 1password service account token").
			WithHint("set OP_SERVICE_ACCOUNT_TOKEN to a token that begins with ops_, or name an account with --onepassword-account")
	}
	return token, nil
}

// Get implements ports.SecretStore.
func (s *Store) Get(ctx context.Context, ref profile.Reference) (secret.Secret, error) {
	return run(ctx, s, ref.Account, func(ctx context.Context, c client) (secret.Secret, error) {
		return read(ctx, c, ref)
	})
}

// Locate implements ports.SecretStore.
func (s *Store) Locate(ctx context.Context, ref profile.Reference) (ports.Slot, error) {
	return run(ctx, s, ref.Account, func(ctx context.Context, c client) (ports.Slot, error) {
		p, err := resolve(ctx, c, ref)
		if err != nil {
			return "", err
		}
		return p.slot(), nil
	})
}

// Put implements ports.SecretStore. It creates the item or the field, or
// replaces the field's value and makes it concealed.
func (s *Store) Put(ctx context.Context, ref profile.Reference, value secret.Secret) error {
	switch {
	case value.IsZero():
		return fault.New(fault.SecretInvalid, "the secret is empty")
	case value.Len() > secret.MaxBytes:
		return fault.New(fault.SecretTooLarge, "the secret has %d bytes, and 1password takes at most %d here", value.Len(), secret.MaxBytes)
	}
	_, err := run(ctx, s, ref.Account, func(ctx context.Context, c client) (struct{}, error) {
		return struct{}{}, change(ctx, c, ref, func(p place) error {
			return s.write(ctx, c, p, value.Reveal())
		})
	})
	return err
}

// Delete implements ports.SecretStore. It empties the field and keeps the item.
func (s *Store) Delete(ctx context.Context, ref profile.Reference) error {
	_, err := run(ctx, s, ref.Account, func(ctx context.Context, c client) (struct{}, error) {
		return struct{}{}, change(ctx, c, ref, func(p place) error {
			return clearField(ctx, c, p)
		})
	})
	return err
}

func read(ctx context.Context, c client, ref profile.Reference) (secret.Secret, error) {
	p, err := resolve(ctx, c, ref)
	if err != nil {
		return secret.Secret{}, err
	}
	if err := p.absent(); err != nil {
		return secret.Secret{}, err
	}
	return secret.New(p.item.fields[p.field].value), nil
}

// absent returns the sentinel for a place without a secret, nil where it has
// one. An empty field is what a cleared one looks like.
func (p place) absent() error {
	switch {
	case p.item == nil:
		return ports.ErrNotFound
	case p.field < 0 || p.item.fields[p.field].value == "":
		return ports.ErrFieldMissing
	}
	return nil
}

// attempts is how often a change begins anew when somebody else changed the
// item at the same time.
const attempts = 8

// change resolves the reference and applies f, again when 1Password says that
// the item is not the one that was read.
func change(ctx context.Context, c client, ref profile.Reference, f func(place) error) error {
	for range attempts {
		p, err := resolve(ctx, c, ref)
		if err != nil {
			return err
		}
		err = f(p)
		switch {
		case errors.Is(err, errConflict), errors.Is(err, errGone):
			continue
		case errors.Is(err, errEmptyRefused):
			return fault.New(fault.OnePasswordUnavailable, "1password refuses to change item %q as the credential needs", p.title).
				WithHint("name another item with --item")
		}
		return err
	}
	return fault.New(fault.OnePasswordUnavailable, "somebody else keeps changing the 1password item").
		WithHint("run the command again")
}

func (s *Store) write(ctx context.Context, c client, p place, value string) error {
	if p.item == nil {
		id, err := c.create(ctx, newItem(p, value))
		if err == nil {
			s.created[id] = true
		}
		return err
	}
	it := *p.item
	if p.field < 0 {
		it.add(newField(it.category, p.name, value))
		return c.put(ctx, it)
	}
	f := &it.fields[p.field]
	if err := f.mayHold(it.title); err != nil {
		return err
	}
	f.kind, f.value = kindConcealed, value
	return c.put(ctx, it)
}

// clearField empties the field. Where 1Password wants a value in it, the field
// itself is left out.
func clearField(ctx context.Context, c client, p place) error {
	if err := p.absent(); err != nil {
		return err
	}
	it := *p.item
	f := &it.fields[p.field]
	if err := f.mayHold(it.title); err != nil {
		return err
	}
	f.value = ""
	err := c.put(ctx, it)
	if !errors.Is(err, errEmptyRefused) {
		return err
	}
	it.fields = append(it.fields[:p.field:p.field], it.fields[p.field+1:]...)
	return c.put(ctx, it)
}

// mayHold refuses fields that are something else than a text, such as one-time
// passwords and keys: writing would destroy what a person keeps there.
func (f field) mayHold(title string) error {
	if f.kind == kindConcealed || f.kind == kindText {
		return nil
	}
	return fault.New(fault.ArgumentInvalid, "field %q of 1password item %q is of type %s and cannot hold a token", f.title, title, f.kind).
		WithHint("name a concealed field in the profile's onepassword table of the config file, or another item with --item")
}
