//go:build cgo

package onepassword_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jira-cli/adapters/onepassword"
	"jira-cli/adapters/onepassword/optest"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// rich is an item as a person keeps it, with more than a token.
func rich(category string) optest.Item {
	section := "sec1"
	return optest.Item{
		Title: "Jira API token", Category: category,
		Fields: []optest.Field{
			{ID: "username", Title: "username", FieldType: "Text", Value: "john.doe@example.com"},
			{ID: "password", Title: "password", FieldType: "Concealed", Value: "the site's own password"},
			{ID: "f1", Title: "token", SectionID: &section, FieldType: "Text", Value: "old"},
			{ID: "f2", Title: "one-time password", SectionID: &section, FieldType: "Totp", Value: "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
				Details: map[string]any{"type": "Otp", "content": map[string]any{"code": "123456"}}},
			{ID: "f3", Title: "empty", SectionID: &section, FieldType: "Concealed"},
		},
		Sections: []optest.Section{{ID: section, Title: "Extras"}},
		Notes:    "line one\nline two", Tags: []string{"work", "jira"},
		Websites: []map[string]any{{"url": "https://example.atlassian.net", "label": "website", "autofillBehavior": "AnywhereOnWebsite"}},
		Files:    []map[string]any{{"attributes": map[string]any{"name": "a.txt", "id": "file1", "size": float64(3)}, "sectionId": section, "fieldId": "ff"}},
	}
}

// differs compares items but for what every change changes.
func differs(a, b optest.Item) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(optest.Item{}), cmpopts.IgnoreFields(optest.Item{}, "Version"))
}

func TestOnlyTheManagedFieldIsTouched(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	if _, err := app.AddItem("Work", rich("Login")); err != nil {
		t.Fatal(err)
	}
	before, err := app.Item("Work", "Jira API token")
	if err != nil {
		t.Fatal(err)
	}
	ref := reference("Jira API token")
	ref.Field = "Token"
	if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != "old" {
		t.Fatalf("Get gives %v, %v", got, err)
	}
	mustPut(t, store, ref)
	want := before
	want.Fields = append([]optest.Field{}, before.Fields...)
	want.Fields[2].Value, want.Fields[2].FieldType = token, "Concealed"
	after, err := app.Item("Work", "Jira API token")
	if d := differs(want, after); d != "" || err != nil {
		t.Errorf("after Put: %v %s", err, d)
	}
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	want.Fields[2].Value = ""
	after, err = app.Item("Work", "Jira API token")
	if d := differs(want, after); d != "" || err != nil {
		t.Errorf("after Delete: %v %s", err, d)
	}
}

func TestFieldsThatAreNotThere(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	if _, err := app.AddItem("Work", rich("Login")); err != nil {
		t.Fatal(err)
	}
	ref := reference("Jira API token")
	for _, name := range []string{"empty", "no such field"} {
		ref.Field = name
		_, err := store.Get(t.Context(), ref)
		if !errors.Is(err, ports.ErrFieldMissing) || err.Error() != "error resolving secret reference: the specified field cannot be found within the item" {
			t.Errorf("Get of %q: %v", name, err)
		}
		if err := store.Delete(t.Context(), ref); !errors.Is(err, ports.ErrFieldMissing) {
			t.Errorf("Delete of %q: %v", name, err)
		}
	}
	before, err := app.Item("Work", "Jira API token")
	if err != nil {
		t.Fatal(err)
	}
	ref.Field = "Jira: tökén 100%"
	mustPut(t, store, ref)
	if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != token {
		t.Errorf("Get gives %v, %v", got, err)
	}
	after, err := app.Item("Work", "Jira API token")
	if err != nil {
		t.Fatal(err)
	}
	made, ok := after.Field("Jira: tökén 100%")
	if !ok || made.FieldType != "Concealed" || made.SectionID == nil || *made.SectionID != "jira-cli" {
		t.Errorf("the new field is %+v", made)
	}
	after.Fields, after.Sections = after.Fields[:len(after.Fields)-1], after.Sections[:len(after.Sections)-1]
	if d := differs(before, after); d != "" {
		t.Errorf("the rest: %s", d)
	}
	ref.Field = "one-time password"
	isFault(t, "Put", store.Put(t.Context(), ref, secret.New(token)), fault.ArgumentInvalid, "concealed")
	isFault(t, "Delete", store.Delete(t.Context(), ref), fault.ArgumentInvalid, "concealed")
}

func TestFieldsOfOneName(t *testing.T) {
	app := start(t)
	it := rich("Login")
	it.Fields[4].Title = "Token"
	it.Fields[4].Value = "other"
	if _, err := app.AddItem("Work", it); err != nil {
		t.Fatal(err)
	}
	store := newStore(t, app, onepassword.Options{})
	ref := reference("Jira API token")
	for name, want := range map[string]string{"token": "old", "Token": "other", "f1": "old", "f3": "other"} {
		ref.Field = name
		if got, err := store.Get(t.Context(), ref); err != nil || got.Reveal() != want {
			t.Errorf("Get of %q gives %q, %v", name, got.Reveal(), err)
		}
	}
	ref.Field = "TOKEN"
	_, err := store.Get(t.Context(), ref)
	isFault(t, "Get", err, fault.OnePasswordItemAmbiguous, "config file")
}

// What is created, and which field is meant where none is named.
func TestDefaults(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{Version: "(devel) with+a very long version"})
	mustPut(t, store, reference("new"))
	it, err := app.Item("Work", "new")
	want := []optest.Field{{ID: "password", Title: "password", FieldType: "Concealed", Value: token}}
	if d := cmp.Diff(want, it.Fields); err != nil || it.Category != "Password" || d != "" {
		t.Errorf("created %s %v %s", it.Category, err, d)
	}
	ref := reference("with a field")
	ref.Field = "api token"
	mustPut(t, store, ref)
	if it, err = app.Item("Work", "with a field"); err != nil || it.Category != "ApiCredentials" || len(it.Fields) != 1 {
		t.Errorf("created %+v, %v", it, err)
	}
	byHand := optest.Item{Title: "by hand", Category: "ApiCredentials", Fields: []optest.Field{{ID: "credential", Title: "credential", FieldType: "Concealed", Value: "old"}}}
	if _, err := app.AddItem("Work", byHand); err != nil {
		t.Fatal(err)
	}
	mustPut(t, store, reference("by hand"))
	if it, err = app.Item("Work", "by hand"); err != nil || len(it.Fields) != 1 || it.Fields[0].Value != token {
		t.Errorf("by hand became %+v, %v", it.Fields, err)
	}
}

// Where 1Password insists on a value the field goes, and its item stays.
func TestClearingWhereAValueIsNeeded(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	ref := reference("strict")
	mustPut(t, store, ref)
	app.SetState(optest.Strict)
	if err := store.Delete(t.Context(), ref); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if it, err := app.Item("Work", "strict"); err != nil || len(it.Fields) != 0 {
		t.Errorf("the item has %v, %v", it.Fields, err)
	}
	if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrFieldMissing) {
		t.Errorf("Get: %v", err)
	}
	mustPut(t, store, ref)
}

// Taking a Put back removes the item that it made, into the archive, and of an
// item that somebody else made the field's value alone.
func TestUndo(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	ref := reference("made here")
	undo := func(what string) {
		t.Helper()
		if err := store.Undo(t.Context(), ref); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for range 2 {
		mustPut(t, store, ref)
		undo("an item made here")
		if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) || errors.Is(err, ports.ErrFieldMissing) {
			t.Errorf("afterwards Get gives %v", err)
		}
	}
	if archived, err := app.Archived("Work"); err != nil || len(archived) != 2 || archived[0].Fields[0].Value != "" {
		t.Errorf("the archive has %+v, %v", archived, err)
	}
	if err := store.Undo(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Undo of nothing: %v", err)
	}

	theirs := func(what, item string, want ...string) {
		t.Helper()
		ref = reference(item)
		mustPut(t, store, ref)
		undo(what)
		it, err := app.Item("Work", item)
		var values []string
		for _, f := range it.Fields {
			values = append(values, f.Value)
		}
		if d := cmp.Diff(want, values); err != nil || d != "" {
			t.Errorf("%s: %v %s", what, err, d)
		}
		if err := store.Undo(t.Context(), ref); !errors.Is(err, ports.ErrFieldMissing) {
			t.Errorf("%s: a second Undo: %v", what, err)
		}
	}
	if _, err := app.AddItem("Work", optest.Item{Title: "empty"}); err != nil {
		t.Fatal(err)
	}
	theirs("an item that a person made", "empty", "")
	mustPut(t, newStore(t, app, onepassword.Options{}), reference("other process"))
	theirs("an item that another process made", "other process", "")

	mustPut(t, store, reference("used since"))
	if _, err := app.Control([]string{"set", "Work", "used since", "note", "mine"}); err != nil {
		t.Fatal(err)
	}
	theirs("an item that a person has used since", "used since", "", "mine")
}

// What stands in the way of an Undo is reported, and it can be done again.
func TestUndoThatFails(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	ref := reference("made here")
	mustPut(t, store, ref)
	for _, method := range []string{"ItemsPut", "ItemsArchive"} {
		app.Fail(method, "Item", "you don't have the right permissions to execute this request")
		isFault(t, method, store.Undo(t.Context(), ref), fault.OnePasswordVaultNotFound, "write access")
		app.Fail(method, "", "")
	}
	app.Before("ItemsArchive", func() { // somebody else is faster
		app.Before("ItemsArchive", nil)
		if err := app.Archive("Work", "made here"); err != nil {
			t.Error(err)
		}
	})
	if err := store.Undo(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Undo beside another: %v", err)
	}
}

// A person and this program change one item at the same time: neither change is
// lost.
func TestConflict(t *testing.T) {
	app := start(t)
	store := newStore(t, app, onepassword.Options{})
	ref := reference("Jira API token")
	if _, err := app.AddItem("Work", rich("Login")); err != nil {
		t.Fatal(err)
	}
	edited := false
	app.Before("ItemsPut", func() {
		if !edited {
			edited = true
			if err := app.Edit("Work", "Jira API token", func(it *optest.Item) { it.Notes = "edited" }); err != nil {
				t.Error(err)
			}
		}
	})
	mustPut(t, store, ref)
	it, err := app.Item("Work", "Jira API token")
	if f, _ := it.Field("password"); err != nil || it.Notes != "edited" || f.Value != token {
		t.Errorf("the item is %+v, %v", it, err)
	}
	app.Before("ItemsGet", func() {
		if err := app.RemoveVault("Work"); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.Get(t.Context(), ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Get of an item that went meanwhile: %v", err)
	}
	app.AddVault(account, "Work")
	app.Before("ItemsList", func() { _ = app.RemoveVault("Work") })
	_, err = store.Get(t.Context(), ref)
	isFault(t, "Get in a vault that went meanwhile", err, fault.OnePasswordVaultNotFound, "--vault")
}
