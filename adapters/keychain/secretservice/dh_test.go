package secretservice

import (
	"bytes"
	"math/big"
	"strings"
	"testing"
)

func TestBothSidesAgree(t *testing.T) {
	seen := map[string]bool{}
	for range 8 {
		a, err := newExchange()
		if err != nil {
			t.Fatal(err)
		}
		b, err := newExchange()
		if err != nil {
			t.Fatal(err)
		}
		ours, err := a.agree(b.public())
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := b.agree(a.public())
		if err != nil || !bytes.Equal(ours, theirs) || len(ours) != 16 {
			t.Fatalf("the keys %x and %x differ: %v", ours, theirs, err)
		}
		seen[string(ours)] = true
	}
	if len(seen) != 8 {
		t.Error("a key was agreed on twice")
	}
}

// Public keys for which the shared secret is no secret are refused.
func TestTrivialPublicKeysAreRefused(t *testing.T) {
	e, err := newExchange()
	if err != nil {
		t.Fatal(err)
	}
	below := new(big.Int).Sub(e.prime, big.NewInt(1))
	for name, public := range map[string][]byte{
		"none": nil, "zero": {0}, "one": {1}, "minus one": below.Bytes(), "the prime": e.prime.Bytes(), "huge": bytes.Repeat([]byte{0xff}, 4096),
	} {
		if key, err := e.agree(public); err == nil {
			t.Errorf("%s: agreed on %x", name, key)
		}
	}
}

func TestEncryption(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 16)
	for n := range 50 {
		text := []byte(strings.Repeat("s", n))
		iv, data, err := encrypt(key, text)
		if err != nil {
			t.Fatal(err)
		}
		if len(data)%16 != 0 || len(data) <= n || n > 4 && bytes.Contains(data, text) {
			t.Fatalf("%d bytes became %x", n, data)
		}
		if got, err := decrypt(key, iv, data); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("%d bytes came back as %q, %v", n, got, err)
		}
	}
}

func TestGarbledSecretsAreRefused(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 16)
	iv, data, err := encrypt(key, []byte("a text of more than one block"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ iv, data []byte }{
		"no vector": {nil, data}, "short vector": {iv[:8], data}, "nothing": {iv, nil}, "half a block": {iv, data[:24]},
		"another key's": {iv, bytes.Repeat([]byte{1}, 32)},
	} {
		if text, err := decrypt(key, c.iv, c.data); err == nil {
			t.Errorf("%s: read as %q", name, text)
		}
	}
}
