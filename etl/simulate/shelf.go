package simulate

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
)

// form is a table's name, place and shape among the deliveries.
type form struct {
	table, folder string
	comma         byte
	header        []string
}

// shelf holds the sheets being written: one per table and quarter, so that a
// simulation of some length arrives as several batches.
type shelf struct {
	dir  string
	open map[place]*sheet.Sheet
	last map[*form]quarterly // the sheet used before: rows come nearly in order
	rows map[string]int64
	err  error
}

type place struct {
	form       *form
	first      clock.Day // first day of the quarter; 0 for a table with one file
	correction bool
}

type quarterly struct {
	from, to clock.Day // half open
	sheet    *sheet.Sheet
}

func newShelf(dir string) *shelf {
	return &shelf{dir: dir, open: make(map[place]*sheet.Sheet), last: make(map[*form]quarterly), rows: make(map[string]int64)}
}

// sheet returns the sheet of a table for a day.
func (s *shelf) sheet(f *form, day clock.Day) *sheet.Sheet {
	if q := s.last[f]; day >= q.from && day < q.to {
		return q.sheet
	}
	from, to, name := quarterOf(day)
	found := s.at(place{f, from, false}, f.table+"_"+name)
	s.last[f] = quarterly{from, to, found}
	return found
}

// corrections returns the sheet that holds what was delivered once more.
func (s *shelf) corrections(f *form, day clock.Day) *sheet.Sheet {
	from, _, name := quarterOf(day)
	return s.at(place{f, from, true}, f.table+"_"+name+"_rettelser")
}

// single returns the only sheet of a table.
func (s *shelf) single(f *form) *sheet.Sheet { return s.at(place{form: f}, f.table) }

func (s *shelf) at(p place, name string) *sheet.Sheet {
	found, ok := s.open[p]
	if !ok {
		var err error
		if found, err = sheet.Create(filepath.Join(s.dir, p.form.folder, name+".csv"), p.form.comma, p.form.header...); err != nil {
			s.err = cmp.Or(s.err, err)
			found = sheet.Discard(p.form.comma, p.form.header...)
		}
		s.open[p] = found
	}
	return found
}

// close closes every sheet, counts the rows and returns the first error.
func (s *shelf) close() error {
	for p, open := range s.open {
		s.rows[p.form.table] += open.Rows()
		s.err = cmp.Or(s.err, open.Close())
	}
	return s.err
}

// quarterOf returns a day's quarter: its first day, the day after it, and its name.
func quarterOf(day clock.Day) (from, to clock.Day, name string) {
	year, quarter := day.Quarter()
	return clock.QuarterStart(year, quarter), clock.QuarterStart(year, quarter+1), fmt.Sprintf("%dK%d", year, quarter)
}
