package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// entry is one file of an archive. A zero mode is 0644.
type entry struct {
	name string // in the archive, below its one directory
	path string
	mode os.FileMode
}

// writeArchive writes files under one directory, as a zip or a gzipped tar by the
// path's ending. Times, owners and order are fixed.
func writeArchive(path, dir string, files []entry, at time.Time) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	if strings.HasSuffix(path, ".zip") {
		return writeZip(f, dir, files, at)
	}
	return writeTar(f, dir, files, at)
}

func writeTar(w io.Writer, dir string, files []entry, at time.Time) error {
	packed, err := gzip.NewWriterLevel(w, gzip.BestCompression) // without a name or a time in its header
	if err != nil {
		return err
	}
	out := tar.NewWriter(packed)
	for _, file := range files {
		content, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: dir + "/" + file.name, Size: int64(len(content)), Mode: int64(file.permissions()),
			ModTime: at, Format: tar.FormatUSTAR, // PAX would record more than is meant
		}
		if err := out.WriteHeader(header); err != nil {
			return err
		}
		if _, err := out.Write(content); err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), packed.Close())
}

func writeZip(w io.Writer, dir string, files []entry, at time.Time) error {
	out := zip.NewWriter(w)
	for _, file := range files {
		content, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: dir + "/" + file.name, Method: zip.Deflate, Modified: at}
		header.SetMode(file.permissions())
		part, err := out.CreateHeader(header)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

func (e entry) permissions() os.FileMode {
	if e.mode != 0 {
		return e.mode
	}
	return 0o644
}

// sumsName is the file that `sha256sum -c` reads.
const sumsName = "SHA256SUMS"

// checksums writes the digests of everything in the directory.
func (r *release) checksums() error {
	var lines strings.Builder
	err := filepath.WalkDir(r.out, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		sum, err := digest(path)
		name, relErr := filepath.Rel(r.out, path)
		lines.WriteString(sum + "  " + filepath.ToSlash(name) + "\n")
		return errors.Join(err, relErr)
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, sumsName), []byte(lines.String()), 0o644)
}

// digest is the SHA-256 of a file in hexadecimal.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
