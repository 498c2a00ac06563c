package web

import (
	"context"
	"encoding/base64"
)

// Auth signs requests.
type Auth interface {
	// Header is the value of the header Authorization. refused is the value that the
	// service has just not accepted, "" for none. The error is classed.
	Header(ctx context.Context, refused string) (string, error)
	// Renews reports whether Header can answer a refusal with something new.
	Renews() bool
}

// fixed is a signature that never changes. It prints as nothing.
type fixed struct{ header string }

// Bearer signs with a token that was given to us once.
func Bearer(token string) Auth { return fixed{"Bearer " + token} }

// Basic signs with user name and password (RFC 7617).
func Basic(username, password string) Auth {
	return fixed{"Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))}
}

func (f fixed) Header(context.Context, string) (string, error) { return f.header, nil }
func (f fixed) Renews() bool                                   { return false }
func (f fixed) String() string                                 { return "web.Auth(hidden)" }
func (f fixed) GoString() string                               { return f.String() }
