package onepassword

import (
	"context"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// remembering asks for each listing once: for one bulk read.
type remembering struct {
	client
	vaultList []vault
	itemLists map[string][]overview
}

func (r *remembering) vaults(ctx context.Context) ([]vault, error) {
	if r.vaultList != nil {
		return r.vaultList, nil
	}
	list, err := r.client.vaults(ctx)
	r.vaultList = list
	return list, err
}

func (r *remembering) items(ctx context.Context, vaultID string) ([]overview, error) {
	if list, ok := r.itemLists[vaultID]; ok {
		return list, nil
	}
	list, err := r.client.items(ctx, vaultID)
	if err == nil {
		r.itemLists[vaultID] = list
	}
	return list, err
}

// GetAll implements ports.BulkReader: one approval and one listing of each
// vault for all references of an account.
func (s *Store) GetAll(ctx context.Context, refs []profile.Reference) []ports.Found {
	answers := make([]ports.Found, len(refs))
	byAccount := map[string][]int{}
	var accounts []string
	for i, ref := range refs {
		if byAccount[ref.Account] == nil {
			accounts = append(accounts, ref.Account)
		}
		byAccount[ref.Account] = append(byAccount[ref.Account], i)
	}
	for _, account := range accounts {
		indexes := byAccount[account]
		found, err := run(ctx, s, account, func(ctx context.Context, c client) ([]ports.Found, error) {
			return readAll(ctx, c, refs, indexes)
		})
		for n, i := range indexes {
			if err != nil {
				answers[i] = ports.Found{Err: err}
				continue
			}
			answers[i] = found[n]
		}
	}
	return answers
}

func readAll(ctx context.Context, c client, refs []profile.Reference, indexes []int) ([]ports.Found, error) {
	memory := &remembering{client: c, itemLists: map[string][]overview{}}
	found := make([]ports.Found, 0, len(indexes))
	for _, i := range indexes {
		s, err := read(ctx, memory, refs[i])
		if fault.CodeOf(err) == fault.OnePasswordSessionExpired {
			return nil, err
		}
		found = append(found, ports.Found{Secret: s, Err: err})
	}
	return found, nil
}
