package dropfolder

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/den-digitale-hotline/ddh/etl"
)

// script is how a text file is encoded.
type script struct {
	mark    int               // bytes of the byte-order mark
	decoder *encoding.Decoder // nil for UTF-8
}

// text is a text file's content as UTF-8 without byte-order mark.
type text struct {
	io.Reader
	io.Closer
}

// openText reads a text file through once, to see how it is encoded and that it is
// text, and opens it.
func (in *input) openText(ctx context.Context) (*text, error) {
	file, err := in.open(ctx, false)
	if err != nil {
		return nil, err
	}
	found, err := detect(file)
	file.Close()
	if err != nil {
		return nil, err
	}
	return in.decoded(ctx, found)
}

func (in *input) decoded(ctx context.Context, s script) (*text, error) {
	file, err := in.open(ctx, true)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, file, int64(s.mark)); err != nil {
		file.Close()
		return nil, err
	}
	if s.decoder == nil {
		return &text{file, file}, nil
	}
	return &text{transform.NewReader(file, s.decoder), file}, nil
}

// detect finds the encoding by the byte-order mark, and without one by whether all
// bytes are valid UTF-8: if not, the file is Windows-1252, as Danish Windows
// programs write it.
func detect(r io.Reader) (script, error) {
	block := make([]byte, 256<<10)
	n, err := io.ReadFull(r, block)
	start := block[:n]
	switch {
	case bytes.HasPrefix(start, []byte{0xEF, 0xBB, 0xBF}):
		return verify(r, block, start[3:], err, script{mark: 3})
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return script{2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()}, ended(err)
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return script{2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()}, ended(err)
	}
	return verify(r, block, start, err, script{})
}

// verify reads on to the end and faults what is no text. piece is the start of the
// file, which lies in block, and err what reading it gave.
func verify(r io.Reader, block, piece []byte, err error, found script) (script, error) {
	valid, wide, line := true, false, int64(1)
	for {
		if zero := bytes.IndexByte(piece, 0); zero >= 0 {
			return found, etl.Fault{
				Line:    line + int64(bytes.Count(piece[:zero], newline)),
				Message: "the file holds a zero byte and so is no text file",
				Try:     "export it again as CSV",
			}
		}
		line += int64(bytes.Count(piece, newline))
		tail := 0
		if valid {
			tail = cutRune(piece)
			whole := piece[:len(piece)-tail]
			valid = utf8.Valid(whole)
			wide = wide || valid && !ascii(whole)
		}
		if err != nil {
			if valid && tail > 0 && wide {
				return found, etl.Fault{
					Line: line, Message: "the file ends inside a character", Try: "copy it again: it is cut off",
				}
			}
			valid = valid && tail == 0
			break
		}
		copy(block, piece[len(piece)-tail:])
		var n int
		n, err = io.ReadFull(r, block[tail:])
		piece = block[:tail+n]
	}
	if !valid {
		found.decoder = charmap.Windows1252.NewDecoder()
	}
	return found, ended(err)
}

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
