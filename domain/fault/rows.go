package fault

const (
	hintLogin    = "run `{login}` to store a credential"
	hintElse     = "store the token in the encrypted file with `{login} --backend file`, or set {variable}"
	hintNewToken = "the token is revoked, expired, mistyped or of another site; store a fresh one with `{login} --force`"
)

var table = []Entry{
	{AuthFailed, TypeAuth, "login or migrate could not establish the credential", "", false},

	{JiraUnauthorized, TypeAuthFailure, "Jira refused the credential (HTTP 401)", hintNewToken, false},
	{JiraForbidden, TypeAuthFailure, "the account has no license or permission, or something in front of Jira refused the request (HTTP 403)", "ask a Jira administrator of the site for access; `{explain}` tells the causes apart", false},
	{CredentialNotFound, TypeAuthFailure, "neither the environment nor the backend has a credential for the profile", hintLogin, false},
	{CredentialSiteMismatch, TypeAuthFailure, "the credential was stored for another site than the profile's base_url; nothing was sent", "put base_url back, or log in to this site: `{login} --force`", false},
	{PermissionMissing, TypeAuthFailure, "a grant named with --require is missing", "ask a Jira administrator for the permission", false},
	{JiraScopeMissing, TypeAuthFailure, "the token lacks a scope that the request needs", "create a token with that scope at https://id.atlassian.com/manage-profile/security/api-tokens and store it: `{login} --force`", false},
	{JiraAuthMethodRefused, TypeAuthFailure, "Jira refuses this auth type, not the credential", "choose another way with `{login} --force --auth-type pat` on Server and Data Center, or with basic or session in place of pat", false},

	{ProfileNotFound, TypeNotFound, "no such profile", "run `jira config profile list` to see the profiles, or `jira config init` to create one", false},
	{JiraNotFound, TypeNotFound, "Jira does not have it, or hides it from this account (HTTP 404)", "check the key, and that the account may see it", false},
	{JiraSiteNotFound, TypeNotFound, "no Atlassian site has this name", "check the site's name: it is the part before .atlassian.net in the browser's address bar", false},

	{CommandUnknown, TypeValidation, "no such command", "run `jira --help` for the list of commands", false},
	{FlagUnknown, TypeValidation, "no such flag", "run the command with --help for its flags", false},
	{FlagConflict, TypeValidation, "two inputs exclude each other", "use one of them", false},
	{ArgumentInvalid, TypeValidation, "an argument, a flag's value or a variable is malformed", "run the command with --help for what it takes", false},
	{InputRequired, TypeValidation, "something is needed that was not given, and nobody can be asked", "pass the missing flags, or run the command in a terminal", false},
	{ProfileNameInvalid, TypeValidation, "not a profile name", "use 1 to 63 of a-z, 0-9, - and _, starting with a letter or a digit", false},
	{ProfileNameConflict, TypeValidation, "the name shares its environment variable with another profile", "choose a name that differs in more than - and _", false},
	{ProfileExists, TypeValidation, "the profile exists with other values", "pass --force to replace them, or choose another name", false},
	{AlreadyAuthenticated, TypeValidation, "the profile already has a stored credential", "pass --force to overwrite it, or run `{logout}` first", false},
	{SecretInvalid, TypeValidation, "the secret cannot be a token", "copy the token again, without quotes, spaces or line breaks", false},
	{SecretTooLarge, TypeValidation, "the secret is larger than the store takes", "use another store, such as the encrypted file: --backend file", false},
	{BackendUnsupported, TypeValidation, "this build or this system does not have the backend", "choose keyring or file, or set {variable}", false},
	{BackendReadOnly, TypeValidation, "the backend only reads; nothing can be stored in it", "choose a backend that stores: keyring, 1password or file", false},
	{ConfigInvalid, TypeValidation, "the config file is broken; it was not touched", "correct the file at the place named", false},

	{JiraRateLimited, TypeRateLimit, "Jira is rate limiting requests (HTTP 429)", "wait a while, then try again", true},

	{JiraServerError, TypeServer, "Jira failed (HTTP 5xx)", "try again later, and check https://status.atlassian.com or ask the site's administrator", true},
	{JiraBadResponse, TypeServer, "the answer is not what Jira's API promises", "check base_url and whether a proxy or a login page answers in Jira's place", false},
	{NetworkUnreachable, TypeServer, "the site could not be reached", "check the network, the site's name and the proxy variables", true},
	{TLSFailed, TypeServer, "the site's TLS or its certificate was not accepted", "check base_url, and that the issuing authority is in the system's store, or name its PEM file with --ca-file", false},

	{Canceled, TypeCanceled, "the user interrupted", "", false},
	{Timeout, TypeTimeout, "--timeout elapsed", "allow more time with --timeout", true},

	{KeyringUnavailable, TypeIO, "there is no OS keyring to talk to", hintElse, false},
	{KeyringLocked, TypeIO, "the OS keyring is locked and could not be unlocked here", "unlock it in the desktop session, or " + hintElse, true},
	{KeyringDismissed, TypeIO, "the keyring's unlock prompt was dismissed", "run the command again and unlock the keyring", true},
	{KeyringTimeout, TypeIO, "the OS keyring did not answer in time", "answer its prompt, or " + hintElse, true},
	{KeyringFailed, TypeIO, "the OS keyring refused the request", hintElse, false},

	{OnePasswordUnavailable, TypeIO, "1Password did not serve the request", "check that the 1Password app is running and signed in", true},
	{OnePasswordNotInstalled, TypeIO, "the 1Password app is not installed", "install the 1Password app, or leave the account empty and set OP_SERVICE_ACCOUNT_TOKEN", false},
	{OnePasswordIntegrationOff, TypeIO, "the 1Password app does not accept other apps", "turn on Settings > Developer > Integrate with other apps", false},
	{OnePasswordLocked, TypeIO, "1Password is locked", "unlock the 1Password app and run the command again", true},
	{OnePasswordDeclined, TypeIO, "the request was declined in the 1Password app", "run the command again and approve the request", true},
	{OnePasswordSessionExpired, TypeIO, "1Password's authorization expired", "run the command again and approve the request", true},
	{OnePasswordRateLimited, TypeIO, "1Password asks to slow down", "wait some minutes and run the command again", true},
	{OnePasswordAccountUnknown, TypeIO, "the 1Password app does not have this account", "pass --onepassword-account as the app's sidebar shows it", false},
	{OnePasswordTokenInvalid, TypeIO, "OP_SERVICE_ACCOUNT_TOKEN is missing or not accepted", "set OP_SERVICE_ACCOUNT_TOKEN, or name an account with --onepassword-account", false},
	{OnePasswordVaultNotFound, TypeIO, "no such 1Password vault, or no access to it", "check --vault against the vaults of the account", false},
	{OnePasswordItemAmbiguous, TypeIO, "more than one 1Password vault, item or field has this name", "name it by its id: --vault and --item take ids too", false},
	{OnePasswordTimeout, TypeIO, "1Password did not answer in time", "answer the approval request of the 1Password app", true},

	{FileStoreFailed, TypeIO, "the encrypted file could not be read or written", "check the file system: space, permissions and the path", false},
	{FileStoreLocked, TypeIO, "another process holds the encrypted file", "wait for the other command to end", true},
	{FileKeyMissing, TypeIO, "the encrypted file's identity file is missing", "restore the identity file from a backup, or move the encrypted file away and log in again", false},
	{FileKeyWrong, TypeIO, "the identity does not open the encrypted file", "restore the identity file that belongs to it", false},
	{FilePassphraseWrong, TypeIO, "the passphrase does not open the encrypted file", "check JIRA_FILE_PASSPHRASE, or type the passphrase again", false},
	{FileStoreCorrupt, TypeIO, "the encrypted file is damaged or was tampered with", "restore it from a backup, or move it away and log in again", false},
	{FileStorePermissions, TypeIO, "a file of the encrypted store can be read or changed by others", "chmod 600 the file, and replace the tokens if others could have read it", false},

	{CommandFailed, TypeIO, "the credential command failed", "run the command by hand to see why", false},
	{CommandTimeout, TypeIO, "the credential command did not end in time", "run the command by hand to see what it waits for", true},

	{ConfigReadFailed, TypeIO, "the config file could not be read", "check the path and its permissions", false},
	{ConfigWriteFailed, TypeIO, "the config file could not be written; it is as it was", "check that its directory can be written and has space", false},
	{ConfigLocked, TypeIO, "another process is changing the config", "wait for the other command to end", true},
	{ConfigChanged, TypeIO, "another process changed the profile while the command was running; nothing was stored", "look at the profile with `{show}`, then run the command again", true},
	{InputReadFailed, TypeIO, "stdin could not be read", "check the command that feeds it", false},
	{OutputWriteFailed, TypeIO, "stdout could not be written", "check where the output goes", false},

	{InternalError, TypeInternal, "a defect in jira", "please report it; run the command with --debug to see where it happened", false},
}
