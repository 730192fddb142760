package testscripts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jira-cli/domain/access"
)

var verdictLine = regexp.MustCompile(`(?m)^  Verdict:     \S+ ([a-z_]+): `)

// notInATranscript are the causes that none shows; diagnose_test.go does.
var notInATranscript = map[access.Cause]string{
	access.CauseTimeout:              "the command itself ends with --timeout before there is a verdict",
	access.CauseTLSClientCertRefused: "it needs files with a key; process/tls_causes.txtar shows it",
	access.CauseProxyLogin:           "it needs a proxy; process/proxy.txtar shows it",
	access.CauseProxyLoginRefused:    "it needs a proxy; process/proxy.txtar shows it",
	access.CauseProxyDenied:          "it needs a proxy; process/proxy.txtar shows it",
	access.CauseUnknown:              "it is what the known causes are not",
}

// TestEveryCauseIsShown: each cause of the closed list is the verdict of a
// transcript, or says why it cannot be.
func TestEveryCauseIsShown(t *testing.T) {
	files, err := filepath.Glob("explain/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no transcripts")
	}
	shown := map[access.Cause]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range verdictLine.FindAllStringSubmatch(string(text), -1) {
			shown[access.Cause(m[1])] = true
		}
	}
	for _, row := range access.Causes() {
		if _, excused := notInATranscript[row.Cause]; shown[row.Cause] == excused {
			t.Errorf("%s: shown by a transcript is %v, excused is %v", row.Cause, shown[row.Cause], excused)
		}
	}
}

var producerLine = regexp.MustCompile(`(?m)^# Producer: ([^;\n]+); (.+)$`)

// oneProducer are the causes that no two transcripts of different producers show
// yet. The list only gets shorter: a cause that has them must leave it.
var oneProducer = map[access.Cause]bool{
	access.CauseProxyLogin:           true,
	access.CauseProxyLoginRefused:    true,
	access.CauseProxyDenied:          true,
	access.CauseOK:                   true,
	access.CauseNotProbed:            true,
	access.CauseNoCredential:         true,
	access.CauseMalformed:            true,
	access.CauseStore:                true,
	access.CauseSiteMismatch:         true,
	access.CauseBadSetting:           true,
	access.CauseWrongSite:            true,
	access.CauseWrongPath:            true,
	access.CauseDataCenter:           true,
	access.CauseCloud:                true,
	access.CauseWrongEmail:           true,
	access.CauseBadToken:             true,
	access.CauseBadTokenOrEmail:      true,
	access.CauseExpiredToken:         true,
	access.CauseScopedToken:          true,
	access.CauseMissingScope:         true,
	access.CauseMethodRefused:        true,
	access.CauseWebsudo:              true,
	access.CauseAnonymous:            true,
	access.CauseProjectHidden:        true,
	access.CausePermissionsUnknown:   true,
	access.CauseNotJira:              true,
	access.CauseTLSIntercepted:       true,
	access.CauseTLSUntrusted:         true,
	access.CauseTLSExpired:           true,
	access.CauseTLSNotYetValid:       true,
	access.CauseTLSAuthorityExpired:  true,
	access.CauseTLSIncompleteChain:   true,
	access.CauseTLSWeakSignature:     true,
	access.CauseTLSWrongHost:         true,
	access.CauseTLSClientCert:        true,
	access.CauseTLSClientCertRefused: true,
	access.CauseTLSIncompatible:      true,
	access.CauseTLSNotSpoken:         true,
	access.CauseTLSFailed:            true,
	access.CauseProxyRefused:         true,
	access.CauseDNS:                  true,
	access.CauseTimeout:              true,
	access.CauseClockSkew:            true,
	access.CauseRateLimited:          true,
	access.CauseServerError:          true,
	access.CauseUnknown:              true,
}

// TestCausesHaveProducers: a verdict is believed where at least two producers of
// the failure (servers, proxies, TLS stacks) lead to it, each named with its source
// at the top of its transcript.
func TestCausesHaveProducers(t *testing.T) {
	files, err := filepath.Glob("explain/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no transcripts")
	}
	producers := map[access.Cause]map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		by := producerLine.FindStringSubmatch(string(text))
		if by == nil {
			continue
		}
		for _, m := range verdictLine.FindAllStringSubmatch(string(text), -1) {
			cause := access.Cause(m[1])
			if producers[cause] == nil {
				producers[cause] = map[string]bool{}
			}
			producers[cause][by[1]] = true
		}
	}
	for _, row := range access.Causes() {
		if enough := len(producers[row.Cause]) > 1; enough == oneProducer[row.Cause] {
			t.Errorf("%s has %d producers; listed as having too few: %v", row.Cause, len(producers[row.Cause]), oneProducer[row.Cause])
		}
	}
}

// TestNextCommandsExist: what a verdict tells people to type is a command with
// flags that it has.
func TestNextCommandsExist(t *testing.T) {
	for _, row := range access.Causes() {
		next := row.Cause.Row(access.About{Profile: "work", Site: "https://example.atlassian.net"}).Next
		if !strings.HasPrefix(next, "jira ") && row.Cause != access.CauseClockSkew {
			t.Errorf("%s: %q is no command of this program", row.Cause, next)
		}
		if problem := checkHints("`" + next + "`"); problem != "" {
			t.Errorf("%s: %s", row.Cause, problem)
		}
	}
}

// TestDocumentedCauses: the table of docs/explain.md is the closed list.
func TestDocumentedCauses(t *testing.T) {
	text, err := os.ReadFile("../docs/explain.md")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, row := range access.Causes() {
		shown := row.Cause.Row(access.About{Profile: "NAME"})
		code := ""
		if shown.Code != "" {
			code = "`" + string(shown.Code) + "`"
		}
		line := "| `" + string(shown.Cause) + "` | " + code + " | " + shown.Meaning + " | " + shown.Advice + " | `" + shown.Next + "` |\n"
		next := strings.Index(string(text)[at:], line)
		if next < 0 {
			t.Errorf("docs/explain.md lacks, or has in another place:\n%s", line)
			continue
		}
		at += next
	}
	if got, want := strings.Count(string(text), "\n| `"), len(access.Causes()); got != want {
		t.Errorf("docs/explain.md has %d causes, and there are %d", got, want)
	}
}
