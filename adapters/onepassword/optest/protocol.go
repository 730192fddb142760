package optest

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// allowedVersion is which versions of an integration the SDK's core takes.
var allowedVersion = regexp.MustCompile(`^[A-Za-z0-9._-]{1,20}$`)

// protocolError is how the app tells the SDK of a failure.
type protocolError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

func (e *protocolError) Error() string { return e.Name + ": " + e.Message }

// sdkRequest is how the app words what it says itself; the wording is what
// users of the SDK report.
func sdkRequest(msg string) *protocolError {
	return &protocolError{"Internal", fmt.Sprintf("An error occurred when processing SDK request: Error { msg: %s, inner: None }", msg)}
}

// byteList is encoded as a list of numbers, which is what the app sends.
type byteList []byte

// MarshalJSON implements json.Marshaler.
func (b byteList) MarshalJSON() ([]byte, error) {
	numbers := make([]uint16, len(b))
	for i, c := range b {
		numbers[i] = uint16(c)
	}
	return json.Marshal(numbers)
}

type request struct {
	Kind        string `json:"kind"`
	AccountName string `json:"account_name"`
	Payload     []byte `json:"payload"`
}

type invocation struct {
	Invocation struct {
		ClientID   *uint64 `json:"clientId"`
		Parameters struct {
			Name       string          `json:"name"`
			Parameters json.RawMessage `json:"parameters"`
		} `json:"parameters"`
	} `json:"invocation"`
}

// answer is what the library returns for a message.
func (a *App) answer(message []byte) (code int32, response []byte, hangUp bool) {
	state, running := a.waiting()
	if !running {
		return 0, nil, true
	}
	method := methodOf(message)
	a.prepare(method)
	a.mu.Lock()
	defer a.mu.Unlock()
	if reply, ok := a.replies[method]; ok {
		return 0, reply, false
	}
	switch state {
	case Off:
		return channelClosed, nil, false
	case Dropped:
		return 0, nil, true
	case Garbage:
		return 0, a.raw, false
	case BrokenCode:
		return a.code, nil, false
	}
	var req request
	var result any
	err := json.Unmarshal(message, &req)
	if err == nil {
		result, err = a.handle(req, state)
	}
	ok := err == nil
	if !ok {
		result = asProtocol(err)
	}
	payload, err := json.Marshal(result)
	if err != nil {
		return 0, nil, true
	}
	response, err = json.Marshal(struct {
		Success bool     `json:"success"`
		Payload byteList `json:"payload"`
	}{ok, payload})
	return 0, response, err != nil
}

// methodOf returns the method that a message calls: its kind, or for an
// invocation the name in it.
func methodOf(message []byte) string {
	var req request
	var inv invocation
	if json.Unmarshal(message, &req) != nil || req.Kind != "invoke" || json.Unmarshal(req.Payload, &inv) != nil {
		return req.Kind
	}
	return inv.Invocation.Parameters.Name
}

// prepare runs what a test wants to happen before the method.
func (a *App) prepare(method string) {
	a.mu.Lock()
	f := a.before[method]
	a.mu.Unlock()
	if f != nil {
		f()
	}
}

func asProtocol(err error) *protocolError {
	if p, ok := err.(*protocolError); ok {
		return p
	}
	return &protocolError{"Internal", err.Error()}
}

func (a *App) handle(req request, state State) (any, error) {
	switch req.Kind {
	case "init_client":
		return a.initClient(req, state)
	case "invoke":
		return a.invoke(req, state)
	case "release_client":
		return nil, nil
	}
	return nil, fmt.Errorf("unknown kind %q", req.Kind)
}

func (a *App) initClient(req request, state State) (any, error) {
	var config struct {
		Account *string `json:"account_name"`
		Token   string  `json:"serviceAccountToken"`
		Name    string  `json:"integrationName"`
		Version string  `json:"integrationVersion"`
	}
	if err := json.Unmarshal(req.Payload, &config); err != nil {
		return nil, err
	}
	a.calls = append(a.calls, req.Kind)
	if f, ok := a.failures[req.Kind]; ok {
		return nil, &f
	}
	if config.Account == nil || config.Token != "" || config.Name == "" || !allowedVersion.MatchString(config.Version) {
		return nil, &protocolError{"InvalidConfiguration", "the desktop app serves named accounts and no tokens"}
	}
	account := *config.Account
	if req.AccountName != "" && req.AccountName != account {
		return nil, &protocolError{"InvalidConfiguration", fmt.Sprintf("the client is for %q and the library for %q", account, req.AccountName)}
	}
	if !a.world.knows(account) {
		return nil, sdkRequest("Account not found")
	}
	if state == Locked {
		return nil, sdkRequest("1Password is locked")
	}
	a.requests++
	if state == Declined {
		return nil, sdkRequest("Denied authorization for SDK client")
	}
	a.nextID++
	a.clients[a.nextID] = client{account: account}
	return a.nextID, nil
}

func (a *App) invoke(req request, state State) (any, error) {
	var inv invocation
	if err := json.Unmarshal(req.Payload, &inv); err != nil {
		return nil, err
	}
	method := inv.Invocation.Parameters.Name
	a.calls = append(a.calls, method)
	c, known := client{}, false
	if inv.Invocation.ClientID != nil {
		c, known = a.clients[*inv.Invocation.ClientID]
	}
	switch {
	case !known || c.gone == "Internal":
		return nil, &protocolError{"Internal", "an internal error occurred, please contact 1Password: Invalid client ID"}
	case c.gone != "" || state == Expired:
		return nil, &protocolError{"DesktopSessionExpired", "the desktop session has expired"}
	case state == Locked:
		return nil, sdkRequest("1Password is locked")
	case state == RateLimited:
		return nil, &protocolError{"RateLimitExceeded", "rate limit exceeded"}
	case state == Offline:
		return nil, &protocolError{"Item", "http error: reqwest: error sending request for url"}
	}
	if f, ok := a.failures[method]; ok {
		return nil, &f
	}
	return a.call(c.account, method, inv.Invocation.Parameters.Parameters, state)
}
