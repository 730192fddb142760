//go:build cgo

// This file makes the compiler accept a function without a body: hook.go links
// it to the SDK's.
