package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/plaintext"
)

// text is a text file's content as UTF-8 without byte-order mark.
type text struct {
	io.Reader
	io.Closer
	script plaintext.Script
	bytes  *badBytes // nil where all of it is sound
}

// openText opens a text file. The first time it is read through, to see how it is
// encoded and that it is text.
func (in *input) openText(ctx context.Context) (*text, error) {
	if in.script == nil {
		file, err := in.open(ctx, false)
		if err != nil {
			return nil, err
		}
		found, err := plaintext.Detect(file)
		file.Close()
		var fault *plaintext.Fault
		if errors.As(err, &fault) {
			return nil, etl.Fault{Line: fault.Line, Message: fault.Message, Try: fault.Try}
		}
		if err != nil {
			return nil, err
		}
		in.script = &found
	}
	file, err := in.open(ctx, true)
	if err != nil {
		return nil, err
	}
	t := &text{Closer: file, script: *in.script}
	if t.Reader, err = t.script.Reader(file); err != nil {
		file.Close()
		return nil, err
	}
	if t.script.Bad {
		t.bytes = &badBytes{found: map[badKey]*etl.Notice{}}
	}
	return t, nil
}

// noteEncoding notes an encoding that was told by its letters alone.
func (t *text) noteEncoding(plan *convert.Plan) {
	if t.script.Odd {
		plan.Note(etl.Notice{
			Rule: "odd-encoding", Line: t.script.Line,
			Message: fmt.Sprintf("the file was read as %s, because only that makes Danish letters of its bytes", t.script.Name),
			Try:     "export it as UTF-8",
		})
	}
}

// badBytes gathers the cells in which bytes are no UTF-8, in a file that otherwise is. It
// is shared by the goroutines that read the file.
type badBytes struct {
	mu    sync.Mutex
	found map[badKey]*etl.Notice
}

type badKey struct{ column, rule string }

// mend makes the fields of a record valid and notes what was wrong.
func (b *badBytes) mend(plan *convert.Plan, line int64, fields []string) {
	for i, text := range fields {
		if utf8.ValidString(text) {
			continue
		}
		name := ""
		if i < plan.Width() {
			name = plan.Header()[i]
		}
		mended, cut, mixed := plaintext.Mend(text)
		fields[i] = mended
		if cut > 0 {
			b.note(badKey{name, "broken-character"}, line)
		}
		if mixed > 0 {
			b.note(badKey{name, "mixed-encoding"}, line)
		}
	}
}

func (b *badBytes) note(key badKey, line int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.found[key]
	if n == nil {
		n = &etl.Notice{Column: key.column, Rule: key.rule, Line: line}
		b.found[key] = n
	}
	n.Count++
	n.Line = min(n.Line, line)
}

// told are the notices, worded.
func (b *badBytes) told() []etl.Notice {
	if b == nil {
		return nil
	}
	var all []etl.Notice
	for _, n := range b.found {
		n.Message, n.Try = fmt.Sprintf("%s a character that was cut; the rest of the file is UTF-8 and was read so", cells(n.Count)),
			"let the export cut texts between characters, or widen the column"
		if n.Rule == "mixed-encoding" {
			n.Message, n.Try = fmt.Sprintf("%s Windows-1252 in a file that otherwise is UTF-8", cells(n.Count)), "export the file in one encoding"
		}
		all = append(all, *n)
	}
	return all
}

func cells(n int64) string {
	if n == 1 {
		return "one cell holds"
	}
	return fmt.Sprintf("%d cells hold", n)
}

// mended is a text of which no place is known as a column: its bad bytes are mended, and
// the whole of it noted.
func (t *text) mended() (io.Reader, []etl.Notice, error) {
	if t.bytes == nil {
		return t.Reader, nil, nil
	}
	content, err := io.ReadAll(t.Reader)
	if err != nil {
		return nil, nil, err
	}
	out, cut, mixed := plaintext.Mend(string(content))
	if cut > 0 {
		t.bytes.note(badKey{"", "broken-character"}, t.script.Line)
	}
	if mixed > 0 {
		t.bytes.note(badKey{"", "mixed-encoding"}, t.script.Line)
	}
	return strings.NewReader(out), t.bytes.told(), nil
}
