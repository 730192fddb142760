package secretservice

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/godbus/dbus/v5"

	"jira-cli/adapters/keychain/patience"
	"jira-cli/ports"
)

// getAll reads the items of all keys. A key with several items, or with one
// that is locked, is read by itself.
func (l *link) getAll(op *patience.Op, keys []Key) ([]Answer, error) {
	items, err := l.index(op, keys)
	if err != nil {
		return nil, err
	}
	var wanted []dbus.ObjectPath
	for _, k := range keys {
		if len(items[k]) == 1 {
			wanted = append(wanted, items[k][0])
		}
	}
	secrets, err := l.secrets(op, wanted)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(keys))
	var missing []int
	for i, k := range keys {
		answers[i].Err = ports.ErrNotFound
		if len(items[k]) == 1 {
			if s, ok := secrets[items[k][0]]; ok {
				answers[i].Text, answers[i].Err = l.open(s)
				continue
			}
		}
		missing = append(missing, i)
	}
	return answers, l.getMissing(op, keys, answers, missing)
}

// together is how many secrets of the largest size fit into one message.
const together = 12

// secrets reads items, all asked for before the first answer is read.
func (l *link) secrets(op *patience.Op, items []dbus.ObjectPath) (map[dbus.ObjectPath]wireSecret, error) {
	var pending []<-chan *dbus.Call
	for some := range slices.Chunk(items, together) {
		pending = append(pending, l.send(op, root, serviceInterface+".GetSecrets", some, l.session))
	}
	all := map[dbus.ObjectPath]wireSecret{}
	for _, done := range pending {
		some := map[dbus.ObjectPath]wireSecret{}
		if err := receive(op, done, &some); err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	return all, nil
}

// index finds the open items of each key: one search per service, and all the
// attributes asked for before the first answer is read.
func (l *link) index(op *patience.Op, keys []Key) (map[Key][]dbus.ObjectPath, error) {
	found := map[Key][]dbus.ObjectPath{}
	seen := map[string]bool{}
	for _, k := range keys {
		if seen[k.Service] {
			continue
		}
		seen[k.Service] = true
		open, _, err := l.search(op, map[string]string{attrService: k.Service})
		if err != nil {
			return nil, err
		}
		pending := make([]<-chan *dbus.Call, len(open))
		for i, path := range open {
			pending[i] = l.send(op, path, properties+".Get", itemInterface, "Attributes")
		}
		for i, path := range open {
			attributes, err := attributesOf(op, pending[i])
			if err != nil {
				return nil, err
			}
			at := Key{k.Service, cmp.Or(attributes[attrUsername], attributes[attrAccount])}
			if owns(attributes, at) {
				found[at] = append(found[at], path)
			}
		}
	}
	return found, nil
}

// getMissing reads the rest one by one. What keeps the first from being read,
// such as a locked keyring, keeps the others too: a person is asked once.
func (l *link) getMissing(op *patience.Op, keys []Key, answers []Answer, missing []int) error {
	for n, i := range missing {
		text, err := l.get(op, keys[i])
		if errors.Is(err, errVanished) || errors.Is(err, errStale) {
			return err
		}
		answers[i] = Answer{Text: text, Err: err}
		if err != nil && !errors.Is(err, ports.ErrNotFound) {
			for _, j := range missing[n+1:] {
				answers[j].Err = err
			}
			return nil
		}
	}
	return nil
}
