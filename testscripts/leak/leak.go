// Package leak owns what the harnesses of both kinds of transcripts demand of
// everything that the program wrote: no secret in any form, no file that
// somebody else can read, nothing half done left behind. It is for tests only
// and knows nothing of how a program is run.
package leak

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// user is who the tokens belong to, in the form of basic authentication.
const user = "john.doe@example.com"

// File is what is remembered of a file or directory between two commands.
type File struct {
	Text string // of a regular file that can be read
	Mode fs.FileMode
}

// Below returns everything below a directory, by path.
func Below(root string) (map[string]File, error) {
	files := map[string]File{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		file := File{Mode: info.Mode()}
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil && !errors.Is(err, fs.ErrPermission) { // a transcript may take it away
				return err
			}
			file.Text = string(text)
		}
		files[path] = file
		return nil
	})
	return files, err
}

// Written returns what is wrong with what a command made or changed below root,
// nil where nothing is. tokens are the secrets by name.
func Written(root string, before, after map[string]File, tokens map[string]string) error {
	for path, now := range after {
		was, existed := before[path]
		name := strings.TrimPrefix(path, root)
		switch {
		case now.Mode.IsDir() && !existed && now.Mode.Perm() != 0o700:
			return fmt.Errorf("the directory %s was made with mode %04o", name, now.Mode.Perm())
		case !now.Mode.IsRegular() || existed && was.Text == now.Text:
		case now.Mode.Perm() != 0o600:
			return fmt.Errorf("%s was written with mode %04o", name, now.Mode.Perm())
		case strings.HasSuffix(name, ".tmp"):
			return fmt.Errorf("%s was left behind", name)
		default:
			if form := Find(tokens, now.Text); form != "" {
				return fmt.Errorf("%s holds %s", name, form)
			}
		}
	}
	return nil
}

// Find returns in which form a text holds one of the tokens, "" for none.
func Find(tokens map[string]string, text string) string {
	for name, token := range tokens {
		forms := map[string]string{
			"plain": token, "URL-escaped": url.QueryEscape(token),
			"basic authentication": base64.StdEncoding.EncodeToString([]byte(user + ":" + token)),
		}
		for i := range 3 { // the three alignments of base64 within a longer text
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", i) + token))
			forms["base64"+strings.Repeat("'", i)] = encoded[(i*8+5)/6 : len(encoded)-4]
		}
		for form, leaked := range forms {
			if strings.Contains(text, leaked) {
				return name + " in its form " + form
			}
		}
	}
	return ""
}
