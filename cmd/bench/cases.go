package main

import "time"

// sample is a program that is run again and again.
type sample struct {
	name string
	argv []string
	env  []string
	took []time.Duration // one a run, unsorted
}

// comparison is a case beside its floor. Exactly one of most and within is the
// target, or neither where the comparison only informs.
type comparison struct {
	name        string
	what, floor *sample
	most        float64       // the ratio of medians may be this
	within      time.Duration // the difference of medians may be this
	about       string
}

// comparisons are what is measured. A sample that serves two of them runs once a
// round.
func comparisons(s *stage) []*comparison {
	jira := func(name, config string, env []string, args ...string) *sample {
		return &sample{name: name, argv: append([]string{s.binary}, args...), env: s.with(config, env...)}
	}
	floor := func(name string, args ...string) *sample {
		return &sample{name: name, argv: append([]string{s.floor(args[0])}, args[1:]...), env: s.env}
	}
	empty, cobra := floor("an empty Go program", "empty"), floor("cobra, 30 commands, --version", "cobra", "--version")
	turn := floor("plain, two in turn", "requests", "turn", s.near.URL, token)
	turnFar := floor("plain, two in turn", "requests", "turn", s.far.URL, token)
	onceFar := floor("plain, two at once", "requests", "once", s.far.URL, token)
	fifty := floor("plain, fifty, one client", "requests", "fifty", s.near.URL, token)
	fiftyFar := floor("plain, fifty, one client", "requests", "fifty", s.far.URL, token)
	sites := floor("plain, fifty clients", "requests", "sites", s.near.URL, token)
	sitesFar := floor("plain, fifty clients", "requests", "sites", s.far.URL, token)

	version := jira("--version", oneNear, nil, "--version")
	env := jira("auth token, env", oneNear, tokens(1), "auth", "token")
	status := jira("auth status", oneNear, tokens(1), "auth", "status")
	far := jira("auth status, far", oneFar, tokens(1), "auth", "status")
	all := jira("auth status, 50", manyNear, tokens(many), "auth", "status")
	allFar := jira("auth status, 50, far", manyFar, tokens(many), "auth", "status")
	read := jira("50 credentials, env", manyNear, tokens(many), "auth", "status", "--no-probe")

	list := []*comparison{
		{name: "cobra floor", what: cobra, floor: empty, about: "what cobra costs"},
		{name: "--version", what: version, floor: cobra, most: 1.65},
		{name: "auth token, env", what: env, floor: cobra, about: "fx, viper, one use case"},
		{name: "auth token, file", what: jira("", oneFile, nil, "auth", "token"), floor: env, within: 10 * time.Millisecond, about: "over env"},
		{name: "auth status", what: status, floor: turn, most: 0.65},
		{name: "auth status, far", what: far, floor: turnFar, most: 0.97},
		{name: "auth status, far, strict", what: far, floor: onceFar, most: 0.97},
		{name: "auth status, 50 profiles", what: all, floor: fifty, most: 1.5},
		{name: "auth status, 50, far", what: allFar, floor: fiftyFar, most: 1.1},
		{name: "50 profiles, own clients", what: all, floor: sites, about: "nothing shared, as jira does"},
		{name: "50, far, own clients", what: allFar, floor: sitesFar, about: "nothing shared, as jira does"},
		{name: "50 credentials, file", what: jira("", manyFile, nil, "auth", "status", "--no-probe"), floor: read, within: 10 * time.Millisecond, about: "over env"},
	}
	if s.noKeyring == "" {
		list = append(list,
			&comparison{name: "auth token, keyring", what: jira("", oneRing, nil, "auth", "token"), floor: env, about: "over env"},
			&comparison{name: "50 credentials, keyring", what: jira("", manyRing, nil, "auth", "status", "--no-probe"), floor: read, within: 9 * time.Millisecond, about: "over env"})
	}
	for _, c := range list {
		if c.what.name == "" {
			c.what.name = c.name
		}
	}
	return list
}
