package secretservice

// names are the attributes of an item that say nothing of whose it is: the two
// that carry the account, what secret-tool adds, and what KeePassXC shows of its
// entries.
var names = map[string]bool{
	attrService: true, attrUsername: true, attrAccount: true, attrSchema: true,
	"Notes": true, "Path": true, "Title": true, "URL": true, "UserName": true, "Uuid": true,
}

// owns reports whether an item's attributes prove that it is the key's. Nobody
// else writes username and account alike, so that such an item may have gained
// attributes of its user's. One with either alone may be what go-keyring or
// secret-tool stored for this program: it has nothing else. A schema of another
// application's makes it that application's.
func owns(attributes map[string]string, k Key) bool {
	if attributes[attrService] != k.Service {
		return false
	}
	if s := attributes[attrSchema]; s != "" && s != schema {
		return false
	}
	username, named := attributes[attrUsername]
	account, accounted := attributes[attrAccount]
	switch {
	case named && username != k.Account, accounted && account != k.Account:
		return false
	case named && accounted:
		return true
	case !named && !accounted:
		return false
	}
	for name := range attributes {
		if !names[name] {
			return false
		}
	}
	return true
}
