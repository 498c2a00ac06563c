package dropfolder

import (
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// parted is what the splitter makes of a text, blank lines left out.
func parted(text string, delimiter byte) (records [][]string, broken bool) {
	s := splitter{delimiter: delimiter}
	for text != "" {
		text = s.next(text)
		if len(s.fields) > 0 {
			records = append(records, slices.Clone(s.fields))
		}
		broken = broken || s.broken
	}
	return records, broken
}

func TestSplit(t *testing.T) {
	for text, want := range map[string][][]string{
		"a,b\nc,d\n":            {{"a", "b"}, {"c", "d"}},
		"a,b\r\n\r\n\nc,d":      {{"a", "b"}, {"c", "d"}},
		",\n":                   {{"", ""}},
		"a,\"b,c\"\n":           {{"a", "b,c"}},
		"a,\"b\nc\"\r\nd,e\r\n": {{"a", "b\nc"}, {"d", "e"}},
		"\"say \"\"hi\"\"\",\"\"": {
			{`say "hi"`, ""},
		},
		"5\" x,b\"\n": {{`5" x`, `b"`}},
		"\"\"\n":      {{""}},
		"\"a\",":      {{"a", ""}},
		"\"a\"\r":     {{"a"}},
	} {
		got, broken := parted(text, ',')
		if broken || !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%q gives %q, want %q (broken: %v)", text, got, want, broken)
		}
	}
	for _, text := range []string{"\"a\"b\n", "\"a", "\"a\" ,b\n"} {
		if _, broken := parted(text, ','); !broken {
			t.Errorf("%q passes for well quoted", text)
		}
	}
}

// TestRandomTexts runs the bodies of the fuzz tests over many short texts made of
// the characters that matter.
func TestRandomTexts(t *testing.T) {
	const characters = "ab,\"\"\n\r"
	random := rand.New(rand.NewPCG(7, 11))
	for range 100_000 {
		text := make([]byte, random.IntN(24))
		for i := range text {
			text[i] = characters[random.IntN(len(characters))]
		}
		agreesWithEncodingCSV(t, string(text))
		sameInChunks(t, string(text), 1+random.IntN(16))
	}
}

// FuzzSplit holds the splitter against encoding/csv, which is slower and agrees on
// every text that both find valid.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"a,b\nc,d\n", "a,\"b\nc\"\r\n\"\"\"d\",e", "\n\n,,\n\"x\"\n", "\"a\"\"\n\"\"b\"", "a\rb,c\r\n", "\"\r\n\",\r",
	} {
		f.Add(seed)
	}
	f.Fuzz(agreesWithEncodingCSV)
}

func agreesWithEncodingCSV(t *testing.T, text string) {
	reference := csv.NewReader(strings.NewReader(text))
	reference.FieldsPerRecord = -1
	want, err := reference.ReadAll()
	if err != nil {
		return
	}
	got, broken := parted(text, ',')
	for _, record := range got {
		for i := range record { // encoding/csv gives "\n" for "\r\n" inside quotes
			record[i] = strings.ReplaceAll(record[i], "\r\n", "\n")
		}
	}
	if broken || !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%q gives %q, want %q (broken: %v)", text, got, want, broken)
	}
}

// FuzzChunks checks that cutting a text anywhere changes nothing: not the records,
// not their numbers, not their lines.
func FuzzChunks(f *testing.F) {
	for _, seed := range []string{"a,b\n\"c\nd\",e\n\nf", "\"a\"\"\n\",b\n", "a\"b\n\"c\"d\"\n\"e\"\n", "\n\n\n"} {
		f.Add(seed, uint8(8))
	}
	f.Fuzz(func(t *testing.T, text string, size uint8) { sameInChunks(t, text, int(size)+1) })
}

func sameInChunks(t *testing.T, text string, size int) {
	whole, err := numbered(text, len(text)+1)
	if err != nil {
		return // ends inside quotes
	}
	chunked, err := numbered(text, size)
	if err != nil {
		return // a record longer than a chunk
	}
	if !slices.EqualFunc(whole, chunked, func(a, b record) bool {
		return a.row == b.row && a.line == b.line && slices.Equal(a.fields, b.fields)
	}) {
		t.Errorf("%q gives %v whole and %v in chunks of %d", text, whole, chunked, size)
	}
}

type record struct {
	row, line int64
	fields    []string
}

// numbered reads a text in chunks of at most so many bytes.
func numbered(text string, size int) (records []record, err error) {
	chunks := newChunker(strings.NewReader(text), size)
	chunks.delimiter = ','
	s := splitter{delimiter: ','}
	for {
		c, err := chunks.next()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		row, line := c.row, c.line
		for rest := c.text; rest != ""; row++ {
			rest = s.next(rest)
			records = append(records, record{row, line, slices.Clone(s.fields)})
			line += s.lines
		}
	}
}
