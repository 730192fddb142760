package scrub

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// needle is a form of a secret, folded as the views of a text are.
type needle struct {
	text string

	// How many characters of Base64 before and after it hold some bits of the
	// secret beside bits of its neighbours.
	before, after int
	padded        bool // '=' may follow
}

// needlesOf returns the forms that are looked for within a text: the secret
// plain, in hexadecimal, and in Base64 at each of the three places at which it
// can begin. The views of the text see to escapes, case, alphabet and wrapping.
// A secret that contains what looks like an escape is undone as often as a view
// undoes its text.
func needlesOf(secret string) []needle {
	var found []needle
	add := func(n needle) {
		if n.text = foldText(n.text); len(n.text) >= minNeedle {
			found = append(found, n)
		}
	}
	plain := viewOf(secret)
	for round := 0; ; round++ {
		add(needle{text: string(plain.bytes)})
		next, changed := plain.unescape()
		if !changed || round == rounds {
			break
		}
		plain = next
	}
	add(needle{text: hex.EncodeToString([]byte(secret))})
	for shift := range 3 {
		add(base64At(secret, shift))
	}
	return found
}

// base64At is the Base64 of a secret that follows shift bytes, without the
// characters that depend on its neighbours.
func base64At(secret string, shift int) needle {
	n := needle{padded: true}
	all := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), secret...))
	skip := []int{0, 2, 3}[shift]
	if shift > 0 {
		n.before = 1
	}
	if (shift+len(secret))%3 != 0 {
		n.after = 1
	}
	n.text = all[skip : len(all)-n.after]
	return n
}

// extend returns the part of a folded text that a needle found at a place stands
// for.
func (n needle) extend(body string, at int) (from, to int) {
	from, to = max(at-n.before, 0), min(at+len(n.text)+n.after, len(body))
	for i := 0; n.padded && i < 2 && to < len(body) && body[to] == '='; i++ {
		to++
	}
	return from, to
}

// wholeForms are those of a short secret: plain, Base64 and hexadecimal.
func wholeForms(secret string) []string {
	raw := []byte(secret)
	return []string{
		secret, strings.TrimSpace(secret),
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
	}
}
