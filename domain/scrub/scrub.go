// Package scrub removes secrets from text that came from elsewhere: from a
// server, a proxy, a certificate or a child process. It is the one place that
// knows in which forms such a text may repeat a secret. It does not make the
// text fit for a terminal; package text does, after it. Nor does it bound the
// text: a cut that comes first can leave a part of a secret that nothing
// recognises, so cut what Text returned.
package scrub

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"jira-cli/domain/text"
)

// Removed stands where a text contained a secret.
const Removed = "[credential]"

const (
	// MinLength is how many bytes a secret needs to be looked for within a text.
	// A shorter one is a secret only where it is the whole text: a user john with
	// the password "john" may be called John Doe.
	MinLength = 12

	// minNeedle is the same for what is left of a secret's form after folding.
	minNeedle = 8

	// rounds is how often escapes are undone, one inside another.
	rounds = 3
)

// Scrubber knows secrets and removes them from texts. The zero value knows none
// and returns texts as they are. It is safe for concurrent use, and must not be
// copied after first use.
type Scrubber struct {
	mu    sync.Mutex
	known atomic.Pointer[known] // behind a pointer, so that nothing prints it
}

// known is never changed once it is stored.
type known struct {
	needles []needle
	whole   map[string]bool // the forms of short secrets
}

// Learn adds secrets. Empty ones are ignored.
func (s *Scrubber) Learn(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &known{whole: map[string]bool{}}
	if old := s.known.Load(); old != nil {
		next.needles = slices.Clone(old.needles)
		for form := range old.whole {
			next.whole[form] = true
		}
	}
	for _, secret := range secrets {
		next.add(secret)
	}
	s.known.Store(next)
}

// LearnLogin adds a secret, and the pair that Basic authentication makes of it
// and a user name.
func (s *Scrubber) LearnLogin(user, secret string) {
	if secret != "" {
		s.Learn(secret, user+":"+secret)
	}
}

func (k *known) add(secret string) {
	if secret == "" {
		return
	}
	if found := needlesOf(secret); len(secret) >= MinLength && len(found) > 0 {
		for _, n := range found {
			if !slices.Contains(k.needles, n) {
				k.needles = append(k.needles, n)
			}
		}
		return
	}
	for _, form := range wholeForms(secret) {
		k.whole[form] = true
	}
}

// Text returns foreign text with Removed in place of each secret.
func (s *Scrubber) Text(foreign string) string { return s.scrub(foreign, false) }

// Cut is Text for what was cut at its end, as a body that is read up to a bound:
// the beginning of a secret at the end is removed as well.
func (s *Scrubber) Cut(foreign string) string { return s.scrub(foreign, true) }

// Holds reports whether a text contains a secret, or is a short one.
func (s *Scrubber) Holds(foreign string) bool { return s.Text(foreign) != foreign }

// Error returns an error with the chain of err and a scrubbed text, nil for nil.
func (s *Scrubber) Error(err error) error {
	if err == nil {
		return nil
	}
	return &scrubbedError{text: s.Text(err.Error()), chain: err}
}

func (s *Scrubber) scrub(foreign string, cut bool) string {
	k := s.known.Load()
	if k == nil || foreign == "" {
		return foreign
	}
	if k.whole[text.Seen(strings.TrimSpace(foreign))] || k.whole[strings.TrimSpace(foreign)] {
		return Removed
	}
	if len(k.needles) == 0 {
		return foreign
	}
	if cut {
		foreign = closed(foreign)
	}
	clean := k.replace(foreign, cut)
	// Between the characters of a secret there may be terminal sequences, which
	// whoever shows the text removes; then so are they here.
	if bare := text.Clean(clean); bare != clean {
		if again := k.replace(bare, cut); again != bare {
			return again
		}
	}
	return clean
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// replace puts Removed where a view of the text shows a needle.
func (k *known) replace(foreign string, cut bool) string {
	var spans []span
	v := viewOf(foreign)
	for round := 0; ; round++ {
		folded := v.fold()
		spans = append(spans, k.find(folded)...)
		if from := k.begun(folded, cut); from >= 0 {
			spans = append(spans, span{from, len(foreign)})
		}
		next, changed := v.unescape()
		if !changed || round == rounds {
			break
		}
		v = next
	}
	if len(spans) == 0 {
		return foreign
	}
	return without(foreign, spans)
}

// find returns where a folded view shows needles, as spans of the original.
func (k *known) find(v view) []span {
	var spans []span
	body := string(v.bytes)
	for _, n := range k.needles {
		for at := 0; ; {
			i := strings.Index(body[at:], n.text)
			if i < 0 {
				break
			}
			from, to := n.extend(body, at+i)
			spans = append(spans, span{v.from[from], v.to[to-1]})
			at += i + len(n.text)
		}
	}
	return spans
}

// begun returns where in the original a needle begins that the end of the text
// broke off, -1 for none or where the text is whole. Fewer than four characters tell nothing.
func (k *known) begun(v view, cut bool) int {
	if !cut {
		return -1
	}
	body := string(v.bytes)
	first := len(body)
	for _, needle := range k.needles {
		for n := min(len(needle.text)-1, len(body)); n >= 4; n-- {
			if strings.HasSuffix(body, needle.text[:n]) {
				first = min(first, len(body)-n)
				break
			}
		}
	}
	if first == len(body) {
		return -1
	}
	return v.from[first]
}

// closed removes an escape that a cut may have broken off.
func closed(foreign string) string {
	const longest = len(`&#x0010ffff`)
	if at := strings.LastIndexAny(foreign, `%&\`); at >= 0 && len(foreign)-at <= longest {
		return foreign[:at]
	}
	return foreign
}

// without returns the text with Removed in place of the spans, which may overlap.
func without(foreign string, spans []span) string {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	at := 0
	for i := 0; i < len(spans); {
		from, to := spans[i].from, spans[i].to
		for i < len(spans) && spans[i].from <= to {
			to = max(to, spans[i].to)
			i++
		}
		out.WriteString(foreign[at:from])
		out.WriteString(Removed)
		at = to
	}
	out.WriteString(foreign[at:])
	return out.String()
}

type scrubbedError struct {
	text  string
	chain error
}

// Error implements error.
func (e *scrubbedError) Error() string { return e.text }

// Unwrap gives errors.Is and errors.As the original.
func (e *scrubbedError) Unwrap() error { return e.chain }
