// Package certificate makes authorities and server certificates for the simulated
// systems. They are worth nothing outside a test or a demo, and it knows no protocol.
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Certificates hold for a century, whatever the clock of a simulation shows, unless
// they are told otherwise.
var (
	validFrom  = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	validUntil = time.Date(2099, 12, 31, 12, 0, 0, 0, time.UTC) // noon: the same day in every zone
)

// Identity is a server's certificate and the authority that signed it.
type Identity struct {
	Server    tls.Certificate
	authority *x509.Certificate
}

// New makes an authority and a certificate of it for a server's names, which may be
// addresses. until is the end of the server's certificate; zero is far ahead.
func New(until time.Time, hosts ...string) (Identity, error) {
	if until.IsZero() {
		until = validUntil
	}
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Identity{}, err
	}
	authority, err := sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "ddh test authority"}, NotAfter: validUntil, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}, nil, authorityKey, authorityKey)
	if err != nil {
		return Identity{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Identity{}, err
	}
	draft := &x509.Certificate{
		Subject: pkix.Name{CommonName: "ddh test service"}, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			draft.IPAddresses = append(draft.IPAddresses, ip)
		} else {
			draft.DNSNames = append(draft.DNSNames, host)
		}
	}
	leaf, err := sign(draft, authority, key, authorityKey)
	if err != nil {
		return Identity{}, err
	}
	return Identity{tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, authority}, nil
}

// sign completes a certificate; one without parent signs itself.
func sign(draft, parent *x509.Certificate, of, by *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	draft.SerialNumber, draft.NotBefore = serial, validFrom
	if parent == nil {
		parent = draft
	}
	der, err := x509.CreateCertificate(rand.Reader, draft, parent, &of.PublicKey, by)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// Roots is a pool that holds the authority only.
func (i Identity) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(i.authority)
	return pool
}

// PEM is the authority's certificate as a file for other programs.
func (i Identity) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.authority.Raw})
}
