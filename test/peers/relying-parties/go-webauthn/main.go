// go-webauthn as a relying party: one question a line in JSON, one verdict a line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

type bytes = protocol.URLEncodedBase64

type question struct {
	Options      json.RawMessage `json:"options"`
	Response     json.RawMessage `json:"response"`
	Origin       string          `json:"origin"`
	UserVerified bool            `json:"userVerified"`
	User         bytes           `json:"user"`
	Record       *record         `json:"record"`
}

type record struct {
	ID             bytes  `json:"id"`
	PublicKey      bytes  `json:"publicKey"`
	Counter        uint32 `json:"counter"`
	BackupEligible bool   `json:"backupEligible"`
	BackedUp       bool   `json:"backedUp"`
}

type verdict struct {
	Refused string  `json:"refused,omitempty"`
	Format  string  `json:"format,omitempty"`
	Record  *record `json:"record,omitempty"`
	ID      bytes   `json:"id,omitempty"`
	Counter *uint32 `json:"counter,omitempty"`
}

// user is an account with the one passkey of a question, or with none.
type user struct {
	id          []byte
	credentials []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.id }
func (u user) WebAuthnName() string                       { return "ada" }
func (u user) WebAuthnDisplayName() string                { return "Ada" }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

func (q question) relyingParty(rpID string) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: rpID, RPDisplayName: "Example", RPOrigins: []string{q.Origin}})
}

func (q question) session(challenge bytes, rpID string, extensions protocol.AuthenticationExtensions) webauthn.SessionData {
	session := webauthn.SessionData{
		Challenge:      challenge.String(),
		RelyingPartyID: rpID,
		Extensions:     extensions.Session(),
	}
	if q.UserVerified {
		session.UserVerification = protocol.VerificationRequired
	}
	return session
}

func (q question) register() (*verdict, error) {
	var options protocol.PublicKeyCredentialCreationOptions
	if err := json.Unmarshal(q.Options, &options); err != nil {
		return nil, err
	}
	party, err := q.relyingParty(options.RelyingParty.ID)
	if err != nil {
		return nil, err
	}
	session := q.session(options.Challenge, options.RelyingParty.ID, options.Extensions)
	session.UserID = q.User
	session.CredParams = options.Parameters
	parsed, err := protocol.ParseCredentialCreationResponseBytes(q.Response)
	if err != nil {
		return nil, err
	}
	made, err := party.CreateCredential(user{id: q.User}, session, parsed)
	if err != nil {
		return nil, err
	}
	return &verdict{Format: made.AttestationFormat, Record: recordOf(made)}, nil
}

func recordOf(credential *webauthn.Credential) *record {
	return &record{
		ID:             credential.ID,
		PublicKey:      credential.PublicKey,
		Counter:        credential.Authenticator.SignCount,
		BackupEligible: credential.Flags.BackupEligible,
		BackedUp:       credential.Flags.BackupState,
	}
}

func (r record) credential() webauthn.Credential {
	credential := webauthn.Credential{ID: r.ID, PublicKey: r.PublicKey}
	credential.Flags.BackupEligible = r.BackupEligible
	credential.Flags.BackupState = r.BackedUp
	credential.Authenticator.SignCount = r.Counter
	return credential
}

func (q question) signIn() (*verdict, error) {
	var options protocol.PublicKeyCredentialRequestOptions
	if err := json.Unmarshal(q.Options, &options); err != nil {
		return nil, err
	}
	party, err := q.relyingParty(options.RelyingPartyID)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(q.Response)
	if err != nil {
		return nil, err
	}
	session := q.session(options.Challenge, options.RelyingPartyID, options.Extensions)
	used, err := q.validate(party, session, options, parsed)
	if err != nil {
		return nil, err
	}
	return &verdict{ID: used.ID, Counter: &used.Authenticator.SignCount}, nil
}

// validate signs in with a passkey that the options name, or with whichever the phone has.
func (q question) validate(party *webauthn.WebAuthn, session webauthn.SessionData, options protocol.PublicKeyCredentialRequestOptions, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
	owner := user{id: q.User, credentials: []webauthn.Credential{q.Record.credential()}}
	if len(options.AllowedCredentials) == 0 {
		find := func(_, _ []byte) (webauthn.User, error) { return owner, nil }
		_, used, err := party.ValidatePasskeyLogin(find, session, parsed)
		return used, err
	}
	session.UserID = q.User
	for _, allowed := range options.AllowedCredentials {
		session.AllowedCredentialIDs = append(session.AllowedCredentialIDs, allowed.CredentialID)
	}
	return party.ValidateLogin(owner, session, parsed)
}

func judge(line []byte) (*verdict, error) {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return nil, err
	}
	if q.Record == nil {
		return q.register()
	}
	return q.signIn()
}

func reasonOf(err error) string {
	if told, ok := err.(*protocol.Error); ok {
		return fmt.Sprintf("%s: %s %s", told.Type, told.Details, told.DevInfo)
	}
	return err.Error()
}

func main() {
	const longestLine = 1 << 24
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		answer, err := judge(lines.Bytes())
		if err != nil {
			answer = &verdict{Refused: reasonOf(err)}
		}
		if err := answers.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}
