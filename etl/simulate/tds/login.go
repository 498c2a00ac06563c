package tds

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// loginFields are the places in LOGIN7 where the offset and length of a text stand
// (MS-TDS 2.2.6.4).
const (
	loginFixed    = 94
	fieldHost     = 36
	fieldUser     = 40
	fieldPassword = 44
	fieldApp      = 48
	fieldDatabase = 68
)

// login is what a client says of itself.
type login struct {
	version                     uint32
	packetSize                  int
	host, user, password        string
	app, database               string
	integrated, changesPassword bool
}

func parseLogin(b []byte) (login, error) {
	if len(b) < loginFixed {
		return login{}, errors.New("LOGIN7 is too short")
	}
	if n := binary.LittleEndian.Uint32(b); int64(n) != int64(len(b)) {
		return login{}, fmt.Errorf("LOGIN7 has %d bytes and says %d", len(b), n)
	}
	l := login{
		version:         binary.LittleEndian.Uint32(b[4:]),
		packetSize:      int(min(binary.LittleEndian.Uint32(b[8:]), largestPacket)),
		integrated:      b[25]&0x80 != 0,
		changesPassword: b[27]&0x01 != 0,
	}
	for _, f := range []struct {
		at int
		to *string
	}{
		{fieldHost, &l.host}, {fieldUser, &l.user}, {fieldPassword, &l.password}, {fieldApp, &l.app}, {fieldDatabase, &l.database},
	} {
		from := int(binary.LittleEndian.Uint16(b[f.at:]))
		to := from + 2*int(binary.LittleEndian.Uint16(b[f.at+2:]))
		if to > len(b) {
			return login{}, fmt.Errorf("LOGIN7's field at %d lies outside of the message", f.at)
		}
		raw := b[from:to]
		if f.at == fieldPassword {
			raw = clearPassword(raw)
		}
		*f.to = fromUTF16(raw)
	}
	l.packetSize = max(l.packetSize, smallestPacket)
	return l, nil
}

// clearPassword undoes what LOGIN7 does to a password: nibbles swapped, then XOR 0xA5.
func clearPassword(b []byte) []byte {
	clear := make([]byte, len(b))
	for i, c := range b {
		c ^= 0xA5
		clear[i] = c<<4 | c>>4
	}
	return clear
}

// admit checks a login. The error is what SQL Server says.
func (o Options) admit(l login) *Error {
	switch {
	case l.integrated:
		return &Error{18452, 1, 14, "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication."}
	case l.user != o.User || l.password != o.Password:
		return loginFailed(l.user)
	case l.changesPassword:
		return &Error{18462, 1, 14, "The login failed because passwords cannot be changed here."}
	case l.database != "" && l.database != o.Database:
		return &Error{4060, 1, 11, fmt.Sprintf("Cannot open database %q requested by the login. The login failed.", l.database)}
	}
	return nil
}

func loginFailed(user string) *Error {
	return &Error{18456, 1, 14, fmt.Sprintf("Login failed for user '%s'.", user)}
}

// appendWelcome appends the tokens that a login is answered with.
func appendWelcome(b []byte, database string, size int) []byte {
	b = appendEnvText(b, envDatabase, database, "master")
	b = appendInfo(b, &Error{5701, 2, 0, fmt.Sprintf("Changed database context to '%s'.", database)})
	b = appendEnvBytes(b, envCollation, collation[:], nil)
	b = appendEnvText(b, envLanguage, "us_english", "")
	b = appendInfo(b, &Error{5703, 1, 0, "Changed language setting to us_english."})
	b = appendLoginAck(b)
	b = appendEnvText(b, envPacketSize, strconv.Itoa(size), "4096")
	return appendDone(b, tokenDone, 0, 0)
}
