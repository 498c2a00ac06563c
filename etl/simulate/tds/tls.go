package tds

import "crypto/tls"

// tlsConfig allows TLS 1.2 only, as the vendor does. It is also all that TDS 7.4 can
// carry: what a server of TLS 1.3 sends after the handshake would still be wrapped in
// PRELOGIN packets, where the client no longer looks.
func tlsConfig(leaf tls.Certificate) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{leaf},
		MinVersion:   tls.VersionTLS12, MaxVersion: tls.VersionTLS12,
		SessionTicketsDisabled: true,
	}
}
