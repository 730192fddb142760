package onepassword

// SetInstalled makes the store believe that the app is, or is not, installed
// where the SDK looks for it.
func (s *Store) SetInstalled(yes bool) { s.installed = func() bool { return yes } }

// Settle waits for what a test abandoned in the SDK.
func (s *Store) Settle() {
	s.turn <- struct{}{}
	<-s.turn
}

// MaxText is the length to which upstream texts are cut.
const MaxText = longest

// TranslateText exposes translate for texts as the SDK returns them.
func TranslateText(err error, service bool, hidden ...string) error {
	return settle(translate(err, service, hidden...))
}
