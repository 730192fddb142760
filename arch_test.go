// Package arch holds the test that the layers are what ARCHITECTURE.md says:
// who may import whom, which package alone uses which library, and what the
// shipped binary must not contain.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "jira-cli/"

// source is one Go file, whatever its build tags.
type source struct {
	path string // slashes, from the module's root
	dir  string
	test bool
	file *ast.File
	set  *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || path != "." && strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		slash := filepath.ToSlash(path)
		all = append(all, source{slash, filepath.ToSlash(filepath.Dir(path)), strings.HasSuffix(name, "_test.go"), file, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d files were found", len(all))
	}
	return all
}

func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, path)
	}
	return paths
}

func within(dir string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") })
}

// doubles are linked into tests only; they may look at what they stand in for.
var doubles = []string{"adapters/memory", "adapters/faulty", "adapters/fakejira", "adapters/onepassword/optest", "adapters/keychain/keyringtest"}

// mayImport says which of the module's packages a package may import.
func mayImport(from, to string) bool {
	switch {
	case within(from, "domain"):
		return within(to, "domain")
	case within(from, "ports"):
		return within(to, "domain", "ports")
	case within(from, "app"):
		return within(to, "domain", "ports", "app")
	case within(from, "adapters/cli"):
		return within(to, "domain", "ports", "app", "adapters/cli")
	case within(from, "adapters/memory"):
		return within(to, "domain", "ports", "adapters/memory", "adapters/terminal/dialogue")
	case within(from, "adapters"):
		own := strings.Join(strings.Split(from, "/")[:2], "/")
		return within(to, "domain", "ports", "adapters/internal", own)
	}
	return true // cmd and the tests put everything together
}

func TestLayers(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || strings.HasSuffix(s.path, "_optest.go") { // a tag that only tests build with
			continue
		}
		for _, path := range s.imports() {
			to, ours := strings.CutPrefix(path, module)
			first, _, _ := strings.Cut(path, "/")
			switch {
			case ours && !mayImport(s.dir, to):
				t.Errorf("%s imports %s", s.path, to)
			case ours && within(to, doubles...) && !within(s.dir, doubles...) && !within(s.dir, "cmd/fakejira", "cmd/demo", "cmd/bench"):
				t.Errorf("%s imports the double %s", s.path, to)
			case !ours && strings.Contains(first, ".") && within(s.dir, "domain", "ports", "app") && s.dir != "ports/portstest":
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

// homes are the packages that alone use a library; tests are free.
var homes = map[string][]string{
	"github.com/spf13/cobra":                     {"adapters/cli", "cmd/docgen", "cmd/bench/floor"},
	"github.com/spf13/pflag":                     {"adapters/cli", "cmd/docgen"},
	"github.com/spf13/viper":                     {"adapters/tomlconfig"},
	"github.com/pelletier/go-toml":               {"adapters/tomlconfig"},
	"github.com/zalando/go-keyring":              {"adapters/keychain"},
	"github.com/godbus/dbus":                     {"adapters/keychain"},
	"github.com/1password/onepassword-sdk-go":    {"adapters/onepassword"},
	"filippo.io/age":                             {"adapters/filestore"},
	"go.uber.org/fx":                             {"cmd/wire"},
	"go.uber.org/dig":                            {"cmd/wire"},
	"github.com/jarcoal/httpmock":                {"adapters/fakejira"},
	"github.com/rogpeppe/go-internal/testscript": {},
	"golang.org/x/term":                          {"adapters/terminal", "cmd/wire"},
}

func TestEveryLibraryHasOneHome(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		for _, path := range s.imports() {
			for library, home := range homes {
				if path != library && !strings.HasPrefix(path, library+"/") {
					continue
				}
				used[library] = true
				if !s.test && !within(s.dir, home...) {
					t.Errorf("%s imports %s", s.path, path)
				}
			}
		}
	}
	for library := range homes {
		if !used[library] {
			t.Errorf("nothing imports %s", library)
		}
	}
}

// owners are the places that may use what makes a program depend on its
// surroundings. "" is nobody.
var owners = map[string][]string{
	"time.Now": {"adapters/system", "adapters/fakejira", "cmd/fakejira", "cmd/bench"}, "time.Since": {"adapters/system", "cmd/bench"},
	"time.Sleep": {"adapters/internal/atomicfile"}, "os.Getenv": {""}, "os.LookupEnv": {"adapters/system", "cmd/fakejira"}, "os.Environ": {"cmd"}, "os.Exit": {"cmd"},
	"http.DefaultClient": {""}, "http.DefaultTransport": {""}, "http.Get": {""}, "log.Print": {""}, "log.Printf": {""}, "log.Fatal": {"cmd/fakejira"},
	"log.SetOutput": {"cmd/wire"}, "log.Default": {""}, "slog.Default": {""}, "os.Stdout": {"cmd"}, "os.Stderr": {"cmd", "adapters/terminal"},
	"fmt.Println": {""}, "fmt.Printf": {""}, "fmt.Print": {""},
}

// revealers are the files that may see a secret's text: where it is stored, put
// on the wire, or searched for so that it can be taken out.
var revealers = []string{
	"domain/secret/",
	"adapters/keychain/keychain.go", "adapters/filestore/", "adapters/onepassword/", "adapters/jirahttp/", "adapters/commandstore/",
	"adapters/lockoutfile/",                  // for a keyed hash
	"adapters/terminal/dialogue/dialogue.go", // hands a typed answer to the question's check
}

func TestSurroundingsHaveOwners(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || within(s.dir, "ports/portstest") || within(s.dir, "adapters/keychain/keyringtest") || within(s.dir, "adapters/onepassword/optest") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "InsecureSkipVerify" {
				t.Errorf("%s: InsecureSkipVerify", s.set.Position(id.Pos()))
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if sel.Sel.Name == "Reveal" && !within(s.dir, doubles...) && !slices.ContainsFunc(revealers, func(p string) bool { return strings.HasPrefix(s.path, p) }) {
				t.Errorf("%s: a secret is revealed", s.set.Position(sel.Pos()))
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Obj == nil {
				if owner, owned := owners[x.Name+"."+sel.Sel.Name]; owned && !within(s.dir, owner...) {
					t.Errorf("%s: %s.%s", s.set.Position(sel.Pos()), x.Name, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// The places that take credentials are written in the source or are the
// profile's own site: a variable that moved one would send a stored token there.
func TestNoVariableMovesAService(t *testing.T) {
	moves := regexp.MustCompile(`JIRA_[A-Z0-9_]*(URL|HOST|ENDPOINT|GATEWAY|ORIGIN)\b`)
	for _, s := range sources(t) {
		if s.test || within(s.dir, doubles...) || within(s.dir, "ports/portstest", "cmd/fakejira", "cmd/demo", "cmd/bench", "testscripts") {
			continue
		}
		text, err := os.ReadFile(filepath.FromSlash(s.path))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range moves.FindAllString(string(text), -1) {
			if name != "JIRA_BASE_URL" { // a whole profile, with a credential of its own
				t.Errorf("%s: %s", s.path, name)
			}
		}
	}
}

func TestEverythingPublicIsExplained(t *testing.T) {
	explained := map[string]bool{}
	for _, s := range sources(t) {
		if s.file.Doc != nil {
			explained[s.dir] = true
		}
		if s.test {
			continue
		}
		for _, decl := range s.file.Decls {
			for _, name := range unexplained(decl) {
				t.Errorf("%s: %s has no comment", s.set.Position(decl.Pos()), name)
			}
		}
	}
	for _, s := range sources(t) {
		if !explained[s.dir] {
			t.Errorf("the package %s has no comment", s.dir)
			explained[s.dir] = true
		}
	}
}

// unexplained returns the exported names of a declaration that nothing
// explains. A group's comment serves its members.
func unexplained(decl ast.Decl) []string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && publicReceiver(d) && !plumbing[d.Name.Name] {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch v := spec.(type) {
			case *ast.TypeSpec:
				if v.Name.IsExported() && d.Doc == nil && v.Doc == nil {
					names = append(names, v.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range v.Names {
					if n.IsExported() && d.Doc == nil && v.Doc == nil && v.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// plumbing are methods that a standard interface explains.
var plumbing = map[string]bool{"Error": true, "Is": true, "Unwrap": true, "String": true, "Set": true, "Type": true}

func publicReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	kind := d.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	id, ok := kind.(*ast.Ident)
	return !ok || id.IsExported()
}

func TestTheBinaryHoldsNoDouble(t *testing.T) {
	banned := []string{"testing", "github.com/jarcoal/httpmock", "github.com/rogpeppe/go-internal/testscript", "github.com/google/go-cmp", module + "ports/portstest"}
	for _, d := range doubles {
		banned = append(banned, module+d)
	}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, cgo := range []string{"0", "1"} {
			list := exec.Command("go", "list", "-deps", "./cmd/jira")
			list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED="+cgo)
			list.Stderr = os.Stderr
			out, err := list.Output()
			if err != nil {
				t.Fatal(err)
			}
			deps := strings.Fields(string(out))
			if len(deps) < 100 {
				t.Fatalf("%s: only %d packages", system, len(deps))
			}
			for _, dep := range deps {
				if within(dep, banned...) {
					t.Errorf("%s with CGO_ENABLED=%s holds %s", system, cgo, dep)
				}
			}
			if has := slices.Contains(deps, "github.com/1password/onepassword-sdk-go"); has != (cgo == "1") {
				t.Errorf("%s with CGO_ENABLED=%s holds the 1Password SDK: %v", system, cgo, has)
			}
			if system == "linux" && slices.Contains(deps, "github.com/zalando/go-keyring") {
				t.Errorf("linux holds go-keyring")
			}
		}
	}
}

// Package variables are made at every start of the program, also for --version.
func TestNothingIsCompiledAtTheStart(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || within(s.dir, doubles...) || within(s.dir, "ports/portstest") {
			continue
		}
		for _, decl := range s.file.Decls {
			if _, variables := decl.(*ast.GenDecl); !variables {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				if _, later := n.(*ast.FuncLit); later {
					return false
				}
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "regexp" && sel.Sel.Name == "MustCompile" {
					t.Errorf("%s: compiled at every start: use sync.OnceValue, or tell the shape by hand", s.set.Position(sel.Pos()))
				}
				return true
			})
		}
	}
}

// size limits keep files and functions readable; the few listed say why.
func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || within(s.dir, "ports/portstest") {
			continue
		}
		if lines := s.set.Position(s.file.End()).Line; lines > 320 && s.dir != "adapters/onepassword/optest" {
			t.Errorf("%s has %d lines", s.path, lines)
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; lines > 65 {
				t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, lines)
			}
		}
	}
}

// unconverted are the files that still start goroutines themselves.
var unconverted = []string{
	"adapters/filestore/turn.go",
}

// A goroutine that nobody recovers takes the process down: those of the program
// are started by ports/task alone.
func TestOneHelperStartsGoroutines(t *testing.T) {
	found := map[string]bool{}
	for _, s := range sources(t) {
		if s.test || within(s.dir, doubles...) || within(s.dir, "ports/portstest", "ports/task", "cmd") {
			continue
		}
		for _, path := range s.imports() {
			if path == "golang.org/x/sync/errgroup" {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if !starts(n) {
				return true
			}
			found[s.path] = true
			if !slices.Contains(unconverted, s.path) {
				t.Errorf("%s: a goroutine is started: use ports/task, which recovers", s.set.Position(n.Pos()))
			}
			return true
		})
	}
	for _, path := range unconverted {
		if !found[path] {
			t.Errorf("%s starts no goroutine: take it off the list", path)
		}
	}
}

// starts reports whether a node begins a goroutine, or makes a WaitGroup, whose
// Go does.
func starts(n ast.Node) bool {
	if _, statement := n.(*ast.GoStmt); statement {
		return true
	}
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	return slices.Contains([]string{"time.AfterFunc", "context.AfterFunc", "sync.WaitGroup"}, x.Name+"."+sel.Sel.Name)
}
