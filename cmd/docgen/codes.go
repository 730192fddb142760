package main

import (
	"fmt"
	"strings"

	"jira-cli/domain/access"
	"jira-cli/domain/fault"
)

// codeTable lists every code with what a script needs to know of it.
func codeTable(rows []fault.Entry) string {
	var out strings.Builder
	out.WriteString("| code | type | exit | retryable | meaning | hint where nothing better is known |\n|---|---|---|---|---|---|\n")
	for _, row := range rows {
		retryable := "no"
		if row.Retryable {
			retryable = "yes"
		}
		fmt.Fprintf(&out, "| `%s` | `%s` | %d | %s | %s | %s |\n", row.Code, row.Type, row.Exit(), retryable, cell(row.Meaning), cell(fault.New(row.Code, "").HintFor("", "")))
	}
	return out.String()
}

// exitTable lists the exit statuses with the types that share them.
func exitTable(rows []fault.Entry) string {
	var out strings.Builder
	out.WriteString("| exit status | `errors[0].type` | when |\n|---|---|---|\n| 0 | | the command did what it was asked to do |\n")
	for _, t := range types(rows) {
		fmt.Fprintf(&out, "| %d | `%s` | %s |\n", t.Exit(), t.Type, families[t.Type])
	}
	return out.String()
}

// types are one row of each family, in the order of the table.
func types(rows []fault.Entry) []fault.Entry {
	var first []fault.Entry
	seen := map[fault.Type]bool{}
	for _, row := range rows {
		if !seen[row.Type] {
			seen[row.Type] = true
			first = append(first, row)
		}
	}
	return first
}

// families say when a type occurs. A type without a text fails the test.
var families = map[fault.Type]string{
	fault.TypeAuth:        "`auth login` or `auth migrate` could not establish the credential",
	fault.TypeAuthFailure: "no credential was found, or Jira refused it",
	fault.TypeNotFound:    "a profile, a site or a thing in Jira does not exist",
	fault.TypeValidation:  "the command line, the input or the config file is wrong",
	fault.TypeRateLimit:   "Jira answered HTTP 429",
	fault.TypeServer:      "Jira failed, answered nonsense or could not be reached",
	fault.TypeCanceled:    "somebody interrupted the command or said no",
	fault.TypeTimeout:     "the time limit passed",
	fault.TypeIO:          "something local failed: the config file, a store, stdin, stdout",
	fault.TypeInternal:    "a defect of the program",
}

// causeTable lists the verdicts of auth explain.
func causeTable(rows []access.CauseRow) string {
	var out strings.Builder
	out.WriteString("| cause | code | meaning | what to do | next |\n|---|---|---|---|---|\n")
	for _, listed := range rows {
		row := listed.Cause.Row(access.About{Profile: "NAME"})
		code := ""
		if row.Code != "" {
			code = "`" + string(row.Code) + "`"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s | `%s` |\n", row.Cause, code, cell(row.Meaning), cell(row.Advice), strings.ReplaceAll(row.Next, "|", `\|`))
	}
	return out.String()
}

// cell makes a text fit for a cell of a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;").Replace(text)
}
