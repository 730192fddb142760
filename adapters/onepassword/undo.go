package onepassword

import (
	"context"

	"jira-cli/domain/profile"
	"jira-cli/ports"
)

var _ ports.Undoer = (*Store)(nil)

// Undo implements ports.Undoer. It empties the field, and archives the item
// where this process made it and nobody has put anything else in it since: an
// item without its field would be in the way of the next attempt. Archived
// items can be restored in the app; none is ever deleted.
func (s *Store) Undo(ctx context.Context, ref profile.Reference) error {
	_, err := run(ctx, s, ref.Account, func(ctx context.Context, c client) (struct{}, error) {
		return struct{}{}, change(ctx, c, ref, func(p place) error {
			if p.item == nil {
				return ports.ErrNotFound
			}
			if !s.created[p.item.id] || p.holdsMore() {
				return clearField(ctx, c, p)
			}
			if p.absent() == nil {
				if err := clearField(ctx, c, p); err != nil {
					return err
				}
			}
			return c.archive(ctx, p.item.vaultID, p.item.id)
		})
	})
	return err
}

// holdsMore reports whether the item has a value in another field than the
// place's own.
func (p place) holdsMore() bool {
	for i, f := range p.item.fields {
		if i != p.field && f.value != "" {
			return true
		}
	}
	return false
}
