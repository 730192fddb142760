//go:build cgo

package onepassword

import (
	"context"
	"errors"
	"runtime"
	"slices"

	op "github.com/1password/onepassword-sdk-go"
)

// integration is the name under which 1Password shows and logs this program.
const integration = "jira-cli"

// Built reports whether this build has the backend.
const Built = true

// New returns the store. It opens nothing: the first operation does, and on a
// desktop that asks a person. The SDK serves one desktop account per process,
// so a process makes one Store.
func New(o Options) (*Store, error) {
	return newStore(o, func(ctx context.Context, account, token string) (client, error) {
		return dialSDK(ctx, account, token, o.Version)
	}), nil
}

func dialSDK(ctx context.Context, account, token, version string) (client, error) {
	login := op.WithServiceAccountToken(token)
	if account != "" {
		login = op.WithDesktopAppIntegration(account)
	}
	c, err := op.NewClient(ctx, login, op.WithIntegrationInfo(integration, integrationVersion(version)))
	if err != nil {
		return nil, named(err)
	}
	// The SDK's finalizer would call the app at a moment of the collector's
	// choosing, beside our calls, and log to stderr where that fails. The end of
	// the process releases the session too.
	runtime.SetFinalizer(c, nil)
	return &sdkClient{c}, nil
}

// sdkClient is a client on the SDK's.
type sdkClient struct{ *op.Client }

func (c *sdkClient) vaults(ctx context.Context) ([]vault, error) {
	list, err := c.Vaults().List(ctx)
	if err != nil {
		return nil, named(err)
	}
	out := make([]vault, len(list))
	for i, v := range list {
		out[i] = vault{v.ID, v.Title}
	}
	return out, nil
}

func (c *sdkClient) items(ctx context.Context, vaultID string) ([]overview, error) {
	list, err := c.Items().List(ctx, vaultID)
	if err != nil {
		return nil, named(err)
	}
	out := make([]overview, 0, len(list))
	for _, it := range list {
		if it.State != op.ItemStateArchived {
			out = append(out, overview{it.ID, it.Title})
		}
	}
	return out, nil
}

func (c *sdkClient) item(ctx context.Context, vaultID, itemID string) (item, error) {
	got, err := c.Items().Get(ctx, vaultID, itemID)
	if err != nil {
		return item{}, named(err)
	}
	it := item{id: got.ID, title: got.Title, vaultID: got.VaultID, category: string(got.Category), origin: got}
	for _, f := range got.Fields {
		known := field{id: f.ID, title: f.Title, kind: string(f.FieldType), value: f.Value}
		if f.SectionID != nil {
			known.section = *f.SectionID
		}
		it.fields = append(it.fields, known)
	}
	for _, s := range got.Sections {
		it.sections = append(it.sections, section{s.ID, s.Title})
	}
	return it, nil
}

func (c *sdkClient) create(ctx context.Context, it item) (string, error) {
	made, err := c.Items().Create(ctx, op.ItemCreateParams{
		Category: op.ItemCategory(it.category),
		VaultID:  it.vaultID,
		Title:    it.title,
		Fields:   sdkFields(nil, it.fields),
		Sections: sdkSections(it.sections),
	})
	return made.ID, named(err)
}

func (c *sdkClient) put(ctx context.Context, it item) error {
	whole, ok := it.origin.(op.Item)
	if !ok {
		return errors.New("internal error: the item did not come from 1Password")
	}
	whole.Fields = sdkFields(whole.Fields, it.fields)
	whole.Sections = sdkSections(it.sections)
	_, err := c.Items().Put(ctx, whole)
	return named(err)
}

func (c *sdkClient) archive(ctx context.Context, vaultID, itemID string) error {
	return named(c.Items().Archive(ctx, vaultID, itemID))
}

// sdkFields returns fields as the SDK's, each starting from the one of its id
// in known, so that what this package does not model is kept.
func sdkFields(known []op.ItemField, fields []field) []op.ItemField {
	out := make([]op.ItemField, 0, len(fields))
	for _, f := range fields {
		next := op.ItemField{ID: f.id, Title: f.title}
		if i := slices.IndexFunc(known, func(k op.ItemField) bool { return k.ID == f.id }); i >= 0 {
			next = known[i]
		} else if f.section != "" {
			next.SectionID = &f.section
		}
		next.FieldType, next.Value = op.ItemFieldType(f.kind), f.value
		out = append(out, next)
	}
	return out
}

func sdkSections(sections []section) []op.ItemSection {
	out := make([]op.ItemSection, 0, len(sections))
	for _, s := range sections {
		out = append(out, op.ItemSection{ID: s.id, Title: s.title})
	}
	return out
}

// named gives the SDK's two typed errors their names; the rest is text.
func named(err error) error {
	var session *op.DesktopSessionExpiredError
	var rate *op.RateLimitExceededError
	switch {
	case errors.As(err, &session):
		return &upstream{nameSessionExpired, session.Error()}
	case errors.As(err, &rate):
		return &upstream{nameRateLimit, rate.Error()}
	}
	return err
}
