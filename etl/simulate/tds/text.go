package tds

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// appendUTF16 appends a text as UTF-16, little endian.
func appendUTF16(b []byte, text string) []byte {
	for _, r := range text {
		if r < 0x10000 {
			b = append(b, byte(r), byte(r>>8))
			continue
		}
		high, low := utf16.EncodeRune(r)
		b = append(b, byte(high), byte(high>>8), byte(low), byte(low>>8))
	}
	return b
}

// fromUTF16 reads little-endian UTF-16; a last odd byte is left out.
func fromUTF16(b []byte) string {
	text := make([]byte, 0, len(b)/2)
	for len(b) >= 2 {
		r := rune(binary.LittleEndian.Uint16(b))
		b = b[2:]
		if utf16.IsSurrogate(r) {
			if len(b) < 2 {
				r = utf8.RuneError
			} else if pair := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b))); pair != utf8.RuneError {
				r, b = pair, b[2:]
			} else {
				r = utf8.RuneError
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return string(text)
}

// append1252 appends a text in Windows-1252, as a Danish database keeps char and
// varchar; what it has no character for becomes a question mark, as there.
func append1252(b []byte, text string) []byte {
	for _, r := range text {
		if c, ok := charmap.Windows1252.EncodeRune(r); ok {
			b = append(b, c)
		} else {
			b = append(b, '?')
		}
	}
	return b
}

func from1252(b []byte) string {
	text := make([]byte, 0, len(b))
	for _, c := range b {
		text = utf8.AppendRune(text, charmap.Windows1252.DecodeByte(c))
	}
	return string(text)
}

// appendShort appends a text with its length in one byte (B_VARCHAR); what is too
// long for that is cut.
func appendShort(b []byte, text string) []byte {
	at := len(b)
	b = appendUTF16(append(b, 0), text)
	if len(b)-at-1 > 2*255 {
		b = b[:at+1+2*255]
	}
	b[at] = byte((len(b) - at - 1) / 2)
	return b
}

// appendLong appends a text with its length in two bytes (US_VARCHAR).
func appendLong(b []byte, text string) []byte {
	at := len(b)
	b = appendUTF16(append(b, 0, 0), text)
	binary.LittleEndian.PutUint16(b[at:], uint16((len(b)-at-2)/2))
	return b
}
