package plaintext_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/den-digitale-hotline/ddh/etl/plaintext"
)

// A character may lie across two reads of a large file.
func TestDetectAcrossBlocks(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"utf-8":             {strings.Repeat("æ", 300_000), "UTF-8"},
		"utf-8, odd":        {"a" + strings.Repeat("æ€", 200_000), "UTF-8"},
		"windows-1252":      {strings.Repeat("a", 600_000) + "\xe6", "Windows-1252"},
		"windows-1252 last": {strings.Repeat("a", 256<<10-1) + "\xe6\xf8", "Windows-1252"},
		"ascii":             {strings.Repeat("a", 600_000), "UTF-8"},
	} {
		found, err := plaintext.Detect(strings.NewReader(c.text))
		if err != nil || found.Name != c.want || found.Bad {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

func TestDetectPassesReadErrorsOn(t *testing.T) {
	broken := errors.New("the network drive is gone")
	if _, err := plaintext.Detect(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("Detect gives %v", err)
	}
}

// Whatever a Danish program writes, the same text comes out.
func TestWhole(t *testing.T) {
	const want = "navn\nHøje-Taastrup\nRødovre, på Ærø\n"
	encode := func(e interface{ Bytes([]byte) ([]byte, error) }) string {
		out, err := e.Bytes([]byte(want))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		return encode(unicode.UTF16(order, mark).NewEncoder())
	}
	for name, text := range map[string]string{
		"UTF-8":             want,
		"with mark":         "\ufeff" + want,
		"Windows-1252":      encode(charmap.Windows1252.NewEncoder()),
		"DOS":               encode(charmap.CodePage850.NewEncoder()),
		"Nordic DOS":        encode(charmap.CodePage865.NewEncoder()),
		"Macintosh":         strings.ReplaceAll(encode(charmap.Macintosh.NewEncoder()), "\n", "\r"),
		"UTF-16":            utf16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 big":        utf16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16, no mark":   utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16 big, none":  utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"returns":           strings.ReplaceAll(want, "\n", "\r"),
		"returns, a feed":   strings.ReplaceAll(strings.TrimSuffix(want, "\n"), "\n", "\r") + "\n",
		"ended by Ctrl-Z":   want + "\x1a",
		"a line in another": strings.Replace(want, "på Ærø", "p\xe5 \xc6r\xf8", 1),
	} {
		got, script, err := plaintext.Whole([]byte(text))
		if err != nil || got != want {
			t.Errorf("%s: %q, %+v, %v", name, got, script, err)
		}
	}
}

// One broken character does not make another code page of a file.
func TestBrokenCharacter(t *testing.T) {
	for text, want := range map[string]string{
		"Høje-Taastrup\nPas p\xc3\n": "Høje-Taastrup\nPas p\ufffd\n", "Pas p\xc3\n": "Pas p\ufffd\n",
	} {
		if got, script, err := plaintext.Whole([]byte(text)); err != nil || got != want || !script.Bad {
			t.Errorf("%q reads as %q, %+v, %v", text, got, script, err)
		}
	}
}

func TestNoText(t *testing.T) {
	for text, line := range map[string]int64{"a\nb\nø": 0, "a\nb\n\x00": 3, "æ\nø\xc3": 2} {
		_, _, err := plaintext.Whole([]byte(text))
		var fault *plaintext.Fault
		if errors.As(err, &fault) != (line > 0) || line > 0 && fault.Line != line {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func TestHint(t *testing.T) {
	for line, want := range map[string]byte{
		"sep=;": ';', "SEP=,\r": ',', `"sep=;"`: ';', "sep=;;;;": ';', "sep=\t": '\t',
		"sep=": 0, "sep=;x": 0, "separator;b": 0, "": 0, "a;b": 0,
	} {
		if got, ok := plaintext.Hint(line); ok != (want != 0) || ok && got != want {
			t.Errorf("Hint(%q) = %q, %v", line, got, ok)
		}
	}
}

// FuzzWhole shows that any bytes are read as valid UTF-8 or refused, and that valid
// UTF-8 without a mark or a carriage return comes as it is.
func FuzzWhole(f *testing.F) {
	for _, seed := range []string{"", "a\nø", "\xff\xfea\x00", "a\x00b\x00", "p\xc3", "\xe6\r\xf8\r", "\x9bl", "\xef\xbb\xbf;\x1a"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := plaintext.Whole(data)
		var fault *plaintext.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q reads as %q", data, got)
		}
		plain := utf8.Valid(data) && !bytes.ContainsAny(data, "\r\x00\x1a\ufeff")
		if err == nil && plain && got != string(data) {
			t.Errorf("%q reads as %q", data, got)
		}
	})
}
