package fakejira

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// changeCredential serves the verbs token, pat and session.
func (s *Server) changeCredential(verb, what, email string, args []string) error {
	a := s.accounts[email]
	wrong := fmt.Errorf("%s %s: not understood, or no such credential", verb, what)
	if a == nil {
		return fmt.Errorf("there is no user %s", email)
	}
	switch verb + " " + what {
	case "token add":
		return a.addToken(args, wrong)
	case "token revoke":
		return revoke(a.tokens, args, wrong)
	case "pat add":
		return a.addPAT(args, wrong)
	case "pat revoke":
		return revoke(a.pats, args, wrong)
	case "session end":
		maps.DeleteFunc(s.sessions, func(_, owner string) bool { return owner == email })
		return nil
	}
	return wrong
}

func (a *account) addToken(args []string, wrong error) error {
	if len(args) == 0 || len(args) > 2 {
		return wrong
	}
	t := token{}
	if len(args) == 2 {
		list, ok := strings.CutPrefix(args[1], "scopes=")
		if !ok {
			return wrong
		}
		t.scopes = strings.Split(list, ",")
	}
	a.tokens[args[0]] = t
	return nil
}

func (a *account) addPAT(args []string, wrong error) (err error) {
	if len(args) == 0 {
		return wrong
	}
	p := pat{name: "token"}
	for _, arg := range args[1:] {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "name":
			p.name = value
		case "expires":
			if p.expires, err = time.Parse(time.RFC3339, value); err != nil {
				return err
			}
		default:
			return wrong
		}
	}
	a.pats[args[0]] = p
	return nil
}

// revoke takes one credential, or all.
func revoke[T any](held map[string]T, which []string, wrong error) error {
	if len(which) == 0 {
		clear(held)
		return nil
	}
	if _, has := held[which[0]]; !has || len(which) > 1 {
		return wrong
	}
	delete(held, which[0])
	return nil
}

// changeDeployment serves the verbs datacenter and cloud.
func (s *Server) changeDeployment(verb, host string, args []string) error {
	if verb == "cloud" {
		delete(s.centers, host)
		return nil
	}
	var d DataCenter
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "version":
			d.Version = value
		case "context":
			d.ContextPath = value
		case "bad":
			if _, err := oneOf(value, "refused", "anonymous"); err != nil {
				return err
			}
			d.Lenient = value == "anonymous"
		default:
			return fmt.Errorf("a Data Center has no %s", key)
		}
	}
	s.centers[host] = d.complete()
	return nil
}

// changeClock serves the verbs clock and skew.
func (s *Server) changeClock(verb, value string) error {
	if verb == "skew" {
		d, err := time.ParseDuration(value)
		if err == nil {
			s.skew = d
		}
		return err
	}
	if value == "off" {
		s.now = nil
		return nil
	}
	t, err := time.Parse(time.RFC3339, value)
	if err == nil {
		s.now = func() time.Time { return t }
	}
	return err
}
