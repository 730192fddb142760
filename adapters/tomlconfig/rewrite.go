package tomlconfig

import (
	"bytes"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// draft is a text on its way from what it said to what it is to say. The tree
// goes the same way by other means, to check the text against.
type draft struct {
	text []byte
	tree map[string]any
}

func (d *draft) change(changes []edit.Change) error {
	for _, c := range changes {
		text, err := c.Apply(d.text)
		if err != nil {
			return cannotEdit(err)
		}
		d.text = text
		c.ApplyTree(d.tree)
	}
	return nil
}

// rewrite returns the text changed so that it says what c says. Errors are
// *invalid where the text is broken, ConfigWriteFailed where the change
// cannot be made in it, and InternalError where the text would not say what c says.
func rewrite(text []byte, c profile.Config) ([]byte, error) {
	want := c.Complete()
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	old, err := decodeDocument(doc)
	if err != nil {
		return nil, err
	}
	if old.Equal(want) {
		return text, nil
	}
	body := bytes.TrimPrefix(text, bom)
	d := &draft{text: body, tree: doc.Tree()}
	if err := d.rename(&old, want); err != nil {
		return nil, err
	}
	if err := d.change(plan(d.tree, old, want)); err != nil {
		return nil, err
	}
	if err := d.verify(want); err != nil {
		return nil, err
	}
	return append(text[:len(text)-len(body):len(text)-len(body)], d.text...), nil
}

// rename brings the set of names from old to want but for new ones, and old to
// what the text says then: a renamed profile has other defaults.
func (d *draft) rename(old *profile.Config, want profile.Config) error {
	changes := renames(*old, want)
	if len(changes) == 0 {
		return nil
	}
	if err := d.change(changes); err != nil {
		return err
	}
	doc, err := parse(d.text)
	if err != nil {
		return cannotEdit(err)
	}
	if *old, err = decodeDocument(doc); err != nil {
		return cannotEdit(err)
	}
	return nil
}

// verify is the last word: the text must decode to what is wanted, and to the
// old document but for the changes.
func (d *draft) verify(want profile.Config) error {
	doc, err := parse(d.text)
	if err != nil {
		return cannotEdit(err)
	}
	got, err := decodeDocument(doc)
	if err != nil {
		return cannotEdit(err)
	}
	if !got.Equal(want) {
		return fault.New(fault.InternalError, "internal error: the config would not read back as it is; nothing was written")
	}
	if !edit.SameTree(withoutEmpty(doc.Tree()), withoutEmpty(d.tree)) {
		return cannotEdit(nil)
	}
	return nil
}

// withoutEmpty drops a table of profiles that has none: it goes with the last
// profile or stays, as its header does.
func withoutEmpty(tree map[string]any) map[string]any {
	if table, ok := tree["profiles"].(map[string]any); ok && len(table) == 0 {
		delete(tree, "profiles")
	}
	return tree
}

func cannotEdit(cause error) error {
	return fault.Wrap(cause, fault.ConfigWriteFailed, "the change cannot be made in the config file without changing more; nothing was written").
		WithHint("make the change by hand, or rewrite the table in plain [profiles.NAME] form")
}
