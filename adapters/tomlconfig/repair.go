package tomlconfig

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/fault"
	"jira-cli/ports"
)

var _ ports.ConfigRepairer = (*transaction)(nil)

// Repair implements ports.ConfigRepairer. What else is wrong in the file stays,
// so that several values can be repaired one after the other.
func (t *transaction) Repair(ctx context.Context, key, value string) error {
	if t.lock == nil {
		return fault.New(fault.InternalError, "the config was saved after its lock was released")
	}
	text, err := read(ctx, t.target)
	if err != nil {
		return err
	}
	repaired, err := repair(text, strings.Split(key, "."), value)
	if err != nil {
		return inFile(t.path, err)
	}
	return t.replace(ctx, text, repaired)
}

// repair returns the text with another value at a path, provided that this value
// was wrong and no longer is.
func repair(text []byte, path []string, value string) ([]byte, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, err
	}
	_, err = decodeDocument(doc)
	if err == nil || !wrongAt(doc, path) {
		return nil, err
	}
	var literal any = value
	if path[0] == "no_input" || path[0] == "no_color" {
		literal = value == "true"
	}
	body := bytes.TrimPrefix(text, bom)
	d := &draft{text: body, tree: doc.Tree()}
	if err := d.change([]edit.Change{{Op: edit.Set, Path: path, Value: literal}}); err != nil {
		return nil, err
	}
	got, err := parse(d.text)
	if err != nil || wrongAt(got, path) || !edit.SameTree(got.Tree(), d.tree) {
		return nil, cannotEdit(err)
	}
	return append(text[:len(text)-len(body):len(text)-len(body)], d.text...), nil
}

// wrongAt reports whether the value at a path is one of those that a document
// is refused for.
func wrongAt(doc *edit.Document, path []string) bool {
	return slices.ContainsFunc(problemsOf(doc), func(p problem) bool { return slices.Equal(p.path, path) })
}

// repairCommand is the command that repairs the value at a path, "" where there
// is none.
func repairCommand(path []string) string {
	example := ""
	switch key := path[len(path)-1]; {
	case len(path) == 1:
		example = map[string]string{"default_profile": "default", "output": "human", "timeout": "30s", "no_input": "false", "no_color": "false"}[key]
	case len(path) == 3 && path[0] == "profiles":
		example = map[string]string{"base_url": "https://example.atlassian.net", "email": "john.doe@example.com"}[key]
	}
	if example == "" {
		return ""
	}
	return "jira config set " + strings.Join(path, ".") + " " + example
}
