package cli

import "github.com/spf13/cobra"

// Tree returns the whole command tree, for the generator of the reference. Its
// commands must not be run: there is no host and no graph behind them.
func Tree() *cobra.Command { return New(Host{}, nil).Root() }
