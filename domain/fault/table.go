package fault

// Code is a stable snake_case name that scripts branch on.
type Code string

// Type is the family of a code; it decides the exit status.
type Type string

// The families, in the order of their exit statuses.
const (
	TypeAuth        Type = "auth"
	TypeAuthFailure Type = "auth_failure"
	TypeNotFound    Type = "not_found"
	TypeValidation  Type = "validation"
	TypeRateLimit   Type = "rate_limit"
	TypeServer      Type = "server"
	TypeCanceled    Type = "canceled"
	TypeTimeout     Type = "timeout"
	TypeIO          Type = "io"
	TypeInternal    Type = "internal"
)

var exitStatus = map[Type]int{
	TypeAuth: 1, TypeAuthFailure: 1, TypeNotFound: 2, TypeValidation: 3, TypeRateLimit: 4,
	TypeServer: 5, TypeCanceled: 6, TypeTimeout: 7, TypeIO: 8, TypeInternal: 9,
}

// The codes. Table says what each means.
const (
	AuthFailed Code = "auth_failed"

	JiraUnauthorized       Code = "jira_unauthorized"
	JiraForbidden          Code = "jira_forbidden"
	CredentialNotFound     Code = "credential_not_found"
	CredentialSiteMismatch Code = "credential_site_mismatch"
	PermissionMissing      Code = "permission_missing"
	JiraScopeMissing       Code = "jira_scope_missing"
	JiraAuthMethodRefused  Code = "jira_auth_method_refused"

	ProfileNotFound  Code = "profile_not_found"
	JiraNotFound     Code = "jira_not_found"
	JiraSiteNotFound Code = "jira_site_not_found"

	CommandUnknown       Code = "command_unknown"
	FlagUnknown          Code = "flag_unknown"
	FlagConflict         Code = "flag_conflict"
	ArgumentInvalid      Code = "argument_invalid"
	InputRequired        Code = "input_required"
	ProfileNameInvalid   Code = "profile_name_invalid"
	ProfileNameConflict  Code = "profile_name_conflict"
	ProfileExists        Code = "profile_exists"
	AlreadyAuthenticated Code = "already_authenticated"
	SecretInvalid        Code = "secret_invalid"
	SecretTooLarge       Code = "secret_too_large"
	BackendUnsupported   Code = "backend_unsupported"
	BackendReadOnly      Code = "backend_read_only"
	ConfigInvalid        Code = "config_invalid"

	JiraRateLimited Code = "jira_rate_limited"

	JiraServerError    Code = "jira_server_error"
	JiraBadResponse    Code = "jira_bad_response"
	NetworkUnreachable Code = "network_unreachable"
	TLSFailed          Code = "tls_failed"

	Canceled Code = "canceled"
	Timeout  Code = "timeout"

	KeyringUnavailable Code = "keyring_unavailable"
	KeyringLocked      Code = "keyring_locked"
	KeyringDismissed   Code = "keyring_dismissed"
	KeyringTimeout     Code = "keyring_timeout"
	KeyringFailed      Code = "keyring_failed"

	OnePasswordUnavailable    Code = "onepassword_unavailable"
	OnePasswordNotInstalled   Code = "onepassword_not_installed"
	OnePasswordIntegrationOff Code = "onepassword_integration_off"
	OnePasswordLocked         Code = "onepassword_locked"
	OnePasswordDeclined       Code = "onepassword_declined"
	OnePasswordSessionExpired Code = "onepassword_session_expired"
	OnePasswordRateLimited    Code = "onepassword_rate_limited"
	OnePasswordAccountUnknown Code = "onepassword_account_unknown"
	OnePasswordTokenInvalid   Code = "onepassword_token_invalid"
	OnePasswordVaultNotFound  Code = "onepassword_vault_not_found"
	OnePasswordItemAmbiguous  Code = "onepassword_item_ambiguous"
	OnePasswordTimeout        Code = "onepassword_timeout"

	FileStoreFailed      Code = "file_store_failed"
	FileStoreLocked      Code = "file_store_locked"
	FileKeyMissing       Code = "file_key_missing"
	FileKeyWrong         Code = "file_key_wrong"
	FilePassphraseWrong  Code = "file_passphrase_wrong"
	FileStoreCorrupt     Code = "file_store_corrupt"
	FileStorePermissions Code = "file_store_permissions"

	CommandFailed  Code = "command_failed"
	CommandTimeout Code = "command_timeout"

	ConfigReadFailed  Code = "config_read_failed"
	ConfigWriteFailed Code = "config_write_failed"
	ConfigLocked      Code = "config_locked"
	ConfigChanged     Code = "config_changed"
	InputReadFailed   Code = "input_read_failed"
	OutputWriteFailed Code = "output_write_failed"

	InternalError Code = "internal_error"
)

// Entry is one row of the closed table of codes.
type Entry struct {
	Code      Code
	Type      Type
	Meaning   string // one clause for the documentation
	Hint      string // what to do about it where the site of the error knows nothing better
	Retryable bool   // the same command can succeed later with nothing changed
}

// Exit returns the exit status of the entry's family.
func (e Entry) Exit() int { return exitStatus[e.Type] }

// Table returns every code there is, in the order of the documentation.
func Table() []Entry { return append([]Entry(nil), table...) }

// Lookup returns the row of a code; an unknown code is a defect and reads as
// InternalError.
func Lookup(code Code) Entry {
	if i, ok := index[code]; ok {
		return table[i]
	}
	return table[index[InternalError]]
}

var index = func() map[Code]int {
	rows := make(map[Code]int, len(table))
	for i, row := range table {
		rows[row.Code] = i
	}
	return rows
}()
