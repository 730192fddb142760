package testscripts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"jira-cli/adapters/cli"
	"jira-cli/domain/fault"
)

// envelope is what every document of the json mode consists of.
type envelope struct {
	OK   *bool `json:"ok"`
	Meta struct {
		Command   string `json:"command"`
		ExitCode  *int   `json:"exit_code"`
		Timestamp string `json:"timestamp"`
		RequestID string `json:"request_id"`
	} `json:"meta"`
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Type      fault.Type `json:"type"`
		Code      fault.Code `json:"code"`
		Message   *string    `json:"message"`
		Hint      *string    `json:"hint"`
		Retryable *bool      `json:"retryable"`
	} `json:"errors"`
	Warnings []map[string]any `json:"warnings"`
}

// checkRun demands of a run what the contract promises of all of them, whatever
// its transcript compares, and returns what the run showed.
func checkRun(ts *testscript.TestScript, w *world, args []string, stdout, stderr string) ran {
	r := ran{command: commandOf(args), args: args, status: w.status}
	var problem string
	if strings.HasPrefix(stdout, "{") {
		r.codes, problem = checkDocument(w.status, stdout, stderr)
	} else {
		r.codes, problem = checkHuman(w, stdout, stderr)
	}
	if problem == "" {
		problem = checkHints(stdout + stderr)
	}
	if problem == "" {
		problem = checkCircular(args, stderr)
	}
	if problem != "" {
		ts.Fatalf("jira %s: %s\n%s%s", strings.Join(args, " "), problem, stdout, stderr)
	}
	return r
}

func checkDocument(status int, stdout, stderr string) (codes []string, problem string) {
	var e envelope
	decoder := json.NewDecoder(strings.NewReader(stdout))
	var loose map[string]json.RawMessage
	if err := decoder.Decode(&loose); err != nil {
		return nil, "stdout is no JSON: " + err.Error()
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, "stdout has more than one document"
	}
	if err := json.Unmarshal([]byte(stdout), &e); err != nil {
		return nil, err.Error()
	}
	var indented bytes.Buffer
	_ = json.Indent(&indented, []byte(strings.TrimSpace(stdout)), "", "  ")
	_, badTime := time.Parse("2006-01-02T15:04:05Z", e.Meta.Timestamp)
	for _, rule := range []struct {
		holds bool
		text  string
	}{
		{len(loose) == 5 && order(stdout, "\n  \"ok\":", "\n  \"meta\":", "\n  \"data\":", "\n  \"errors\":", "\n  \"warnings\":"), "the five keys are not there, or not in their order"},
		{indented.String()+"\n" == stdout, "the indentation is not two blanks, or the last newline is missing"},
		{e.OK != nil && *e.OK == (status == 0), "ok and the exit status disagree"},
		{(e.Meta.ExitCode == nil) == (status == 0) && (e.Meta.ExitCode == nil || *e.Meta.ExitCode == status), "meta.exit_code and the exit status disagree"},
		{badTime == nil && len(e.Meta.RequestID) >= 16 && e.Meta.Command != "", "meta is not complete"},
		{e.Errors != nil && e.Warnings != nil, "errors or warnings is null"},
		{(len(e.Errors) == 0) == (status == 0), "errors and the exit status disagree"},
		{stderr == "" || strings.HasPrefix(stderr, "DBG 🐞 "), "stderr is not empty in json mode"},
	} {
		if !rule.holds {
			return nil, rule.text
		}
	}
	for _, record := range e.Errors {
		codes = append(codes, string(record.Code))
		row := fault.Lookup(record.Code)
		if row.Code != record.Code || row.Type != record.Type || row.Exit() != status ||
			record.Message == nil || record.Hint == nil || record.Retryable == nil || *record.Retryable != row.Retryable {
			return nil, fmt.Sprintf("the record of %q does not agree with the table", record.Code)
		}
	}
	return codes, ""
}

// order reports whether the parts stand in a text once each, in their order.
func order(text string, parts ...string) bool {
	last := -1
	for _, part := range parts {
		at := strings.Index(text, part)
		if at <= last {
			return false
		}
		last = at
	}
	return true
}

var (
	errorLine = regexp.MustCompile(`(?m)^ERR ❌ (.*) code=([a-z0-9_]+) type=([a-z_]+)$`)
	plainCode = regexp.MustCompile(`\x1b\[[0-9;]*m`)
)

func checkHuman(w *world, stdout, stderr string) (codes []string, problem string) {
	if w.colour {
		stdout, stderr = plainCode.ReplaceAllString(stdout, ""), plainCode.ReplaceAllString(stderr, "")
	}
	for _, text := range []string{stdout, stderr} {
		if strings.ContainsFunc(text, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r)
		}) {
			return nil, fmt.Sprintf("a control or format character came through: %q", text)
		}
	}
	for _, m := range errorLine.FindAllStringSubmatch(stderr, -1) {
		codes = append(codes, m[2])
		row := fault.Lookup(fault.Code(m[2]))
		if string(row.Code) != m[2] || string(row.Type) != m[3] || row.Exit() != w.status {
			return nil, "the error line does not agree with the table: " + m[0]
		}
		if message := m[1]; strings.HasSuffix(message, ".") {
			return nil, "the message ends with a period: " + message
		}
	}
	silent := stderr == "" && w.status == fault.Lookup(fault.OutputWriteFailed).Exit() // a reader that went away is told nothing
	if (len(codes) == 0) != (w.status == 0) && !silent {
		return nil, fmt.Sprintf("exit status %d and the error lines %q disagree", w.status, codes)
	}
	return codes, ""
}

// commandOf is the deepest command that a command line names, dotted.
func commandOf(args []string) string {
	path := "jira"
	for _, arg := range args {
		next := strings.TrimPrefix(path+"."+arg, "jira.")
		if slices.Contains(commandPaths(), next) {
			path = next
		}
	}
	return path
}

// commandPaths are the commands of the tree, dotted, the root as jira.
func commandPaths() []string {
	paths := []string{}
	for _, c := range cli.Commands() {
		paths = append(paths, c.Path)
	}
	return paths
}

// checkCircular demands that no hint tells to type what was just typed.
func checkCircular(args []string, stderr string) string {
	for _, hint := range shownHint.FindAllString(stderr, -1) {
		for _, m := range typedHint.FindAllStringSubmatch(hint, -1) {
			words := strings.Fields(m[1])[1:]
			same := commandOf(words) == commandOf(args)
			for i, word := range words {
				profile := strings.HasPrefix(word, "--profile") || i > 0 && strings.HasPrefix(words[i-1], "--profile")
				same = same && (profile || slices.Contains(args, word))
			}
			if same {
				return "the hint tells to type what was typed: " + hint
			}
		}
	}
	return ""
}

var typedHint = regexp.MustCompile("`(jira [^`]*)`")

var (
	shownHint = regexp.MustCompile(`(?m)^ *hint: (.*)$|"hint": "(.*)",?$|^ *Next: +(.*)$`)
	unfilled  = regexp.MustCompile(`<[A-Za-z_]+>|\{[a-z]+\}|…|\b(NAME|KEY|VALUE|URL|ADDRESS|PROFILE)\b`)
)

// checkHints demands that what a hint tells people to type exists, and can be
// typed as it stands.
func checkHints(text string) string {
	for _, hint := range shownHint.FindAllString(text, -1) {
		if found := unfilled.FindString(hint); found != "" {
			return "the hint leaves " + found + " to fill in: " + hint
		}
	}
	for _, m := range typedHint.FindAllStringSubmatch(text, -1) {
		words := strings.Fields(strings.ReplaceAll(m[1], `\"`, ""))
		path := commandOf(words[1:])
		i := slices.IndexFunc(cli.Commands(), func(c cli.CommandInfo) bool { return c.Path == path })
		info := cli.Commands()[i]
		for _, word := range words[1:] {
			name, isFlag := strings.CutPrefix(word, "--")
			name, _, _ = strings.Cut(name, "=")
			isCommand := slices.Contains(strings.Split(path, "."), word)
			switch {
			case isFlag && name != "help" && !slices.Contains(info.Flags, name):
				return "the hint names a flag that does not exist: " + m[0]
			case !isFlag && !isCommand && info.Group:
				return "the hint names a command that does not exist: " + m[0]
			}
		}
	}
	return ""
}
