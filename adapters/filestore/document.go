package filestore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"unicode/utf8"

	"jira-cli/domain/secret"
)

// document is what the file holds: the secrets by account. It is never changed
// once it is shared; rewrite works on a clone.
type document map[string]secret.Secret

// maxDocument bounds the plain text, in both directions: 2 MiB are thirty secrets
// of the largest size and some seven thousand of the usual one.
const maxDocument = 2 << 20

const documentVersion = 1

var (
	errDocument = errors.New("not a document of this program")
	errNewer    = errors.New("a document of a newer version")
	errFull     = errors.New("the document is too large")
)

// The document as JSON, indented, for people who look at it with age.
type (
	documentJSON struct {
		Version int                  `json:"version"`
		Entries map[string]entryJSON `json:"entries"`
	}
	entryJSON struct {
		Secret string `json:"secret"`
	}
)

func (d document) clone() document {
	if d == nil {
		return document{}
	}
	return maps.Clone(d)
}

// encode returns the plain text.
func encode(d document) ([]byte, error) {
	out := documentJSON{Version: documentVersion, Entries: make(map[string]entryJSON, len(d))}
	for account, s := range d {
		out.Entries[account] = entryJSON{Secret: s.Reveal()}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return nil, errDocument
	}
	if text.Len() > maxDocument {
		return nil, errFull
	}
	return text.Bytes(), nil
}

// decode is the inverse of encode. Its errors are those above and never the
// JSON package's, which quote the input. Members that it does not know make it
// refuse: it could not write them back.
func decode(text []byte) (document, error) {
	var version struct {
		Version int `json:"version"`
	}
	if !utf8.Valid(text) || json.Unmarshal(text, &version) != nil || version.Version < 1 {
		return nil, errDocument
	}
	if version.Version > documentVersion {
		return nil, errNewer
	}
	var in documentJSON
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if dec.Decode(&in) != nil {
		return nil, errNewer
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errDocument
	}
	d := make(document, len(in.Entries))
	for account, e := range in.Entries {
		if account == "" || e.Secret == "" || len(e.Secret) > secret.MaxBytes {
			return nil, errDocument
		}
		d[account] = secret.New(e.Secret)
	}
	return d, nil
}

// isText reports whether JSON can carry the secret unchanged.
func isText(s secret.Secret) bool { return utf8.ValidString(s.Reveal()) }
