package portstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jira-cli/domain/profile"
	"jira-cli/ports"
)

// errEnded is a cause that no adapter can have made itself.
var errEnded = errors.New("the caller has seen enough")

// isCause demands the cause of the ended context.
func isCause(t *testing.T, call string, err error) {
	t.Helper()
	if !errors.Is(err, errEnded) {
		t.Errorf("%s under an ended context: %v, want its cause", call, err)
	}
}

func testEndedContext(t *testing.T, h *storeCase) {
	ref := h.Reference(0)
	h.give(ref, token("kept"))
	ctx, cancel := context.WithCancelCause(h.ctx)
	cancel(errEnded)
	got, err := h.Store.Get(ctx, ref)
	isCause(t, "Get", err)
	if !got.IsZero() {
		t.Error("Get returned a secret under an ended context")
	}
	isCause(t, "Probe", h.Store.Probe(ctx))
	_, err = h.Store.Locate(ctx, ref)
	isCause(t, "Locate", err)
	if !h.Store.Traits().ReadOnly {
		err := h.Store.Put(ctx, ref, token("unwanted"))
		isCause(t, "Put", err)
		silentAbout(t, err, token("unwanted"))
		isCause(t, "Delete", h.Store.Delete(ctx, ref))
	}
	if bulk, ok := h.Store.(ports.BulkReader); ok {
		for _, found := range bulk.GetAll(ctx, []profile.Reference{ref, h.Reference(1)}) {
			isCause(t, "GetAll", found.Err)
		}
	}
	h.holds(h.Store, ref, token("kept"))
}

// testSilent ends the context while the backend is being waited for.
func testSilent(t *testing.T, h *storeCase) {
	if h.Silent == nil {
		return // a technology that answers by itself has nothing to wait for
	}
	ref := h.Reference(0)
	calls := map[string]func(context.Context, ports.SecretStore) error{
		"Get":   func(ctx context.Context, s ports.SecretStore) error { _, err := s.Get(ctx, ref); return err },
		"Probe": func(ctx context.Context, s ports.SecretStore) error { return s.Probe(ctx) },
	}
	if !h.Store.Traits().ReadOnly {
		calls["Put"] = func(ctx context.Context, s ports.SecretStore) error { return s.Put(ctx, ref, token("late")) }
		calls["Delete"] = func(ctx context.Context, s ports.SecretStore) error { return s.Delete(ctx, ref) }
	}
	for name, call := range calls {
		store := h.Silent(t)
		ctx, cancel := context.WithCancelCause(h.ctx)
		stop := time.AfterFunc(20*time.Millisecond, func() { cancel(errEnded) })
		done := make(chan error, 1)
		go func() { done <- call(ctx, store) }()
		select {
		case err := <-done:
			// A probe may find its answer without the backend, and be done
			// before the context is.
			if name != "Probe" || ctx.Err() != nil {
				isCause(t, name, err)
			}
			silentAbout(t, err, token("late"))
		case <-time.After(patience):
			t.Fatalf("%s outlives its context", name)
		}
		stop.Stop()
		cancel(nil)
	}
}

func testTwoHandles(t *testing.T, h *storeCase) {
	ref := h.Reference(0)
	h.put(h.Store, ref, token("one"))
	h.holds(h.Other, ref, token("one"))
	h.put(h.Other, ref, token("two"))
	h.holds(h.Store, ref, token("two"))
	if err := h.Other.Delete(h.ctx, ref); err != nil {
		t.Fatalf("Delete through the other handle: %v", err)
	}
	h.absent(h.Store, ref, true)
}

// together runs n functions at once and fails the test with their first error.
func together(t *testing.T, n int, run func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = run(i)
		})
	}
	close(start)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func testReaders(t *testing.T, h *storeCase) {
	h.give(h.Reference(0), token("shared"))
	together(t, 8, func(int) error {
		got, err := h.Store.Get(h.ctx, h.Reference(0))
		if err == nil && !got.Equal(token("shared")) {
			return errors.New("a reader got another text")
		}
		return err
	})
}

func testManySlots(t *testing.T, h *storeCase) {
	const n = 12
	together(t, n, func(i int) error {
		store := h.Store
		if i%2 == 1 {
			store = h.Other
		}
		for _, mark := range []string{"old", "new"} {
			if err := store.Put(h.ctx, h.Reference(i), token(fmt.Sprint(mark, i))); err != nil {
				return fmt.Errorf("put %d: %w", i, err)
			}
		}
		if i%3 == 0 {
			if err := store.Delete(h.ctx, h.Reference(i)); err != nil {
				return fmt.Errorf("delete %d: %w", i, err)
			}
		}
		return nil
	})
	for i := range n {
		if i%3 == 0 {
			h.absent(h.Other, h.Reference(i), true)
			continue
		}
		h.holds(h.Store, h.Reference(i), token(fmt.Sprint("new", i)))
	}
}

// testOneSlot has writers race for one slot: every read gives one of the texts,
// whole.
func testOneSlot(t *testing.T, h *storeCase) {
	ref := h.Reference(0)
	h.put(h.Store, ref, token("0"))
	whole := func(store ports.SecretStore) error {
		got, err := store.Get(h.ctx, ref)
		if err != nil {
			return fmt.Errorf("get: %w", err)
		}
		for i := range 8 {
			if got.Equal(token(fmt.Sprint(i))) {
				return nil
			}
		}
		return errors.New("a reader got a text that nobody stored")
	}
	together(t, 8, func(i int) error {
		store := h.Store
		if i%2 == 1 {
			store = h.Other
		}
		if err := store.Put(h.ctx, ref, token(fmt.Sprint(i))); err != nil {
			return fmt.Errorf("put: %w", err)
		}
		return whole(store)
	})
	if err := whole(h.Store); err != nil {
		t.Fatal(err)
	}
	if err := h.Store.Delete(h.ctx, ref); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	h.absent(h.Other, ref, true) // not a copy stayed behind
}
