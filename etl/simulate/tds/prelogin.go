package tds

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
)

// The options of PRELOGIN that matter here (MS-TDS 2.2.6.5).
const (
	optionVersion    = 0
	optionEncryption = 1
	optionMARS       = 4
	optionEnd        = 0xff
)

// What PRELOGIN says of encryption.
const (
	encryptOn           = 1
	encryptNotSupported = 2
	encryptRequired     = 3
)

// serverVersion is the version the server shows: 15.0.2000, SQL Server 2019.
var serverVersion = [4]byte{15, 0, 0x07, 0xd0}

// parsePrelogin gives the values of a PRELOGIN message's options.
func parsePrelogin(b []byte) (map[uint8][]byte, error) {
	options := make(map[uint8][]byte)
	for at := 0; ; at += 5 {
		if at >= len(b) {
			return nil, errors.New("PRELOGIN has no end of options")
		}
		if b[at] == optionEnd {
			return options, nil
		}
		if at+5 > len(b) {
			return nil, errors.New("PRELOGIN ends within an option")
		}
		from := int(binary.BigEndian.Uint16(b[at+1:]))
		to := from + int(binary.BigEndian.Uint16(b[at+3:]))
		if to > len(b) {
			return nil, fmt.Errorf("PRELOGIN's option %d lies outside of the message", b[at])
		}
		options[b[at]] = b[from:to]
	}
}

// appendPrelogin appends the server's answer.
func appendPrelogin(b []byte, encryption byte) []byte {
	values := []struct {
		option uint8
		value  []byte
	}{
		{optionVersion, append(serverVersion[:], 0, 0)},
		{optionEncryption, []byte{encryption}},
		{optionMARS, []byte{0}},
	}
	offset := 5*len(values) + 1
	for _, v := range values {
		b = append(b, v.option)
		b = binary.BigEndian.AppendUint16(b, uint16(offset))
		b = binary.BigEndian.AppendUint16(b, uint16(len(v.value)))
		offset += len(v.value)
	}
	b = append(b, optionEnd)
	for _, v := range values {
		b = append(b, v.value...)
	}
	return b
}

// wrapped carries the TLS handshake inside PRELOGIN packets, one message per flight,
// until bare is set (MS-TDS 3.2.5.2).
type wrapped struct {
	net.Conn
	bare bool
	left []byte // of the message read last
}

func (w *wrapped) Read(b []byte) (int, error) {
	if w.bare {
		return w.Conn.Read(b)
	}
	for len(w.left) == 0 {
		m, err := readMessage(w.Conn)
		if err != nil {
			return 0, err
		}
		if m.kind != kindPrelogin {
			return 0, fmt.Errorf("a message of kind %d came during the TLS handshake", m.kind)
		}
		w.left = m.body
	}
	n := copy(b, w.left)
	w.left = w.left[n:]
	return n, nil
}

func (w *wrapped) Write(b []byte) (int, error) {
	if w.bare {
		return w.Conn.Write(b)
	}
	out := newWriter(w.Conn, kindPrelogin, smallestPacket)
	out.pending = b
	if err := out.end(); err != nil {
		return 0, err
	}
	return len(b), nil
}
