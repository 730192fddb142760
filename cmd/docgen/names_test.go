package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fenced = regexp.MustCompile("(?s)```.*?\n *```")
	path   = regexp.MustCompile("`((?:adapters|app|cmd|domain|ports|testscripts|docs)/[A-Za-z0-9_./-]*[A-Za-z0-9_])`")
	member = regexp.MustCompile("`([A-Za-z]+)\\.([A-Za-z]+)`")
)

// TestArchitectureNamesWhatIsThere: the files and packages that the documents
// for contributors name exist.
func TestArchitectureNamesWhatIsThere(t *testing.T) {
	for _, file := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md"} {
		found := path.FindAllStringSubmatch(prose(t, filepath.Join(root, file)), -1)
		if len(found) == 0 {
			t.Errorf("%s names nothing", file)
		}
		for _, m := range found {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s names %s, which is not there", file, m[1])
			}
		}
	}
}

// TestArchitectureNamesFunctions: the life of a command is told with functions
// that exist: package.Function, package.Type or Type.Method.
func TestArchitectureNamesFunctions(t *testing.T) {
	known := declared(t)
	_, life, _ := strings.Cut(prose(t, filepath.Join(root, "ARCHITECTURE.md")), "## The life of one command")
	life, _, _ = strings.Cut(life, "\n## Decisions")
	found := member.FindAllStringSubmatch(life, -1)
	if len(found) < 20 {
		t.Errorf("only %d names were found", len(found))
	}
	for _, m := range found {
		if m[2] != "go" && !known[m[1]+"."+m[2]] { // rows.go is a file
			t.Errorf("ARCHITECTURE.md names %s.%s, which is not there", m[1], m[2])
		}
	}
}

// declared are the names of the module's functions, methods and types,
// as package.Name and Type.Name, and what is named of fx.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{"fx.Populate": true}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			for _, name := range namesOf(decl) {
				names[name] = true
				if !strings.Contains(name, ".") {
					names[file.Name.Name+"."+name] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// namesOf are the names of a declaration; those of a type's members as
// Type.Member.
func namesOf(decl ast.Decl) []string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		kind := d.Recv.List[0].Type
		if star, ok := kind.(*ast.StarExpr); ok {
			kind = star.X
		}
		if id, ok := kind.(*ast.Ident); ok {
			names = append(names, id.Name+"."+d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			kind, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			names = append(names, kind.Name.Name)
			if port, ok := kind.Type.(*ast.InterfaceType); ok {
				for _, m := range port.Methods.List {
					for _, id := range m.Names {
						names = append(names, kind.Name.Name+"."+id.Name)
					}
				}
			}
		}
	}
	return names
}

// prose is a document without its code blocks.
func prose(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return fenced.ReplaceAllString(string(text), "")
}
