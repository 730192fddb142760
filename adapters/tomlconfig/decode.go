package tomlconfig

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/viper"

	"jira-cli/adapters/tomlconfig/edit"
	"jira-cli/domain/fault"
	"jira-cli/domain/profile"
	"jira-cli/ports/task"
)

// bom is what some editors put before UTF-8 text. It is skipped and kept.
var bom = []byte("\xef\xbb\xbf")

// invalid is a defect of the file's text. The place is added to the message by
// inFile, which knows the file.
type invalid struct {
	edit.Position
	fault *fault.Fault
}

func (i *invalid) Error() string { return i.fault.Error() }

// inFile turns a defect of the text into the fault that names the file.
func inFile(path string, err error) error {
	at, ok := err.(*invalid) // itself: as a cause it is about another text
	if !ok {
		return err
	}
	f := *at.fault
	f.Message = fmt.Sprintf("%s, %s: %s", path, at.Position, f.Message)
	return &f
}

// decode reads the text of a config file. Errors are *invalid.
func decode(text []byte) (profile.Config, error) {
	doc, err := parse(text)
	if err != nil {
		return profile.Config{}, err
	}
	return decodeDocument(doc)
}

// large is the size from which a text can take longer to decode than a run may.
const large = 64 << 10

// decodeWithin is decode that ends with the run.
func decodeWithin(ctx context.Context, text []byte) (profile.Config, error) {
	if len(text) < large {
		return decode(text)
	}
	return task.Call(ctx, func(context.Context) (profile.Config, error) { return decode(text) }, nil)
}

func parse(text []byte) (*edit.Document, error) {
	doc, err := edit.Parse(bytes.TrimPrefix(text, bom))
	if err == nil {
		return doc, nil
	}
	i := &invalid{Position: edit.Position{Line: 1, Column: 1}, fault: fault.New(fault.ConfigInvalid, "%v", err)}
	var syntax *edit.SyntaxError
	if errors.As(err, &syntax) {
		i.Position, i.fault.Message = syntax.Position, syntax.Text
	}
	return nil, i
}

func decodeDocument(doc *edit.Document) (profile.Config, error) {
	c, found := examine(doc)
	c.DefaultAt = locate(doc, []string{"default_profile"}).String()
	return c, found.first(doc)
}

// problemsOf returns everything that a document is refused for, as far as one
// look shows it.
func problemsOf(doc *edit.Document) problems {
	_, found := examine(doc)
	return found
}

// examine reads a document, its shape first. Values of the right shape are
// checked also beside others of a wrong one, so that all problems are known.
func examine(doc *edit.Document) (profile.Config, problems) {
	var found problems
	known := checkShape(doc.Tree(), &found)
	layer, err := readLayer(known)
	if err != nil {
		found.add(nil, fault.Wrap(err, fault.ConfigInvalid, "the values do not fit"))
		return profile.Config{}, found
	}
	c := layer.config(&found)
	return c, found
}

// fileLayer is the config file as viper decodes it.
type fileLayer struct {
	Default  string
	Settings profile.Settings
	Profiles map[string]fileProfile
}

type fileProfile struct {
	BaseURL     string          `mapstructure:"base_url"`
	Email       string          `mapstructure:"email"`
	Username    string          `mapstructure:"username"`
	AuthType    string          `mapstructure:"auth_type"`
	AccountID   string          `mapstructure:"account_id"`
	Deployment  string          `mapstructure:"deployment"`
	CloudID     string          `mapstructure:"cloud_id"`
	TokenKind   string          `mapstructure:"token_kind"`
	TokenExpiry string          `mapstructure:"token_expiry"`
	Network     *fileNetwork    `mapstructure:"network"`
	Credential  *fileReference  `mapstructure:"credential"`
	OnePassword filePlace       `mapstructure:"onepassword"`
	Leftovers   []fileReference `mapstructure:"leftover"`
}

type fileReference struct {
	Backend  string   `mapstructure:"backend"`
	Site     string   `mapstructure:"site"`
	Service  string   `mapstructure:"service"`
	Account  string   `mapstructure:"account"`
	Vault    string   `mapstructure:"vault"`
	Item     string   `mapstructure:"item"`
	Field    string   `mapstructure:"field"`
	Path     string   `mapstructure:"path"`
	Variable string   `mapstructure:"variable"`
	Argv     []string `mapstructure:"argv"`
}

type filePlace struct {
	Account string `mapstructure:"account"`
	Vault   string `mapstructure:"vault"`
	Item    string `mapstructure:"item"`
	Field   string `mapstructure:"field"`
}

// readLayer decodes a checked tree. The delimiter cannot occur in a key, so
// that viper splits none.
func readLayer(known map[string]any) (fileLayer, error) {
	v := viper.NewWithOptions(viper.KeyDelimiter("\x00"))
	if err := v.MergeConfigMap(known); err != nil {
		return fileLayer{}, err
	}
	l := fileLayer{Default: v.GetString("default_profile")}
	l.Settings = profile.Settings{
		Output:  v.GetString("output"),
		Timeout: v.GetString("timeout"),
		NoInput: v.GetString("no_input"),
		NoColor: v.GetString("no_color"),
	}
	return l, v.UnmarshalKey("profiles", &l.Profiles)
}
