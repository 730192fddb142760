package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// The members of a CycloneDX 1.6 document that are used here
// (https://cyclonedx.org/docs/1.6/json/).
type (
	bom struct {
		Format       string         `json:"bomFormat"`
		Spec         string         `json:"specVersion"`
		Serial       string         `json:"serialNumber"`
		Version      int            `json:"version"`
		Metadata     bomMetadata    `json:"metadata"`
		Components   []bomComponent `json:"components"`
		Dependencies []bomDepends   `json:"dependencies"`
	}
	bomMetadata struct {
		Timestamp string       `json:"timestamp"`
		Component bomComponent `json:"component"`
	}
	bomComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref"`
		Name       string        `json:"name"`
		Version    string        `json:"version,omitempty"`
		PURL       string        `json:"purl,omitempty"`
		Hashes     []bomHash     `json:"hashes,omitempty"`
		Licences   []bomLicence  `json:"licenses,omitempty"`
		Properties []bomProperty `json:"properties,omitempty"`
	}
	bomHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	bomLicence struct {
		Expression string `json:"expression"` // SPDX
	}
	bomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	bomDepends struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
)

// bill is the bill of materials of a binary: what the module data that the linker
// wrote into it says, and no file of the checkout.
func (r *release) bill(binary string, t target) ([]byte, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	sum, err := digest(binary)
	if err != nil {
		return nil, err
	}
	main := bomComponent{Type: "application", Ref: "jira", Name: "jira", Version: r.version,
		Hashes: []bomHash{{"SHA-256", sum}}, Properties: []bomProperty{{"target", t.name()}, {"commit", r.commit}}}
	doc := bom{Format: "CycloneDX", Spec: "1.6", Version: 1, Serial: serial(sum),
		Metadata: bomMetadata{r.date.Format(time.RFC3339), main}}
	depends := bomDepends{Ref: main.Ref}
	add := func(path, version, goSum string) error {
		l, known := r.licences[path]
		if !known {
			return fmt.Errorf("the binary links %s, whose licence was not read", path)
		}
		c := bomComponent{Type: "library", Name: path, Version: version, PURL: "pkg:golang/" + path + "@" + version}
		c.Ref = c.PURL
		c.Licences = []bomLicence{{l.spdx}}
		if goSum != "" {
			c.Properties = []bomProperty{{"go.sum", goSum}}
		}
		doc.Components = append(doc.Components, c)
		depends.DependsOn = append(depends.DependsOn, c.Ref)
		return nil
	}
	if err := add("std", info.GoVersion, ""); err != nil {
		return nil, err
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		if err := add(m.Path, m.Version, m.Sum); err != nil {
			return nil, err
		}
	}
	doc.Dependencies = []bomDepends{depends}
	text, err := json.MarshalIndent(doc, "", "  ")
	return append(text, '\n'), err
}

// serial is a UUID that follows from the binary, so that the same bytes have the
// same bill (RFC 9562, version 8).
func serial(sum string) string {
	raw := sha256.Sum256([]byte("bill of " + sum))
	raw[6] = raw[6]&0x0f | 0x80
	raw[8] = raw[8]&0x3f | 0x80
	text := hex.EncodeToString(raw[:16])
	return "urn:uuid:" + text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
