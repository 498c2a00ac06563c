package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"hash"
	"strings"
)

// MinKey is the least number of bytes a pseudonym key may have: with fewer, all
// eight-digit numbers and keys could be tried.
const MinKey = 16

// pseudonymBytes is how much of the HMAC a pseudonym shows: 128 bits, so that two
// numbers never share one.
const pseudonymBytes = 16

// cacheSize bounds the numbers a Pseudonymiser remembers.
const cacheSize = 1 << 15

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Key makes pseudonyms of phone numbers. It is safe for concurrent use.
type Key struct{ secret []byte }

// New returns the Key over a secret of at least MinKey bytes.
func New(secret []byte) (*Key, error) {
	if len(secret) < MinKey {
		return nil, fmt.Errorf("the pseudonym key has %d bytes, and at least %d are needed", len(secret), MinKey)
	}
	return &Key{secret: append([]byte(nil), secret...)}, nil
}

// String hides the secret from logs and error messages.
func (k Key) String() string { return "privacy.Key(hidden)" }

// GoString hides the secret from "%#v".
func (k Key) GoString() string { return k.String() }

// Pseudonym is Pseudonymiser.Pseudonym for the odd number.
func (k *Key) Pseudonym(text string) string { return k.Worker().Pseudonym(text) }

// Worker returns a Pseudonymiser for one goroutine. All of a Key's workers agree.
func (k *Key) Worker() *Pseudonymiser {
	return &Pseudonymiser{mac: hmac.New(sha256.New, k.secret), cache: make(map[string]string)}
}

// Pseudonymiser makes pseudonyms for one goroutine and remembers the latest.
type Pseudonymiser struct {
	mac   hash.Hash
	cache map[string]string // raw text to pseudonym
	sum   [sha256.Size]byte
}

// Pseudonym returns the pseudonym of a phone number: "p" and 26 characters a-z
// and 2-7, the same for every spelling of the number. Whatever is no number, and
// so every withheld one, has none and gives "". A number seen before costs no
// allocation.
func (p *Pseudonymiser) Pseudonym(text string) string {
	if text == "" {
		return ""
	}
	if known, ok := p.cache[text]; ok {
		return known
	}
	if len(p.cache) >= cacheSize {
		clear(p.cache)
	}
	made := p.compute(Normalise(text))
	p.cache[strings.Clone(text)] = made
	return made
}

func (p *Pseudonymiser) compute(number string) string {
	if number == "" {
		return ""
	}
	p.mac.Reset()
	p.mac.Write([]byte(number)) // a hash never fails to write
	sum := p.mac.Sum(p.sum[:0])
	return "p" + encoding.EncodeToString(sum[:pseudonymBytes])
}
