package tomlconfig

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"jira-cli/domain/fault"
	"jira-cli/ports/task"
)

// maxBytes bounds the file; thousands of profiles fit.
const maxBytes = 1 << 20

// read returns the file's bytes, none where it does not exist.
func read(ctx context.Context, path string) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, readFailed(path, err)
	case info.IsDir():
		return nil, fault.New(fault.ConfigReadFailed, "the config file %s is a directory", path)
	case info.Mode().IsRegular():
		return readAll(path)
	}
	return readStream(ctx, path)
}

// readStream reads what is no regular file, such as a named pipe: opening it
// can wait for ever, so the context decides how long it is waited for.
func readStream(ctx context.Context, path string) ([]byte, error) {
	return task.Call(ctx, func(context.Context) ([]byte, error) { return readAll(path) }, nil)
}

func readAll(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, readFailed(path, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, readFailed(path, err)
	}
	if len(text) > maxBytes {
		return nil, fault.New(fault.ConfigInvalid, "the config file %s is larger than %d bytes", path, maxBytes).
			WithHint("check that the path names a config file")
	}
	return text, nil
}
