package secretservice

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"math/big"
)

// The algorithms of a session, by their names in the specification:
// https://specifications.freedesktop.org/secret-service-spec/latest/transfer-secrets.html
const (
	algorithmDH    = "dh-ietf1024-sha256-aes128-cbc-pkcs7"
	algorithmPlain = "plain"
)

// groupHex is the prime of the second Oakley group (RFC 2409, 6.2); the
// generator is 2. The group is a weak one, but it is the only one that the
// specification has, and what it must withstand is another program listening on
// the user's own bus, not an archive of traffic.
const groupHex = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
	"020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437" +
	"4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"

const groupBytes = 128

// exchange is one side of a key agreement.
type exchange struct {
	prime, private *big.Int
}

// newExchange draws a private key of 256 bits: twice the key that is agreed on.
func newExchange() (*exchange, error) {
	prime, _ := new(big.Int).SetString(groupHex, 16)
	private, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 256))
	if err != nil {
		return nil, err
	}
	return &exchange{prime: prime, private: private}, nil
}

// public is what the other side gets, big-endian.
func (e *exchange) public() []byte {
	return new(big.Int).Exp(big.NewInt(2), e.private, e.prime).FillBytes(make([]byte, groupBytes))
}

// agree derives the session's key of 128 bits from the other side's public one.
func (e *exchange) agree(public []byte) ([]byte, error) {
	other := new(big.Int).SetBytes(public)
	largest := new(big.Int).Sub(e.prime, big.NewInt(2))
	if other.Cmp(big.NewInt(2)) < 0 || other.Cmp(largest) > 0 {
		return nil, errors.New("the public key is outside the group")
	}
	shared := new(big.Int).Exp(other, e.private, e.prime).FillBytes(make([]byte, groupBytes))
	return hkdf.Key(sha256.New, shared, nil, "", 16)
}

// encrypt returns a fresh initialisation vector and the text, padded.
func encrypt(key, text []byte) (iv, out []byte, err error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	iv = make([]byte, aes.BlockSize)
	if _, err := rand.Read(iv); err != nil {
		return nil, nil, err
	}
	n := aes.BlockSize - len(text)%aes.BlockSize
	out = append(bytes.Clone(text), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return iv, out, nil
}

var errGarbled = errors.New("the keyring's secret is not encrypted as agreed")

// decrypt is the inverse of encrypt. There is no oracle to mind: both ends are
// on one machine, and the error goes to its user only.
func decrypt(key, iv, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if len(iv) != aes.BlockSize || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errGarbled
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	n := int(out[len(out)-1])
	if n == 0 || n > aes.BlockSize || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errGarbled
	}
	return out[:len(out)-n], nil
}
