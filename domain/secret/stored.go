package secret

// Intake is Parse for a secret that a store holds: it may have been put there
// by an editor, another program or a person. The errors are Parse's.
func (s Secret) Intake() (Secret, error) { return Parse(s.Reveal()) }
