// Command dist makes what a release consists of, into one directory: an archive
// for each system, packages (deb, rpm, apk, with nfpm), a bill of materials for
// each binary, manifests for Homebrew, Scoop and winget, and checksums. It owns
// the names and the layout of those files; it publishes nothing. The same source,
// version and Go give the same bytes, wherever the checkout lies.
//
// What only the project's owner can know (where a release is downloaded from, who
// answers for a package) comes in by flags and is left out where it is not given.
//
// With -notice it writes NOTICE instead: the licences of every module that any of
// the binaries links.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// release is what is made and of what.
type release struct {
	version  string
	commit   string
	date     time.Time // of the commit; the time of every file
	out      string
	targets  []target
	nfpm     string // the program; "" for no packages
	url      string // where the files can be downloaded, without the last slash
	homepage string
	contact  string // of the packages: NAME <ADDRESS>
	licences map[string]licence
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var r release
	var date, wanted string
	var notice bool
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.StringVar(&r.version, "version", "", "the version, such as 1.2.3")
	flags.StringVar(&r.commit, "commit", "", "the commit that is built")
	flags.StringVar(&date, "date", "", "its time, RFC 3339")
	flags.StringVar(&r.out, "out", "dist", "the directory to write; what it holds is replaced")
	flags.StringVar(&wanted, "targets", "", "the targets to build, separated by spaces; empty is all")
	flags.StringVar(&r.nfpm, "nfpm", "", "the program nfpm; empty is no packages")
	flags.StringVar(&r.url, "release-url", "", "where the files will be downloaded from; empty is no manifests")
	flags.StringVar(&r.homepage, "homepage", "", "the project's page")
	flags.StringVar(&r.contact, "contact", "", "who answers for the packages, as NAME <ADDRESS>")
	flags.BoolVar(&notice, "notice", false, "write NOTICE and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if r.licences, err = linkedLicences(ctx); err != nil {
		return err
	}
	if notice {
		return os.WriteFile("NOTICE", noticeOf(r.licences), 0o644)
	}
	if r.date, err = time.Parse(time.RFC3339, date); err != nil {
		return fmt.Errorf("-date: %w", err)
	}
	if r.version == "" || r.commit == "" {
		return errors.New("-version and -commit are needed")
	}
	r.date, r.url = r.date.UTC(), strings.TrimRight(r.url, "/")
	if r.targets, err = chosen(wanted); err != nil {
		return err
	}
	return r.make(ctx)
}

// make writes the whole directory anew.
func (r *release) make(ctx context.Context) error {
	if err := clear(r.out); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "jira-dist")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	if err := checkNotice("NOTICE", r.licences); err != nil {
		return err
	}
	shared, err := sharedFiles(ctx, work)
	if err != nil {
		return err
	}
	for _, t := range r.targets {
		if err := r.makeTarget(ctx, t, work, shared); err != nil {
			return fmt.Errorf("%s: %w", t.name(), err)
		}
	}
	if err := r.manifests(); err != nil {
		return err
	}
	return r.checksums()
}

// clear removes an earlier release, and nothing that is not one: -out may name any
// directory.
func clear(dir string) error {
	files, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, sumsName)); err != nil && len(files) > 0 {
		return fmt.Errorf("%s is not empty and holds no release; remove it, or name another directory", dir)
	}
	return os.RemoveAll(dir)
}

func (r *release) makeTarget(ctx context.Context, t target, work string, shared []entry) error {
	binary := filepath.Join(work, t.name(), t.binary())
	if err := r.build(ctx, t, binary); err != nil {
		return err
	}
	base := filepath.Join(r.out, r.base(t))
	files := append([]entry{{name: t.binary(), path: binary, mode: 0o755}}, shared...)
	if err := writeArchive(base+t.archive(), filepath.Base(base), files, r.date); err != nil {
		return err
	}
	bill, err := r.bill(binary, t)
	if err == nil {
		err = os.WriteFile(base+".cdx.json", bill, 0o644)
	}
	if err != nil || t.os != "linux" || r.nfpm == "" {
		return err
	}
	return r.packages(ctx, t, binary, work)
}

// base is the name of a target's files, without their endings.
func (r *release) base(t target) string { return "jira_" + r.version + "_" + t.name() }

// say prints one line about what is left out and why.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "dist: "+format+"\n", args...) }

// chosen are the targets with the names, all for none.
func chosen(names string) ([]target, error) {
	if names == "" {
		return allTargets, nil
	}
	var list []target
	for _, name := range strings.Fields(names) {
		i := slices.IndexFunc(allTargets, func(t target) bool { return t.name() == name })
		if i < 0 {
			return nil, fmt.Errorf("no target %q", name)
		}
		list = append(list, allTargets[i])
	}
	return list, nil
}
