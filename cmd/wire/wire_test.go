package wire

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"jira-cli/adapters/cli"
	"jira-cli/adapters/system"
	"jira-cli/app"
	"jira-cli/ports"
)

func graph() *Graph {
	return NewGraph(Process{Env: system.NewEnvironment(), Home: "/nowhere", Environ: func() []string { return nil }}, Doubles{})
}

// fx passes an application with a dependency missing that no target asks for,
// so everything that can be constructed is asked for, one at a time.
func TestEveryGraphIsComplete(t *testing.T) {
	t.Parallel()
	g := graph()
	settings := &cli.Settings{}
	constructors := g.constructors(settings)
	useCases := 0
	for _, c := range constructors {
		made := reflect.TypeOf(c).Out(0)
		if made.Kind() == reflect.Pointer && made.Elem().PkgPath() == "jira-cli/app" {
			useCases++
		}
		if err := g.Validate(settings, reflect.New(made).Interface()); err != nil {
			t.Errorf("%s: %v", made, err)
		}
	}
	if useCases < 15 {
		t.Errorf("only %d use cases", useCases)
	}
}

func TestAGraphThatIsNotCompleteIsRefused(t *testing.T) {
	t.Parallel()
	g := graph()
	var nobody interface{ Nobody() }
	if err := g.Validate(&cli.Settings{}, &nobody); err == nil {
		t.Error("a target that nothing makes is not missed")
	}
	if _, err := g.Build(&cli.Settings{}, &nobody); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("building it says %v", err)
	}
}

// A command pays for what it needs: auth token has no use for Jira or stdin.
func TestOnlyWhatIsNeededIsProvided(t *testing.T) {
	t.Parallel()
	g := graph()
	all := g.constructors(&cli.Settings{})
	var token *app.Token
	var config ports.Config
	some := needed(all, []any{&config, &token})
	made := map[reflect.Type]bool{}
	for _, c := range some {
		made[reflect.TypeOf(c).Out(0)] = true
	}
	for _, not := range []reflect.Type{reflect.TypeFor[ports.Jira](), reflect.TypeFor[ports.SecretInput](), reflect.TypeFor[*app.Login]()} {
		if made[not] {
			t.Errorf("%s is provided", not)
		}
	}
	if len(made) != len(some) || !made[reflect.TypeFor[ports.Stores]()] {
		t.Errorf("provided: %v", made)
	}
	stop, err := g.Build(&cli.Settings{}, &config, &token)
	if err != nil || token == nil || config == nil {
		t.Fatal(token, config, err)
	}
	if err := stop(context.Background()); err != nil {
		t.Error(err)
	}
}
