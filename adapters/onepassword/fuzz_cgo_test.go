//go:build cgo

package onepassword_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"jira-cli/adapters/onepassword"
	"jira-cli/adapters/onepassword/optest"
	"jira-cli/adapters/onepassword/optest/hook"
	"jira-cli/domain/fault"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

var methods = []string{"init_client", "VaultsList", "ItemsList", "ItemsGet", "ItemsPut", "ItemsCreate", "ItemsArchive"}

// FuzzReplies has the library return foreign bytes, raw or as the payload of a
// well-formed success or failure, for one method at a time, through the real
// SDK: each operation ends with a result or with a code of the table, and
// nothing panics.
func FuzzReplies(f *testing.F) {
	for i := range methods {
		for kind := range 3 {
			for _, data := range []string{"", "null", "1", `"x"`, "{}", "[]", "[{}]", "[null]", "\xff\x00\x1b[2J",
				`{"success":true,"payload":[49]}`, `{"success":true}`, `{"success":false}`, `{"success":false,"payload":"WA=="}`,
				`{"name":"Item","message":"item is locked"}`, `{"name":"DesktopSessionExpired","message":""}`, `{"name":"RateLimitExceeded"}`,
				`{"id":"a","fields":[{"id":"password","fieldType":"Totp","details":{"type":"Otp","content":null}}]}`,
				`{"id":"a","fields":[{"id":"password","details":{"type":"Nope","content":{}}}],"createdAt":"never"}`,
				"18446744073709551616", strings.Repeat("[", 20000)} {
				f.Add(i, kind, []byte(data))
			}
		}
	}
	app := optest.Start(f)
	if _, err := app.AddItem("Work", optest.Item{Title: "there", Fields: []optest.Field{{ID: "password", Title: "password", FieldType: "Concealed", Value: token}}}); err != nil {
		f.Fatal(err)
	}
	if err := hook.Load(app.Library(), account); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(hook.Unload)
	f.Fuzz(func(t *testing.T, method, kind int, data []byte) {
		name := methods[uint(method)%uint(len(methods))]
		app.Reply(name, reply(t, uint(kind)%3, data))
		defer app.Reply(name, nil)
		store, err := onepassword.New(onepassword.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = store.Get(t.Context(), reference("there"))
		acceptable(t, "Get", err)
		acceptable(t, "Put", store.Put(t.Context(), reference("there"), secret.New(token)))
		acceptable(t, "Put of a new one", store.Put(t.Context(), reference("new"), secret.New(token)))
		acceptable(t, "Undo", store.Undo(t.Context(), reference("new")))
		acceptable(t, "Delete", store.Delete(t.Context(), reference("there")))
		_, err = store.Locate(t.Context(), reference("there"))
		acceptable(t, "Locate", err)
	})
}

// reply wraps the bytes: raw, as a success, as a failure.
func reply(t *testing.T, kind uint, data []byte) []byte {
	t.Helper()
	if kind == 0 {
		return append([]byte{}, data...)
	}
	whole, err := json.Marshal(map[string]any{"success": kind == 1, "payload": data})
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

func acceptable(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || errors.Is(err, ports.ErrNotFound) {
		return
	}
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code == fault.InternalError || fault.Lookup(f.Code).Code != f.Code {
		t.Fatalf("%s: %v (%T, code %s)", what, err, err, fault.CodeOf(err))
	}
	bad := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if f.Message == "" || !utf8.ValidString(f.Message) || strings.IndexFunc(f.Message, bad) >= 0 || utf8.RuneCountInString(f.Message) > onepassword.MaxText+200 {
		t.Fatalf("%s: the message is %q", what, f.Message)
	}
	if strings.Contains(f.Message, token) {
		t.Fatalf("%s: the message shows the token", what)
	}
}
