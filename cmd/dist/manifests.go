package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

// archived is what a manifest says of one archive.
type archived struct {
	URL, SHA256, Dir string
}

// manifests writes what Homebrew, Scoop and winget read. They name addresses and
// people, so they are made only where those were given.
func (r *release) manifests() error {
	if r.url == "" {
		say("no -release-url: no Homebrew, Scoop and winget manifests")
		return nil
	}
	files, err := r.archives()
	if err != nil {
		return err
	}
	if err := r.homebrew(files); err != nil {
		return err
	}
	if err := r.scoop(files); err != nil {
		return err
	}
	return r.winget(files)
}

// archives are the archives that were made, by target.
func (r *release) archives() (map[string]archived, error) {
	files := map[string]archived{}
	for _, t := range r.targets {
		base := r.base(t)
		sum, err := digest(filepath.Join(r.out, base+t.archive()))
		if err != nil {
			return nil, err
		}
		files[t.name()] = archived{r.url + "/" + base + t.archive(), sum, base}
	}
	return files, nil
}

// has reports whether every target was built; a manifest needs all it names.
func (r *release) has(files map[string]archived, manifest string, targets ...string) bool {
	missing := slices.ContainsFunc(targets, func(name string) bool { return files[name].URL == "" })
	if missing {
		say("not all of %s were built: no manifest for %s", strings.Join(targets, ", "), manifest)
	}
	return !missing
}

var formula = `class Jira < Formula
  desc "Log in to Atlassian products from the command line"
  homepage "{{.Homepage}}"
  version "{{.Version}}"
  license "MIT"

  on_macos do
    on_arm do
      url "{{.Files.darwin_arm64.URL}}"
      sha256 "{{.Files.darwin_arm64.SHA256}}"
    end
    on_intel do
      url "{{.Files.darwin_amd64.URL}}"
      sha256 "{{.Files.darwin_amd64.SHA256}}"
    end
  end

  on_linux do
    on_arm do
      url "{{.Files.linux_arm64.URL}}"
      sha256 "{{.Files.linux_arm64.SHA256}}"
    end
    on_intel do
      url "{{.Files.linux_amd64.URL}}"
      sha256 "{{.Files.linux_amd64.SHA256}}"
    end
  end

  def install
    bin.install "jira"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/jira.bash" => "jira"
    zsh_completion.install "completions/jira.zsh" => "_jira"
    fish_completion.install "completions/jira.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/jira version")
  end
end
`

func (r *release) homebrew(files map[string]archived) error {
	if !r.has(files, "Homebrew", "darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64") {
		return nil
	}
	return r.write("homebrew/jira.rb", formula, files)
}

func (r *release) scoop(files map[string]archived) error {
	if !r.has(files, "Scoop", "windows_amd64", "windows_arm64") {
		return nil
	}
	part := func(target string) map[string]string {
		f := files[target]
		return map[string]string{"url": f.URL, "hash": f.SHA256, "extract_dir": f.Dir}
	}
	text, err := json.MarshalIndent(map[string]any{
		"version": r.version, "description": "Log in to Atlassian products from the command line",
		"homepage": r.homepage, "license": "MIT", "bin": "jira.exe",
		"architecture": map[string]any{"64bit": part("windows_amd64"), "arm64": part("windows_arm64")},
	}, "", "  ")
	if err != nil {
		return err
	}
	return r.save("scoop/jira.json", append(text, '\n'))
}

// The three files of a package (https://learn.microsoft.com/windows/package-manager/package/manifest).
var wingetFiles = map[string]string{
	"version": `PackageIdentifier: {{.Identifier}}
PackageVersion: {{.Version}}
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.6.0
`,
	"locale.en-US": `PackageIdentifier: {{.Identifier}}
PackageVersion: {{.Version}}
PackageLocale: en-US
Publisher: {{.Publisher}}
PackageName: jira
PackageUrl: {{.Homepage}}
License: MIT
ShortDescription: Log in to Atlassian products from the command line
ManifestType: defaultLocale
ManifestVersion: 1.6.0
`,
	"installer": `PackageIdentifier: {{.Identifier}}
PackageVersion: {{.Version}}
InstallerType: zip
NestedInstallerType: portable
Commands:
  - jira
Installers:
{{- range $architecture, $file := .Windows}}
  - Architecture: {{$architecture}}
    InstallerUrl: {{$file.URL}}
    InstallerSha256: {{$file.SHA256}}
    NestedInstallerFiles:
      - RelativeFilePath: {{$file.Dir}}\jira.exe
        PortableCommandAlias: jira
{{- end}}
ManifestType: installer
ManifestVersion: 1.6.0
`,
}

func (r *release) winget(files map[string]archived) error {
	if r.contact == "" {
		say("no -contact: no winget manifest, which names its publisher")
		return nil
	}
	if !r.has(files, "winget", "windows_amd64", "windows_arm64") {
		return nil
	}
	for name, text := range wingetFiles {
		ending := "." + name
		if name == "version" {
			ending = ""
		}
		if err := r.write("winget/"+r.identifier()+ending+".yaml", text, files); err != nil {
			return err
		}
	}
	return nil
}

// publisher is the name in the contact.
func (r *release) publisher() string {
	name, _, _ := strings.Cut(r.contact, "<")
	return strings.TrimSpace(name)
}

// identifier is winget's name of the package.
func (r *release) identifier() string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '.' {
			return -1
		}
		return c
	}, r.publisher()) + ".jira"
}

func (r *release) write(name, text string, files map[string]archived) error {
	parsed, err := template.New(name).Option("missingkey=error").Parse(text)
	if err != nil {
		return err
	}
	var out strings.Builder
	err = parsed.Execute(&out, map[string]any{
		"Version": r.version, "Homepage": r.homepage, "Files": files, "Publisher": r.publisher(), "Identifier": r.identifier(),
		"Windows": map[string]archived{"x64": files["windows_amd64"], "arm64": files["windows_arm64"]},
	})
	if err != nil {
		return err
	}
	return r.save(name, []byte(out.String()))
}

func (r *release) save(name string, text []byte) error {
	path := filepath.Join(r.out, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
