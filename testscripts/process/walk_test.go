//go:build linux

package process_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// doubles are the adapters of tests.
var doubles = []string{"memory", "faulty", "fakejira", "internal"}

// TestEveryPortHasItsForeignInput walks the ports: what one brings in from
// outside stands in the table in each shape, or the table says why nothing does.
func TestEveryPortHasItsForeignInput(t *testing.T) {
	met := map[string][]shape{}
	for _, row := range foreigners {
		for port := range strings.FieldsSeq(row.ports) {
			met[port] = append(met[port], row.forms()...)
		}
	}
	ports := interfaces(t, "../../ports")
	for _, port := range ports {
		if _, is := domestic[port]; is {
			continue
		}
		for _, form := range shapes {
			if !slices.Contains(met[port], form) {
				t.Errorf("nothing tests what comes through the port %s when it is %s: add a row to foreigners", port, form)
			}
		}
	}
	for port := range met {
		if !slices.Contains(ports, port) || domestic[port] != "" {
			t.Errorf("foreigners has a row for %s, which is no port, or one through which nothing foreign comes", port)
		}
	}
	for port := range domestic {
		if !slices.Contains(ports, port) {
			t.Errorf("domestic names %s, which is no port", port)
		}
	}
}

// TestEveryAdapterHasItsForeignInput walks the adapters that serve ports.
func TestEveryAdapterHasItsForeignInput(t *testing.T) {
	met := map[string]bool{}
	for _, row := range foreigners {
		met[row.adapter] = true
	}
	folders, err := os.ReadDir("../../adapters")
	if err != nil || len(folders) == 0 {
		t.Fatal("there are no adapters")
	}
	for _, folder := range folders {
		name := folder.Name()
		if !folder.IsDir() || slices.Contains(doubles, name) || domesticAdapters[name] != "" {
			continue
		}
		if !met[name] {
			t.Errorf("nothing tests what the adapter %s reads: add a row to foreigners", name)
		}
		delete(met, name)
	}
	for name := range met {
		t.Errorf("foreigners has a row for %s, which is no adapter", name)
	}
}

// interfaces are the exported interfaces of a package.
func interfaces(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, is := n.(*ast.TypeSpec)
			if !is {
				return true
			}
			if _, is := spec.Type.(*ast.InterfaceType); is && spec.Name.IsExported() {
				names = append(names, spec.Name.Name)
			}
			return false
		})
	}
	if len(names) == 0 {
		t.Fatal("there are no ports")
	}
	return names
}
