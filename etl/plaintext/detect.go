package plaintext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Script is how a text is written.
type Script struct {
	Name string // of the encoding, for people
	// Odd says that the encoding was told by its Danish letters alone.
	Odd bool
	// Bad is set where a UTF-8 text has bytes that are no UTF-8: see Mend.
	Bad bool
	// Line is the line of the first of them.
	Line int64
	// Returns says that lines end in a lone carriage return.
	Returns bool

	mark    int               // bytes of the byte-order mark
	decoder *encoding.Decoder // nil for UTF-8
}

// Fault is why something is no text that can be read. Line is where.
type Fault struct {
	Line         int64
	Message, Try string
}

func (f *Fault) Error() string { return f.Message }

// Detect reads a text through to its end and finds out how it is written: by its
// byte-order mark, by the zero bytes of UTF-16, or by counting characters that are valid
// UTF-8 and bytes that are not. What has none of the former is of a code page:
// Windows-1252, as Danish Windows programs write, or where only that makes Danish letters
// of it, that of DOS (bcp, sqlcmd) or of the old Macintosh. The error is a *Fault or the
// reader's.
func Detect(r io.Reader) (Script, error) {
	block := make([]byte, 256<<10)
	n, err := io.ReadFull(r, block)
	start := block[:n]
	script := Script{Name: "UTF-8", Returns: returns(start)}
	switch {
	case bytes.HasPrefix(start, []byte{0xEF, 0xBB, 0xBF}):
		script.mark = 3
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return wide(unicode.LittleEndian, 2), ended(err)
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return wide(unicode.BigEndian, 2), ended(err)
	case mostlyZero(start, 1):
		return wide(unicode.LittleEndian, 0), ended(err)
	case mostlyZero(start, 0):
		return wide(unicode.BigEndian, 0), ended(err)
	}
	return verify(r, block, start[script.mark:], err, script)
}

func wide(order unicode.Endianness, mark int) Script {
	return Script{Name: "UTF-16", mark: mark, decoder: unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder()}
}

// mostlyZero reports whether, of each two bytes, the one at an offset is nearly always
// zero and the other never: Latin text in UTF-16.
func mostlyZero(start []byte, offset int) bool {
	const least, most = 16, 4096
	start = start[:min(len(start), most)&^1]
	if len(start) < least {
		return false
	}
	zeros := 0
	for i := 0; i < len(start); i += 2 {
		if start[i+1-offset] == 0 {
			return false
		}
		if start[i+offset] == 0 {
			zeros++
		}
	}
	return zeros*10 >= len(start)/2*9
}

// returns reports whether lines end in carriage returns alone.
func returns(start []byte) bool {
	feeds := bytes.Count(start, []byte{'\n'})
	both := bytes.Count(start, []byte("\r\n"))
	return bytes.Count(start, []byte{'\r'})-both > feeds
}

// counts are what the bytes of a text are.
type counts struct {
	wide    bool  // there are characters of more than one byte
	invalid int64 // bytes that are part of none
	cut     int64 // of those, first bytes of a Danish letter or a sign that was cut
	line    int64 // of the first of them
	letters [3]int
}

// pages are the code pages that are told apart, and their Danish letters.
var pages = [3]struct {
	name    string
	charmap *charmap.Charmap
	danish  string
}{
	{"Windows-1252", charmap.Windows1252, "\xe6\xf8\xe5\xc6\xd8\xc5"},
	{"code page 850 (DOS)", charmap.CodePage850, "\x91\x9b\x86\x92\x9d\x8f"},
	{"Mac OS Roman", charmap.Macintosh, "\xbe\xbf\x8c\xae\xaf\x81"},
}

// verify reads on to the end and faults what is no text. piece is the start of the
// file, which lies in block, and err what reading it gave.
func verify(r io.Reader, block, piece []byte, err error, found Script) (Script, error) {
	var c counts
	line := int64(1)
	for {
		if zero := bytes.IndexByte(piece, 0); zero >= 0 {
			return found, &Fault{
				Line:    line + int64(bytes.Count(piece[:zero], newline)),
				Message: "the file holds a zero byte and so is no text file, or part of it is UTF-16",
				Try:     "export it again as CSV",
			}
		}
		tail := cutRune(piece)
		whole := piece[:len(piece)-tail]
		c.take(whole, line)
		line += int64(bytes.Count(whole, newline))
		if err != nil {
			if tail > 0 && c.invalid == 0 && c.wide {
				return found, &Fault{Line: line, Message: "the file ends inside a character", Try: "copy it again: it is cut off"}
			}
			c.bad(piece[len(piece)-tail:], line)
			break
		}
		copy(block, piece[len(piece)-tail:])
		var n int
		n, err = io.ReadFull(r, block[tail:])
		piece = block[:tail+n]
	}
	found.Line = c.line
	switch {
	case c.invalid == 0:
	case c.wide, c.cut == c.invalid:
		found.Bad = true
	default:
		page := 0
		for i, n := range c.letters {
			if n > c.letters[page] {
				page = i
			}
		}
		found.Name, found.Odd, found.decoder = pages[page].name, page > 0, pages[page].charmap.NewDecoder()
	}
	return found, ended(err)
}

// take counts a piece that ends with a character.
func (c *counts) take(piece []byte, line int64) {
	if c.invalid == 0 && utf8.Valid(piece) {
		c.wide = c.wide || !ascii(piece)
		return
	}
	for i := 0; i < len(piece); {
		if piece[i] < utf8.RuneSelf {
			if piece[i] == '\n' {
				line++
			}
			i++
			continue
		}
		if r, size := utf8.DecodeRune(piece[i:]); r != utf8.RuneError || size > 1 {
			c.wide = true
			i += size
			continue
		}
		c.bad(piece[i:i+1], line)
		c.letter(piece, i)
		i++
	}
}

// bad counts bytes that are no UTF-8.
func (c *counts) bad(piece []byte, line int64) {
	for _, b := range piece {
		if c.invalid++; c.invalid == 1 {
			c.line = line
		}
		if isCut(b) {
			c.cut++
		}
	}
}

// letter counts a byte that is a Danish letter of a code page and stands at a letter.
func (c *counts) letter(piece []byte, i int) {
	if (i == 0 || !isLetter(piece[i-1])) && (i+1 == len(piece) || !isLetter(piece[i+1])) {
		return
	}
	for page, p := range pages {
		for _, letter := range []byte(p.danish) {
			if piece[i] == letter {
				c.letters[page]++
			}
		}
	}
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// isCut reports whether a byte begins, in UTF-8, what Danish texts have besides ASCII: a
// letter with an accent, or a dash, a quote or the euro sign. As a letter of
// Windows-1252 no Danish text has it.
func isCut(b byte) bool { return b == 0xC2 || b == 0xC3 || b == 0xE2 }

var newline = []byte{'\n'}

// ascii reports whether a piece holds single-byte characters only.
func ascii(piece []byte) bool {
	const high = 0x8080808080808080
	for len(piece) >= 8 {
		if binary.LittleEndian.Uint64(piece)&high != 0 {
			return false
		}
		piece = piece[8:]
	}
	for _, b := range piece {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cutRune returns how many bytes at the end of a piece begin a character that the
// piece does not end.
func cutRune(piece []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(piece); n++ {
		if tail := piece[len(piece)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// ended lets the end of a file pass for no error.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
