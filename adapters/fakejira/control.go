package fakejira

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Control changes the fake by words. A key=value may hold blanks where the
// words come apart otherwise than by Command.
//
//	user add EMAIL [name=] [id=] [type=] [timezone=] [site=HOST]…
//	user hide EMAIL email|timezone      as the account's privacy settings do
//	user remove EMAIL
//	user password EMAIL PASSWORD        for Server and Data Center
//	token add EMAIL TOKEN [scopes=A,B]  with scopes it works at the gateway alone
//	token revoke EMAIL [TOKEN]          all of them without TOKEN
//	pat add EMAIL TOKEN [name=] [expires=RFC3339]
//	pat revoke EMAIL [TOKEN]
//	session end EMAIL                   the cookies of its logins are over
//	datacenter HOST|* [version=9.12.4] [context=/PATH] [bad=refused|anonymous]
//	                                    the host runs Data Center; with bad=anonymous
//	                                    a bad credential is ignored
//	cloud HOST|*                        it does no more
//	clock RFC3339|off                   gives answers that Date
//	skew DURATION                       of the Date, such as -2h
//	grant EMAIL|anonymous KEY,…|all [PROJECT]
//	deny  EMAIL|anonymous KEY,…|all [PROJECT]
//	project hide KEY [EMAIL…]           from everybody without EMAIL
//	project show KEY
//	site add HOST                       from the first on, others do not exist
//	site remove HOST
//	unauthorized STYLE                  of natural 401s: json errors text xml html redirect
//	latency DURATION                    of every answer
//	fault PATH|* KIND [key=value…]      see below
//	fault clear
//	expect [METHOD] PATH [user=EMAIL|NAME|anonymous] [auth=basic|bearer|cookie]
//	       [host=HOST] [times=N]        NAME on Data Center, ? for an unknown token
//	check                               fails unless exactly the expected happened; then forgets
//	reset                               forgets requests and expectations
//
// KIND is a status (401, 429, 503 …) or one of:
//
//	unauthorized     a 401 in style=
//	captcha          status=403|401 via=denied|seraph
//	unknown-site     the 404 of a host that is no site
//	anonymous        200, as if no credential had been sent
//	method           a refusal of the way of authenticating, via=websudo|token|basic|password
//	front            what a box in front of Jira answers, by=, see fronts
//	xsrf             Jira's 403 of a failed XSRF check
//	no-client-cert   a web server's 400 for want of a client certificate
//	html-login html-maintenance garbage empty
//	fields types     JSON without the required fields, with wrong types
//	redirect         to=URL|self|scheme [status=302]; self loops, or is n hops with times=n
//	headers          the natural answer with header=
//	latency          the natural answer after delay=
//	truncate         cut in the middle, Content-Length larger than what comes
//	endless          never ends
//	stall stall-body nothing comes: at all, or after the first half of the body
//	reset            the connection is reset before an answer
//	nonhttp          not HTTP
//	refused dns proxy-refused tls-unknown tls-expired tls-future tls-host
//	tls-intercepted tls-client tls-authority-expired tls-incomplete tls-weak tls-plain
//	tls-alert        alert=, in the words of crypto/tls
//	                 what a dialler meets; on a socket, where the connection
//	                 stands already, they reset it
//
// Options of every kind: times=N (else for ever), after=N (spare the first N),
// host= and user= (of these alone), body=, type= (Content-Type), header=Name:value
// (may repeat), bare=true (without Jira's own headers), retry-after=SECONDS|date:SECONDS|anything, remaining=N, delay=.
// Of several faults that apply the newest is taken.
func (s *Server) Control(args []string) error {
	if len(args) == 0 {
		return errors.New("there is no command")
	}
	if args[0] == "check" {
		return s.Check()
	}
	if args[0] == "reset" {
		s.Reset()
		return nil
	}
	if args[0] == "user" && len(args) > 2 && args[1] == "add" {
		return s.addUser(args[2], args[3:])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.control(args[0], args[1:])
}

// Command is Control of a line, taken apart at blanks; single and double quotes
// keep blanks together.
func (s *Server) Command(line string) error {
	args, err := fields(line)
	if err != nil {
		return err
	}
	return s.Control(args)
}

func (s *Server) control(verb string, args []string) (err error) {
	wrong := fmt.Errorf("usage: see Control; not understood: %s %s", verb, strings.Join(args[:min(1, len(args))], " "))
	at := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch {
	case verb == "user" && len(args) >= 2:
		return s.changeUser(at(0), at(1), args[2:])
	case (verb == "token" || verb == "pat" || verb == "session") && len(args) >= 2:
		return s.changeCredential(verb, at(0), at(1), args[2:])
	case (verb == "datacenter" || verb == "cloud") && len(args) >= 1:
		return s.changeDeployment(verb, strings.TrimPrefix(at(0), "*"), args[1:])
	case (verb == "clock" || verb == "skew") && len(args) == 1:
		return s.changeClock(verb, at(0))
	case (verb == "grant" || verb == "deny") && (len(args) == 2 || len(args) == 3):
		return s.changeGrants(at(0), at(1), at(2), verb == "grant")
	case verb == "project" && at(0) == "hide" && len(args) >= 2:
		s.hidden[at(1)] = args[2:]
	case verb == "project" && at(0) == "show" && len(args) == 2:
		delete(s.hidden, at(1))
	case verb == "site" && at(0) == "add" && len(args) == 2:
		s.sites = append(s.sites, at(1))
	case verb == "site" && at(0) == "remove" && len(args) == 2:
		s.sites = slices.DeleteFunc(s.sites, func(h string) bool { return h == at(1) })
	case verb == "unauthorized" && len(args) == 1:
		s.unauthorized, err = oneOf(at(0), styles()...)
	case verb == "latency" && len(args) == 1:
		s.latency, err = time.ParseDuration(at(0))
	case verb == "fault" && at(0) == "clear" && len(args) == 1:
		s.faults = nil
	case verb == "fault":
		f, err := parseFault(args)
		if err != nil {
			return err
		}
		s.faults = append(s.faults, f)
	case verb == "expect":
		e, err := parseExpect(args)
		if err != nil {
			return err
		}
		s.expected = append(s.expected, e)
	default:
		return wrong
	}
	return err
}

func (s *Server) addUser(email string, options []string) error {
	u := User{Email: email}
	for _, option := range options {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "name":
			u.DisplayName = value
		case "id":
			u.AccountID = value
		case "type":
			u.AccountType = value
		case "timezone":
			u.TimeZone = value
		case "site":
			u.Sites = append(u.Sites, value)
		default:
			return fmt.Errorf("a user has no %s", key)
		}
	}
	s.AddUser(u)
	return nil
}

func (s *Server) changeUser(verb, email string, args []string) error {
	a := s.accounts[email]
	switch {
	case a == nil:
		return fmt.Errorf("there is no user %s", email)
	case verb == "remove" && len(args) == 0:
		delete(s.accounts, email)
	case verb == "password" && len(args) == 1:
		a.Password = args[0]
	case verb == "hide" && len(args) == 1 && args[0] == "email":
		a.HideEmail = true
	case verb == "hide" && len(args) == 1 && args[0] == "timezone":
		a.HideTimeZone = true
	default:
		return fmt.Errorf("user %s: not understood", verb)
	}
	return nil
}

func (s *Server) changeGrants(who, keys, project string, held bool) error {
	a := s.accounts[who]
	if who == "anonymous" {
		a = s.anonymous
	}
	if a == nil {
		return fmt.Errorf("there is no user %s", who)
	}
	list := strings.Split(keys, ",")
	if keys == "all" {
		list = permissions()
	}
	for _, key := range list {
		if _, err := oneOf(key, permissions()...); err != nil {
			return err
		}
	}
	for _, key := range list {
		a.set(project, key, held)
	}
	return nil
}

// fields takes a line apart.
func fields(line string) ([]string, error) {
	var args []string
	var word strings.Builder
	var quote rune
	open := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, open = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if open {
				args = append(args, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote is not closed")
	}
	if open {
		args = append(args, word.String())
	}
	return args, nil
}
