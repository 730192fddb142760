// Command cobra is the floor for start-up: a program of thirty commands, two
// flags each, that answers --version and does nothing else.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "floor", Short: "A program of thirty commands", Version: "1.0.0"}
	for g := range 6 {
		group := &cobra.Command{Use: fmt.Sprintf("group%d", g), Short: "A group of commands"}
		for c := range 4 {
			leaf := &cobra.Command{Use: fmt.Sprintf("command%d", c), Short: "A command", Run: func(*cobra.Command, []string) {}}
			leaf.Flags().String("name", "", "a name")
			leaf.Flags().Bool("force", false, "do it anyway")
			group.AddCommand(leaf)
		}
		root.AddCommand(group)
	}
	if root.Execute() != nil {
		os.Exit(1)
	}
}
