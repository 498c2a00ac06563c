package dropfolder

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// manner is how a CSV file is gone through. Files are read in the usual manner first; what
// comes of that tells whether another one is needed.
type manner struct {
	census  bool // look at all rows before any is converted
	literal bool // quotes are characters like any other
	broken  bool // records with bad quotes are set aside
}

// errOpen says that values were met that only a look at all rows can settle.
var errOpen = errors.New("the file has values that can be read in two ways")

// strayQuote says that quotes are not what they should be. The fault is what is said of
// the file unless it proves to be written without quoting.
type strayQuote struct {
	fault etl.Fault
	apart bool // the record at fault can be set aside without losing others
}

func (q *strayQuote) Error() string { return q.fault.Error() }

// readCSV reads RFC 4180 text: any of the usual delimiters and encodings, any kind of
// line end, and quotes that may enclose line ends; or text that is evidently written
// without quoting.
func readCSV(ctx context.Context, d *delivery) error {
	var how manner
	var quote *strayQuote
	for {
		err := d.readText(ctx, how, quote)
		var stray *strayQuote
		switch {
		case errors.Is(err, errOpen) && !how.census:
			how.census = true
		case errors.As(err, &stray) && !how.literal && !how.broken:
			quote = stray
			if how.literal, err = d.unquoted(ctx); err != nil {
				return err
			}
			if !how.literal && !stray.apart {
				return stray.fault
			}
			how.broken = !how.literal
		default:
			return err
		}
		if err := d.again(); err != nil {
			return err
		}
	}
}

// again drops what has been written, to begin anew.
func (d *delivery) again() error {
	if d.writer == nil {
		return nil
	}
	w := d.writer
	d.writer = nil
	d.failed = w.Abort()
	return d.failed
}

// csvText is a CSV text after its header.
type csvText struct {
	*text
	*chunker
	header []string
	line   int64 // of the header
	pad    int   // empty fields that every row has beyond the header
}

// openCSV opens the file and reads its header.
func (d *delivery) openCSV(ctx context.Context, how manner) (*csvText, error) {
	in, err := d.input.openText(ctx)
	if err != nil {
		return nil, err
	}
	t := &csvText{text: in, chunker: newChunker(in, int(min(int64(d.source.chunkSize), roomFor(d.input))))}
	t.literal = how.literal
	if err := readHeader(t, d); err != nil {
		in.Close()
		return nil, err
	}
	return t, nil
}

// readText reads the file in one manner.
func (d *delivery) readText(ctx context.Context, how manner, quote *strayQuote) error {
	in, err := d.openCSV(ctx, how)
	if err != nil {
		return err
	}
	defer func() { in.Close() }()
	plan, err := d.bind(in.header, in.line, convert.Format{})
	if err != nil {
		return err
	}
	if how.literal {
		plan.Note(withoutQuoting(quote.fault))
	}
	if how.census || sampleIsOpen(plan, how, in) {
		how.census = true
		if err := count(plan, how, in); err != nil {
			return err
		}
		in.Close()
		if in, err = d.openCSV(ctx, how); err != nil {
			return err
		}
	}
	in.noteEncoding(plan)
	if err := d.open(); err != nil {
		return err
	}
	if err := convertChunks(ctx, d, plan, how, in); err != nil {
		return err
	}
	for _, n := range in.bytes.told() {
		plan.Note(n)
	}
	return nil
}

// withoutQuoting is the notice of a file in which quotes are characters.
func withoutQuoting(f etl.Fault) etl.Notice {
	return etl.Notice{
		Rule: "written-without-quoting", Line: f.Line,
		Message: "the file is written without quoting, so quotes in it were read as characters like any other",
		Try:     "export it with quotes round texts (RFC 4180)",
	}
}

// sampleIsOpen reports whether the first rows already tell that all must be looked at.
func sampleIsOpen(plan *convert.Plan, how manner, in *csvText) bool {
	const most = 64 << 10
	if in.fill() != nil {
		return false
	}
	piece := string(in.buffer[:min(in.filled, most)])
	r := newLineReader(plan, how, in)
	r.bytes = nil                                                    // what is mended is counted when it is read in earnest
	_ = r.convert(chunk{text: piece, row: 1, line: in.chunker.line}) // what is wrong shows when it is read in earnest
	return r.converter.Open()
}

// count looks at all rows and settles the plan.
func count(plan *convert.Plan, how manner, in *csvText) error {
	census := plan.Census()
	s := splitter{delimiter: in.delimiter, literal: how.literal}
	for {
		c, err := in.next()
		if errors.Is(err, io.EOF) {
			return plan.Settle(census)
		}
		if err != nil {
			return err
		}
		line := c.line
		for rest := c.text; rest != ""; {
			rest = s.next(rest)
			census.Look(line, s.fields[:max(0, len(s.fields)-in.pad)])
			line += s.lines
		}
	}
}

// unquoted reports whether a file is evidently written without quoting: taken literally,
// every line has as many fields as the header, the last one included, which ends as lines
// do, and quotes stand only in texts in which people write.
func (d *delivery) unquoted(ctx context.Context) (bool, error) {
	in, err := d.openCSV(ctx, manner{literal: true})
	if err != nil {
		return false, err
	}
	defer in.Close()
	plan, err := d.bind(in.header, in.line, convert.Format{})
	if err != nil || strings.Contains(strings.Join(in.header, ""), `"`) {
		return false, nil
	}
	s := splitter{delimiter: in.delimiter, literal: true}
	for {
		c, err := in.next()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if c.cut { // inside the field, perhaps
			return false, nil
		}
		for rest := c.text; rest != ""; {
			rest = s.next(rest)
			if len(s.fields) != 0 && !literally(plan, s.fields, in.pad) {
				return false, nil
			}
		}
	}
}

// literally reports whether fields, read without quoting, make a row.
func literally(plan *convert.Plan, fields []string, pad int) bool {
	if len(fields) != plan.Width()+pad {
		return false
	}
	for i, text := range fields {
		if strings.IndexByte(text, '"') >= 0 && (i >= plan.Width() || !plan.Speaks(i)) {
			return false
		}
	}
	return true
}

// roomFor is the buffer that holds a whole file, so that small files need no large
// one. What a packed file, or another encoding, grows to is not known.
func roomFor(in *input) int64 {
	if strings.HasSuffix(strings.ToLower(in.path), ".gz") {
		return chunkSize
	}
	return max(64<<10, 3*in.size)
}

// finished reports whether an error of chunker.next is the end of the text.
func finished(err error) bool { return errors.Is(err, io.EOF) }
