package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
)

// fingerprintText is what a fingerprint is the HMAC of. It is no phone number, so a
// fingerprint is nobody's pseudonym.
const fingerprintText = "ddh: the fingerprint of a pseudonym key"

// Fingerprint tells a Key from every other and nothing of its secret: "k" and 26
// characters a-z and 2-7. Kept beside what was written with the Key, it shows later
// whether a Key is that one.
func (k *Key) Fingerprint() string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(fingerprintText)) // a hash never fails to write
	return "k" + encoding.EncodeToString(mac.Sum(nil)[:pseudonymBytes])
}
