package convert

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Settler converts the rows of a source that is read once, row by row. From the first
// value on that only all rows can settle it keeps the rows back, and converts them when
// the last has come. It belongs to one goroutine.
type Settler struct {
	*Converter
	census *Census // nil until something is open
	held   []heldRow
}

type heldRow struct {
	row, line int64
	fields    []string
}

// Settler returns a new Settler, the only converter of the plan.
func (p *Plan) Settler() *Settler { return &Settler{Converter: p.Tentative()} }

// Add takes one row. See Converter.Add.
func (s *Settler) Add(row, line int64, fields []string) {
	if s.census == nil {
		if s.Converter.Add(row, line, fields); !s.Open() {
			return
		}
		s.census = s.plan.Census()
	}
	s.census.Look(line, fields)
	s.held = append(s.held, heldRow{row, line, slices.Clone(fields)})
}

// Finish converts what was kept back. The error is an etl.Fault where the rows do not
// settle how they are to be read.
func (s *Settler) Finish() error {
	if s.census == nil {
		return nil
	}
	if err := s.plan.Settle(s.census); err != nil {
		return err
	}
	s.open, s.hold = false, false
	for _, h := range s.held {
		s.Converter.Add(h.row, h.line, h.fields)
	}
	s.held, s.census = nil, nil
	return nil
}

// Flush hands out what has been converted so far. See Converter.Flush.
func (s *Settler) Flush() (arrow.RecordBatch, []etl.Reject) { return s.Converter.Flush() }
