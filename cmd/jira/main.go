// Command jira keeps Jira credentials, proves them, and moves them between
// stores.
package main

import (
	"os"

	"jira-cli/cmd/wire"
)

func main() { os.Exit(wire.Main(os.Args[1:])) }
