package portstest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/domain/secret"
	"jira-cli/ports"
)

// SecretStoreHarness is one store under test, with nothing at its references.
type SecretStoreHarness struct {
	// Store is the store under test.
	Store ports.SecretStore

	// Reference returns a reference of the backend that holds nothing yet;
	// different indexes mean different slots, the same index the same one.
	Reference func(i int) profile.Reference

	// Other is a second handle onto the same storage, as another process would
	// have it. Required, except for a store that only reads.
	Other ports.SecretStore

	// Plant puts a secret where a store that only reads will find it. Required
	// for those, unused for others.
	Plant func(t *testing.T, ref profile.Reference, s secret.Secret)

	// Alias, where a backend has several spellings of one slot, returns another
	// one than Reference(i) does. It is called once the slot holds a secret.
	Alias func(t *testing.T, i int) profile.Reference

	// AbsentCode is the code of Get's error for an absent secret where the
	// technology cannot tell absence from failure; "" where it can, and
	// ErrNotFound is demanded.
	AbsentCode fault.Code

	// Silent, where the store's backend can fail to answer, returns a store whose
	// backend never does, with a bound that does not end during the test.
	Silent func(t *testing.T) ports.SecretStore
}

// patience is how long the suite waits for what must come promptly. It guards
// against hanging and measures nothing.
const patience = 30 * time.Second

// TestSecretStore demands of a store what ports.SecretStore promises. newHarness
// is called once per case.
func TestSecretStore(t *testing.T, newHarness func(t *testing.T) SecretStoreHarness) {
	t.Helper()
	cases := []struct {
		name string
		run  func(t *testing.T, h *storeCase)
	}{
		{"absent", testAbsent},
		{"texts", testTexts},
		{"locate", testLocate},
		{"aliases", testAliases},
		{"probe", testProbe},
		{"ended context", testEndedContext},
		{"silent backend", testSilent},
		{"bulk", testBulk},
		{"many readers", testReaders},
	}
	writing := []struct {
		name string
		run  func(t *testing.T, h *storeCase)
	}{
		{"overwrite", testOverwrite},
		{"delete", testDelete},
		{"undo", testUndo},
		{"limit", testLimit},
		{"two handles", testTwoHandles},
		{"many slots at once", testManySlots},
		{"one slot at once", testOneSlot},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, newStoreCase(t, newHarness(t))) })
	}
	if newHarness(t).Store.Traits().ReadOnly {
		t.Run("refuses writing", func(t *testing.T) { testRefusesWriting(t, newStoreCase(t, newHarness(t))) })
		return
	}
	for _, c := range writing {
		t.Run(c.name, func(t *testing.T) { c.run(t, newStoreCase(t, newHarness(t))) })
	}
}

// storeCase is a harness whose every error is checked for a secret and for its
// taxonomy before a case looks at it.
type storeCase struct {
	SecretStoreHarness
	t   *testing.T
	ctx context.Context
}

func newStoreCase(t *testing.T, h SecretStoreHarness) *storeCase {
	t.Helper()
	traits := h.Store.Traits()
	if traits.ReadOnly && h.Plant == nil {
		t.Fatal("the harness of a store that only reads lacks Plant")
	}
	if !traits.ReadOnly && h.Other == nil {
		t.Fatal("the harness lacks Other")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	t.Cleanup(cancel)
	return &storeCase{SecretStoreHarness: h, t: t, ctx: ctx}
}

// token returns a sample token with a mark of its own.
func token(mark string) secret.Secret {
	return secret.New("ATATT3xFfGF0-example-" + mark + "-ABCD")
}

// give makes the slot hold the secret by whatever way there is.
func (h *storeCase) give(ref profile.Reference, s secret.Secret) {
	h.t.Helper()
	if h.Store.Traits().ReadOnly {
		h.Plant(h.t, ref, s)
		return
	}
	h.put(h.Store, ref, s)
}

func (h *storeCase) put(store ports.SecretStore, ref profile.Reference, s secret.Secret) {
	h.t.Helper()
	if err := store.Put(h.ctx, ref, s); err != nil {
		h.t.Fatalf("Put: %v", err)
	}
}

// holds demands that a read through the store gives exactly the secret.
func (h *storeCase) holds(store ports.SecretStore, ref profile.Reference, want secret.Secret) {
	h.t.Helper()
	got, err := store.Get(h.ctx, ref)
	if err != nil {
		h.t.Fatalf("Get: %v, want a secret of %d bytes", err, want.Len())
	}
	if !got.Equal(want) {
		h.t.Fatalf("Get returned %d bytes, not the %d that were stored, or others", got.Len(), want.Len())
	}
}

// absent demands that a read says "nothing there"; cleared tells that it was
// there before.
func (h *storeCase) absent(store ports.SecretStore, ref profile.Reference, cleared bool) {
	h.t.Helper()
	got, err := store.Get(h.ctx, ref)
	h.isAbsence(err, cleared)
	if !got.IsZero() {
		h.t.Error("Get returned a secret together with an error")
	}
}

func (h *storeCase) isAbsence(err error, cleared bool) {
	h.t.Helper()
	if h.AbsentCode != "" {
		h.code(err, h.AbsentCode)
		return
	}
	if !errors.Is(err, ports.ErrNotFound) {
		h.t.Fatalf("the error is %v, want ErrNotFound", err)
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		h.t.Errorf("absence is reported as the fault %s: that is a failure", f.Code)
	}
	if want := cleared && h.Store.Traits().KeepsItem; errors.Is(err, ports.ErrFieldMissing) != want {
		h.t.Errorf("the error is %v; ErrFieldMissing wanted: %v", err, want)
	}
}

// code demands a fault of the code.
func (h *storeCase) code(err error, want fault.Code) {
	h.t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != want {
		h.t.Errorf("the error is %v (%T), want code %s", err, err, want)
		return
	}
	if f.Message == "" || strings.ContainsAny(f.Message, "\r\n") || strings.HasSuffix(f.Message, ".") {
		h.t.Errorf("the message %q is not one line without a period", f.Message)
	}
}

// silentAbout demands that neither the error nor anything it wraps shows the secret.
func silentAbout(t *testing.T, err error, s secret.Secret) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		text := fmt.Sprintf("%v %+v %#v", e, e, e)
		if f, ok := e.(*fault.Fault); ok {
			text += f.Hint + fmt.Sprintf("%+v", f.Details)
		}
		if strings.Contains(text, s.Reveal()) {
			t.Errorf("an error of type %T shows the secret", e)
		}
	}
}
