// Package sheet writes CSV files quickly: fields are appended to one buffer, with
// no formatting in between. It writes what it is told, in the order of the header,
// and reads nothing.
package sheet

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

const flushAt = 256 << 10

// Sheet is one CSV file being written. The first error is kept and returned by
// Close; after it nothing more is written.
type Sheet struct {
	file   *os.File
	path   string
	buf    []byte
	row    int // where in buf the latest row begins
	comma  byte
	header int
	fields int
	rows   int64
	err    error
	day    clock.Day // the date last formatted, and its text: dates repeat
	dayTxt [11]byte
}

// Create makes the file and its folder and writes the header. A file of that name
// is replaced.
func Create(path string, comma byte, header ...string) (*Sheet, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of %s: %w", path, err)
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create sheet: %w", err)
	}
	s := start(path, comma, header)
	s.file = f
	return s, nil
}

// Discard returns a sheet that is written nowhere, for going on after Create has
// failed.
func Discard(comma byte, header ...string) *Sheet { return start("", comma, header) }

func start(path string, comma byte, header []string) *Sheet {
	s := &Sheet{path: path, comma: comma, header: len(header), day: -1 << 31, buf: make([]byte, 0, flushAt+8<<10)}
	for _, name := range header {
		s.Text(name)
	}
	s.End()
	s.rows = 0
	return s
}

// Rows returns the rows written so far, without the header.
func (s *Sheet) Rows() int64 { return s.rows }

func (s *Sheet) next() {
	if s.fields == 0 {
		if len(s.buf) >= flushAt {
			s.flush()
		}
		s.row = len(s.buf)
	} else {
		s.buf = append(s.buf, s.comma)
	}
	s.fields++
}

// Text writes a text, quoted where CSV needs it.
func (s *Sheet) Text(v string) {
	s.next()
	if !s.needsQuotes(v) {
		s.buf = append(s.buf, v...)
		return
	}
	s.buf = append(s.buf, '"')
	s.buf = append(s.buf, strings.ReplaceAll(v, `"`, `""`)...)
	s.buf = append(s.buf, '"')
}

func (s *Sheet) needsQuotes(v string) bool {
	for i := range len(v) {
		if c := v[i]; c == s.comma || c == '"' || c == '\n' || c == '\r' {
			return true
		}
	}
	return false
}

// Code writes a one-letter code padded to two characters, as SQL Server's char(2)
// arrives; 0 is an empty field.
func (s *Sheet) Code(c byte) {
	s.next()
	if c != 0 {
		s.buf = append(s.buf, c, ' ')
	}
}

// Letter writes a one-letter code unpadded; 0 is an empty field.
func (s *Sheet) Letter(c byte) {
	s.next()
	if c != 0 {
		s.buf = append(s.buf, c)
	}
}

// Int writes a whole number.
func (s *Sheet) Int(v int64) { s.next(); s.buf = strconv.AppendInt(s.buf, v, 10) }

// Uint writes a whole number that may exceed int64.
func (s *Sheet) Uint(v uint64) { s.next(); s.buf = strconv.AppendUint(s.buf, v, 10) }

// Float writes a number with the fewest digits that read back as the same number.
func (s *Sheet) Float(v float64) { s.next(); s.buf = strconv.AppendFloat(s.buf, v, 'g', -1, 64) }

// Bool writes 1 or 0.
func (s *Sheet) Bool(v bool) {
	if v {
		s.Int(1)
		return
	}
	s.Int(0)
}

// Empty writes n empty fields.
func (s *Sheet) Empty(n int) {
	for range n {
		s.next()
	}
}

// Time writes "2026-03-31 08:00:00".
func (s *Sheet) Time(t clock.Local) { s.next(); s.appendTime(t) }

// Millis writes "2026-03-31 08:00:00.443".
func (s *Sheet) Millis(t clock.Local, ms int) {
	s.Time(t)
	s.buf = append(s.buf, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
}

func (s *Sheet) appendTime(t clock.Local) {
	if d := t.Day(); d != s.day {
		s.day = d
		copy(s.dayTxt[:], append(d.Append(nil), ' '))
	}
	s.buf = t.AppendTime(append(s.buf, s.dayTxt[:]...))
}

// Date writes "2026-03-31"; the zero day is an empty field.
func (s *Sheet) Date(d clock.Day) {
	s.next()
	if d != 0 {
		s.buf = d.Append(s.buf)
	}
}

// End ends the row.
func (s *Sheet) End() {
	if s.fields != s.header && s.err == nil {
		s.err = fmt.Errorf("sheet %s: row %d has %d fields, the header %d", s.path, s.rows+1, s.fields, s.header)
	}
	s.buf = append(s.buf, '\n')
	s.fields = 0
	s.rows++
}

// Again writes the row that was last ended once more.
func (s *Sheet) Again() {
	row := s.buf[s.row:len(s.buf):len(s.buf)]
	s.row = len(s.buf)
	s.buf = append(s.buf, row...)
	s.rows++
}

func (s *Sheet) flush() {
	if s.err == nil && s.file != nil {
		if _, err := s.file.Write(s.buf); err != nil {
			s.err = fmt.Errorf("write sheet: %w", err)
		}
	}
	s.buf = s.buf[:0]
}

// Close writes what is left and returns the first error met.
func (s *Sheet) Close() error {
	s.flush()
	if s.file == nil {
		return s.err
	}
	if err := s.file.Close(); err != nil && s.err == nil {
		s.err = fmt.Errorf("close sheet: %w", err)
	}
	return s.err
}
