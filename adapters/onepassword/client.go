package onepassword

import (
	"context"
	"strings"
)

// client is what the store needs of the SDK, with types of its own so that
// everything above it builds and is tested without CGO. Implementations need
// not be safe for concurrent use, may ignore the context, and return the SDK's
// errors as they are or as the two kinds below.
type client interface {
	vaults(ctx context.Context) ([]vault, error)
	items(ctx context.Context, vaultID string) ([]overview, error)
	item(ctx context.Context, vaultID, itemID string) (item, error)
	// create returns the new item's id.
	create(ctx context.Context, it item) (id string, err error)
	// put writes back an item that item returned: fields are matched by id,
	// fields and sections without a counterpart are added, those that are no
	// longer there removed, and everything else stays as it came.
	put(ctx context.Context, it item) error
	// archive takes an item out of the lists. A person finds it in the app's
	// archive and can restore it.
	archive(ctx context.Context, vaultID, itemID string) error
}

// dialer opens a client: on the desktop app for an account, or with a service
// account token where account is empty.
type dialer func(ctx context.Context, account, token string) (client, error)

type vault struct{ id, title string }

type overview struct{ id, title string }

// item is an item as far as this package looks. origin is the SDK's own value,
// which put carries over.
type item struct {
	id, title, vaultID string
	category           string
	fields             []field
	sections           []section
	origin             any
}

type field struct {
	id, title, section string
	kind               string
	value              string
}

type section struct{ id, title string }

// 1Password's names for the categories and field types that matter here.
const (
	categoryPassword = "Password"
	categoryLogin    = "Login"
	categoryAPI      = "ApiCredentials"

	kindConcealed = "Concealed"
	kindText      = "Text"
)

// upstream is an error of which the SDK told the kind: its error's name in the
// protocol, such as RateLimitExceeded.
type upstream struct{ name, text string }

func (u *upstream) Error() string { return u.text }

// The two names that the SDK has types for.
const (
	nameSessionExpired = "DesktopSessionExpired"
	nameRateLimit      = "RateLimitExceeded"
)

// integrationVersion makes a version fit for the SDK, whose core refuses
// clients with an empty one, with more than 20 characters, or with others than
// these ("v0.1.0+dirty", "(devel)").
func integrationVersion(version string) string {
	version = strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, version), "-")
	if version == "" {
		return "unknown"
	}
	return version[:min(len(version), 20)]
}
