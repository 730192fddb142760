package app

import (
	"strings"

	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
)

// NetworkInput is what the command line says about the way to the site. A flag
// that is given empty takes back what the profile records.
type NetworkInput struct {
	CAFile, ClientCert, ClientKey Optional // absolute paths
	Proxy                         Optional
	Headers                       []string // NAME=env:VARIABLE, NAME=command:PROGRAM ARGUMENTS, NAME= to remove
	Insecure                      Optional // true or false
}

// apply returns a recorded network with what the command line changes of it.
// The error names the flag.
func (in NetworkInput) apply(n profile.Network) (profile.Network, error) {
	for _, f := range []struct {
		flag  string
		from  Optional
		to    *string
		check func(string) error
	}{
		{"ca-file", in.CAFile, &n.CAFile, profile.CheckFile}, {"client-cert", in.ClientCert, &n.ClientCert, profile.CheckFile},
		{"client-key", in.ClientKey, &n.ClientKey, profile.CheckFile}, {"proxy", in.Proxy, &n.Proxy, profile.CheckProxy},
	} {
		if !f.from.Set {
			continue
		}
		if f.from.Value != "" {
			if err := f.check(f.from.Value); err != nil {
				return n, fault.From(err).WithFlag(f.flag)
			}
		}
		*f.to = f.from.Value
	}
	if in.Insecure.Set {
		n.Insecure = in.Insecure.Value == "true"
	}
	headers := map[string]profile.HeaderSource{}
	for name, source := range n.Headers {
		headers[name] = source
	}
	for _, text := range in.Headers {
		name, source, err := parseHeader(text)
		if err != nil {
			return n, fault.From(err).WithFlag("header")
		}
		for old := range headers {
			if strings.EqualFold(old, name) {
				delete(headers, old)
			}
		}
		if source.Variable != "" || len(source.Argv) > 0 {
			headers[name] = source
		}
	}
	if n.Headers = headers; len(headers) == 0 {
		n.Headers = nil
	}
	return n, nil
}

// parseHeader takes the value of --header apart. What is wrong is not repeated:
// it may be a secret that somebody typed there.
func parseHeader(text string) (string, profile.HeaderSource, error) {
	name, from, found := strings.Cut(text, "=")
	var source profile.HeaderSource
	switch kind, rest, _ := strings.Cut(from, ":"); {
	case found && from == "":
		return name, source, profile.CheckHeader(name, profile.HeaderSource{Variable: "NONE"})
	case found && kind == "env":
		source.Variable = rest
	case found && kind == "command":
		source.Argv = strings.Fields(rest)
	default:
		return "", source, fault.New(fault.ArgumentInvalid, "--header does not say where the header's value comes from").
			WithHint("name where the value is, such as X-Access=env:X_ACCESS or X-Access=command:pass x-access, and never the value itself")
	}
	return name, source, profile.CheckHeader(name, source)
}

// checkNetwork refuses what is wrong whatever the config says.
func checkNetwork(in NetworkInput) error {
	_, err := in.apply(profile.Network{})
	return err
}
