package profile

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// The expressions say what the shapes are; the code must say the same of every
// text.
func TestShapesAreTheirExpressions(t *testing.T) {
	for _, shape := range []struct {
		name, expression string
		is               func(string) bool
	}{
		{"name", `^[a-z0-9][a-z0-9_-]{0,62}$`, isName},
		{"site name", `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`, func(s string) bool { return isLabel(s, "-") }},
		{"host", `^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*$`, isHost},
		{"path", `^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`, isContextPath},
		{"header", "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$", isHeader},
		{"variable", `^[A-Za-z_][A-Za-z0-9_]*$`, isVariable},
		{"cloud id", `^[0-9a-fA-F-]{8,64}$`, IsCloudID},
	} {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			expression := regexp.MustCompile(shape.expression)
			yes := 0
			for _, text := range texts() {
				want := expression.MatchString(text)
				if want {
					yes++
				}
				if got := shape.is(text); got != want {
					t.Errorf("%q: %v, and not %v", text, got, want)
				}
			}
			if yes < 100 {
				t.Errorf("only %d texts match", yes)
			}
		})
	}
}

// texts are all short ones over an alphabet that has one of each kind, those
// around the limits of length, and longer ones at random.
func texts() []string {
	alphabet := []string{"a", "Z", "0", "-", "_", ".", "/", "~", "\n", "é", "\xff", "`", "{", "@", "["}
	list := []string{""}
	for from, length := 0, 0; length < 4; length++ {
		for _, text := range list[from:] {
			for _, c := range alphabet {
				list = append(list, text+c)
			}
		}
		from = (len(list) - 1) / len(alphabet)
	}
	for n := 60; n <= 66; n++ {
		long := strings.Repeat("a", n)
		list = append(list, long, "a."+long, long+".a", "/"+long, long+"-", "-"+long, long[1:]+"-", long[2:]+"-a")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		for range random.IntN(12) {
			text.WriteString(alphabet[random.IntN(9)])
		}
		list = append(list, text.String())
	}
	for range 2_000 { // long enough for a cloud id
		var text strings.Builder
		for range 6 + random.IntN(6) {
			text.WriteByte("0af9AF-g"[min(random.IntN(80), 70)/10])
		}
		list = append(list, text.String())
	}
	return list
}
