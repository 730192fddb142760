package portstest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

func testAbsent(t *testing.T, h *storeCase) {
	h.absent(h.Store, h.Reference(0), false)
	h.give(h.Reference(1), token("neighbour"))
	h.absent(h.Store, h.Reference(0), false)
}

// testUndo demands that a Put which is taken back leaves no trace, and that its
// Delete may.
func testUndo(t *testing.T, h *storeCase) {
	undoer, ok := h.Store.(ports.Undoer)
	if !ok {
		return // a store whose Delete leaves nothing behind needs no other way back
	}
	ref, neighbour := h.Reference(0), h.Reference(1)
	h.put(h.Store, neighbour, token("stays"))
	for range 2 {
		h.put(h.Store, ref, token("undone"))
		if err := undoer.Undo(h.ctx, ref); err != nil {
			t.Fatalf("Undo: %v", err)
		}
		h.absent(h.Store, ref, false)
		h.absent(h.Other, ref, false)
	}
	h.holds(h.Store, neighbour, token("stays"))
	if err := undoer.Undo(h.ctx, ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("Undo of nothing: %v, want ErrNotFound", err)
	}
}

// longToken is a token of 4 KiB, or the longest that the store takes.
func (h *storeCase) longToken() secret.Secret {
	size := 4 << 10
	if limit := h.Store.Traits().MaxBytes; limit > 0 {
		size = min(size, limit)
	}
	return secret.New(strings.Repeat("ATATT3xFfGF0+/=_", size/16+1)[:size])
}

func testTexts(t *testing.T, h *storeCase) {
	texts := []secret.Secret{
		token("plain"),
		secret.New("pässwörd-ключ-鍵-🔑-e\u0301"),
		secret.New(`a b"c'd\e$f%20{g}<h>&;|i` + "`j`k"),
		secret.New("x"),
		secret.New("go-keyring-base64:QUJDRA=="),
		secret.New("=" + strings.Repeat("0", 40) + "="),
		h.longToken(),
	}
	for i, s := range texts {
		h.give(h.Reference(i), s)
	}
	for i, s := range texts {
		h.holds(h.Store, h.Reference(i), s)
	}
}

func testOverwrite(t *testing.T, h *storeCase) {
	ref := h.Reference(0)
	for _, s := range []secret.Secret{token("first"), h.longToken(), secret.New("short"), secret.New("short")} {
		h.put(h.Store, ref, s)
		h.holds(h.Store, ref, s)
		h.holds(h.Other, ref, s)
	}
}

func testDelete(t *testing.T, h *storeCase) {
	ref, neighbour := h.Reference(0), h.Reference(1)
	err := h.Store.Delete(h.ctx, ref)
	h.isAbsence(err, false)
	h.put(h.Store, ref, token("gone"))
	h.put(h.Store, neighbour, token("stays"))
	if err := h.Store.Delete(h.ctx, ref); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	h.absent(h.Store, ref, true)
	h.absent(h.Other, ref, true)
	h.holds(h.Store, neighbour, token("stays"))
	if err := h.Store.Delete(h.ctx, ref); !errors.Is(err, ports.ErrNotFound) {
		t.Errorf("the second Delete: %v, want ErrNotFound", err)
	}
	h.put(h.Store, ref, token("again"))
	h.holds(h.Store, ref, token("again"))
}

func testLimit(t *testing.T, h *storeCase) {
	limit := h.Store.Traits().MaxBytes
	if limit == 0 {
		limit = secret.MaxBytes
	}
	largest := secret.New(strings.Repeat("l", limit))
	h.put(h.Store, h.Reference(0), largest)
	h.holds(h.Store, h.Reference(0), largest)

	tooLarge := secret.New(strings.Repeat("t", limit+1))
	fresh, taken := h.Reference(1), h.Reference(2)
	h.put(h.Store, taken, token("old"))
	for _, ref := range []profile.Reference{fresh, taken} {
		err := h.Store.Put(h.ctx, ref, tooLarge)
		h.code(err, fault.SecretTooLarge)
		silentAbout(t, err, tooLarge)
	}
	h.absent(h.Store, fresh, false)
	h.holds(h.Store, taken, token("old"))
}

func (h *storeCase) locate(store ports.SecretStore, ref profile.Reference) ports.Slot {
	h.t.Helper()
	slot, err := store.Locate(h.ctx, ref)
	if err != nil {
		h.t.Fatalf("Locate: %v", err)
	}
	if slot == "" {
		h.t.Fatal("Locate returned an empty slot")
	}
	return slot
}

func testLocate(t *testing.T, h *storeCase) {
	a, b := h.Reference(0), h.Reference(1)
	different := func() {
		t.Helper()
		if h.locate(h.Store, a) == h.locate(h.Store, b) {
			t.Error("two references have one slot")
		}
		if first, again := h.locate(h.Store, a), h.locate(h.Store, a); first != again {
			t.Error("one reference has two slots")
		}
	}
	before := h.locate(h.Store, a)
	different()
	h.absent(h.Store, a, false)
	h.give(a, token("a"))
	different()
	h.give(b, token("b"))
	different()
	if h.Other != nil && h.locate(h.Store, a) != h.locate(h.Other, a) {
		t.Error("two handles disagree about a slot")
	}
	// A place that names items gets an identity only once the item exists.
	if !h.Store.Traits().KeepsItem && h.locate(h.Store, a) != before {
		t.Error("writing changed the slot")
	}
}

func testAliases(t *testing.T, h *storeCase) {
	ref := h.Reference(0)
	h.give(ref, token("alias"))
	respelled := ref
	if h.Alias != nil {
		respelled = h.Alias(t, 0)
	}
	respelled.Site = "https://elsewhere.example.net" // no part of where the secret is
	if h.locate(h.Store, ref) != h.locate(h.Store, respelled) {
		t.Error("two spellings of one slot are located apart")
	}
	h.holds(h.Store, respelled, token("alias"))
	if h.Store.Traits().ReadOnly {
		return
	}
	h.put(h.Store, respelled, token("through the other"))
	h.holds(h.Store, ref, token("through the other"))
}

func testProbe(t *testing.T, h *storeCase) {
	for range 2 {
		if err := h.Store.Probe(h.ctx); err != nil {
			t.Fatalf("Probe: %v", err)
		}
	}
	h.absent(h.Store, h.Reference(0), false)
}

func testBulk(t *testing.T, h *storeCase) {
	bulk, ok := h.Store.(ports.BulkReader)
	if !ok {
		return // reading many at once is optional; the callers ask for each then
	}
	const n = 12
	refs := make([]profile.Reference, 0, n+1)
	for i := range n {
		refs = append(refs, h.Reference(i))
		if i%3 != 0 {
			h.give(refs[i], token(fmt.Sprint(i)))
		}
	}
	refs = append(refs, refs[1]) // the same one twice
	found := bulk.GetAll(h.ctx, refs)
	if len(found) != len(refs) {
		t.Fatalf("GetAll gave %d answers to %d references", len(found), len(refs))
	}
	for i, f := range found {
		switch {
		case i < n && i%3 == 0:
			h.isAbsence(f.Err, false)
			if !f.Secret.IsZero() {
				t.Errorf("answer %d has a secret and an error", i)
			}
		case f.Err != nil:
			t.Errorf("answer %d: %v", i, f.Err)
		case !f.Secret.Equal(token(fmt.Sprint(max(1, i%n)))):
			t.Errorf("answer %d is not the secret of its reference", i)
		}
	}
	if got := bulk.GetAll(h.ctx, nil); len(got) != 0 {
		t.Errorf("GetAll gave %d answers to no reference", len(got))
	}
}

func testRefusesWriting(t *testing.T, h *storeCase) {
	taken, fresh := h.Reference(0), h.Reference(1)
	h.give(taken, token("kept"))
	for _, ref := range []profile.Reference{taken, fresh} {
		err := h.Store.Put(h.ctx, ref, token("new"))
		h.code(err, fault.BackendReadOnly)
		silentAbout(t, err, token("new"))
		h.code(h.Store.Delete(h.ctx, ref), fault.BackendReadOnly)
	}
	h.holds(h.Store, taken, token("kept"))
	h.absent(h.Store, fresh, false)
}
