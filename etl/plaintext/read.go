package plaintext

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// Reader hands a text out as UTF-8 without byte-order mark, its lines ended by line feeds
// with or without a carriage return. Bytes that are no UTF-8 in a text that otherwise is
// come as they are: Mend mends them.
func (s Script) Reader(r io.Reader) (io.Reader, error) {
	if _, err := io.CopyN(io.Discard, r, int64(s.mark)); err != nil {
		return nil, err
	}
	if s.decoder != nil {
		r = transform.NewReader(r, s.decoder)
	}
	if s.Returns {
		r = &feeder{Reader: r}
	}
	return r, nil
}

// feeder makes line feeds of carriage returns.
type feeder struct {
	io.Reader
	last byte
}

func (f *feeder) Read(p []byte) (int, error) {
	for {
		n, err := f.Reader.Read(p)
		kept := p[:0]
		for _, b := range p[:n] {
			if b == '\r' || b != '\n' || f.last != '\r' {
				kept = append(kept, fed(b))
			}
			f.last = b
		}
		if len(kept) > 0 || err != nil || n == 0 {
			return len(kept), err
		}
	}
}

func fed(b byte) byte {
	if b == '\r' {
		return '\n'
	}
	return b
}

// Whole reads a text that is in memory. The error is a *Fault.
func Whole(data []byte) (string, Script, error) {
	script, err := Detect(bytes.NewReader(data))
	if err != nil {
		return "", script, err
	}
	r, err := script.Reader(bytes.NewReader(data))
	if err != nil {
		return "", script, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return "", script, err
	}
	out := strings.TrimRight(string(text), "\x1a")
	if script.Bad {
		out, _, _ = Mend(out)
	}
	return out, script, nil
}

// Mend makes valid UTF-8 of a text in which bytes are none: the first bytes of a
// character that was cut become U+FFFD, and others are read as Windows-1252, which
// somebody mixed in. It counts both.
func Mend(text string) (mended string, cut, mixed int64) {
	if utf8.ValidString(text) {
		return text, 0, 0
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			if r = charmap.Windows1252.DecodeByte(text[i]); isCut(text[i]) || r == utf8.RuneError {
				r = utf8.RuneError
				cut++
			} else {
				mixed++
			}
		}
		out.WriteRune(r)
		i += size
	}
	return out.String(), cut, mixed
}

// Hint reads Excel's line "sep=;" and returns its delimiter. The line may stand in
// quotes and be filled up with delimiters; the line end is not part of it.
func Hint(line string) (delimiter byte, ok bool) {
	line = strings.Trim(strings.TrimRight(line, "\r"), `"`)
	if len(line) < len("sep=;") || !strings.EqualFold(line[:4], "sep=") {
		return 0, false
	}
	delimiter = line[4]
	return delimiter, delimiter < utf8.RuneSelf && strings.Trim(line[5:], `"`+string(delimiter)) == ""
}
