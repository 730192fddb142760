package profile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// asciiHost returns a host name in the form in which DNS has it, RFC 3492, and
// false where that cannot be said without tables of Unicode: a text with
// combining characters may stand for another one.
func asciiHost(host string) (string, bool) {
	labels := strings.Split(strings.ToLower(host), ".")
	for i, label := range labels {
		if strings.ContainsFunc(label, unicode.IsMark) || !utf8.ValidString(label) {
			return "", false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r > unicode.MaxASCII }) {
			labels[i] = "xn--" + punycode([]rune(label))
		}
	}
	host = strings.Join(labels, ".")
	return host, isHost(host)
}

// The parameters of RFC 3492, section 5.
const (
	punyBase, punyMin, punyMax     = 36, 1, 26
	punySkew, punyDamp             = 38, 700
	punyFirstBias, punyFirstLetter = 72, 128
)

// punycode encodes a label, RFC 3492, section 6.3.
func punycode(label []rune) string {
	var out strings.Builder
	for _, r := range label {
		if r < punyFirstLetter {
			out.WriteRune(r)
		}
	}
	basic := out.Len()
	if basic > 0 {
		out.WriteByte('-')
	}
	letter, delta, bias := rune(punyFirstLetter), 0, punyFirstBias
	for done := basic; done < len(label); {
		next := rune(unicode.MaxRune)
		for _, r := range label {
			if r >= letter {
				next = min(next, r)
			}
		}
		delta += int(next-letter) * (done + 1)
		letter = next
		for _, r := range label {
			if r < letter {
				delta++
			}
			if r == letter {
				punyNumber(&out, delta, bias)
				bias = punyBias(delta, done+1, done == basic)
				delta = 0
				done++
			}
		}
		delta++
		letter++
	}
	return out.String()
}

// punyNumber writes a number with variable length, section 3.3.
func punyNumber(out *strings.Builder, n, bias int) {
	for k := punyBase; ; k += punyBase {
		threshold := min(max(k-bias, punyMin), punyMax)
		if n < threshold {
			out.WriteByte(punyDigit(n))
			return
		}
		out.WriteByte(punyDigit(threshold + (n-threshold)%(punyBase-threshold)))
		n = (n - threshold) / (punyBase - threshold)
	}
}

func punyDigit(n int) byte { return "abcdefghijklmnopqrstuvwxyz0123456789"[n] }

// punyBias adapts the bias, section 6.1.
func punyBias(delta, points int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for ; delta > (punyBase-punyMin)*punyMax/2; k += punyBase {
		delta /= punyBase - punyMin
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}
