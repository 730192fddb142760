// Package onepassword keeps secrets in fields of 1Password items, through the
// official Go SDK. It owns which vault, item and field a reference means, what
// of an item may be touched (the managed field and nothing else), how long
// 1Password may keep a run waiting, and what each of its failures is called.
//
// It refuses to own where items are (profile.Reference says so), whether a
// credential is any good, and the items themselves: it creates them and never
// deletes one, nor any field but by emptying the managed one. One that it made
// and has to take back at once goes to the archive.
//
// The SDK adds 20 MB to a binary and needs CGO for the desktop app, so it is
// linked with CGO only and imported by sdk_cgo.go alone; everything else here
// works on the few types of client.go. Without CGO New refuses.
//
// # Which field
//
// Items are of 1Password's category Password with the token in its own field,
// "password": that category's fields need no section, the app shows and copies
// it in one click, and it is the category that the documentation speaks of. In
// an item of category API Credential that a person made by hand the default is
// that category's own field, "credential". A reference may name any other
// field; it is created in a section of its own where the item lacks it.
package onepassword
