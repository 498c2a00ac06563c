package windowed

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/den-digitale-hotline/ddh/etl"
)

// landed knows what a table's latest deliveries held, so that of a window that reaches
// back over earlier ones only what is new needs to land: polled every quarter of an
// hour with three hours of overlap, each row would land a dozen times.
//
// Rows are compared in units: all rows that agree in the plain columns of the table's
// replacement key. A unit is one key, or several keys together, so what is replaced as
// a whole lands as a whole. It is news unless its rows are exactly those of its latest
// landing: a unit that went from one content to another and back lands each time.
type landed struct {
	seed    maphash.Seed
	keys    []int    // columns of the key
	names   []string // of those columns
	columns int      // of the contract; the row's number in its source comes after them
	units   map[uint64]unit
	rejects map[uint64]bool
}

// unit is a content: the sum of its rows' hashes, in any order, and their number.
type unit struct {
	sum  uint64
	rows int
}

func newLanded(t etl.Table) *landed {
	l := &landed{
		seed: maphash.MakeSeed(), columns: len(t.Columns),
		units: map[uint64]unit{}, rejects: map[uint64]bool{},
	}
	for i, c := range t.Columns {
		if slices.Contains(t.Replace.Key, c.Name) {
			l.keys, l.names = append(l.keys, i), append(l.names, c.Name)
		}
	}
	return l
}

// add takes one delivery; those that arrived later come later.
func (l *landed) add(d etl.Delivered) {
	here := map[uint64]unit{}
	for _, rec := range d.Rows {
		l.tally(rec, here)
	}
	for key, content := range here {
		l.units[key] = content
	}
	for _, r := range d.Rejects {
		l.rejects[l.reject(r)] = true
	}
}

// tally adds up the units of some rows and returns the key of each row.
func (l *landed) tally(rec arrow.RecordBatch, units map[uint64]unit) []uint64 {
	keys := l.hashes(rec, l.keys)
	all := make([]int, l.columns)
	for i := range all {
		all[i] = i
	}
	for i, sum := range l.hashes(rec, all) {
		u := units[keys[i]]
		units[keys[i]] = unit{u.sum + sum, u.rows + 1}
	}
	return keys
}

// reject knows a rejected row by what it says and why it was rejected.
func (l *landed) reject(r etl.Reject) uint64 {
	var h maphash.Hash
	h.SetSeed(l.seed)
	for _, text := range []string{r.Column, r.Rule, r.Raw} {
		writeText(&h, text)
	}
	return h.Sum64()
}

// hashes is a hash of some columns for each row.
func (l *landed) hashes(rec arrow.RecordBatch, columns []int) []uint64 {
	sums := make([]uint64, rec.NumRows())
	writers := make([]func(*maphash.Hash, int), len(columns))
	for k, column := range columns {
		writers[k] = values(rec.Column(column))
	}
	var h maphash.Hash
	h.SetSeed(l.seed)
	for row := range sums {
		h.Reset()
		for _, write := range writers {
			write(&h, row)
		}
		sums[row] = h.Sum64()
	}
	return sums
}

// values returns what writes one value of a column into a hash, so that a missing one
// differs from every other.
func values(column arrow.Array) func(*maphash.Hash, int) {
	number := func(of func(int) uint64) func(*maphash.Hash, int) {
		return func(h *maphash.Hash, i int) {
			if column.IsNull(i) {
				h.WriteByte(0)
				return
			}
			var bytes [9]byte
			bytes[0] = 1
			binary.LittleEndian.PutUint64(bytes[1:], of(i))
			h.Write(bytes[:])
		}
	}
	switch c := column.(type) {
	case *array.Int64:
		return number(func(i int) uint64 { return uint64(c.Value(i)) })
	case *array.Uint64:
		return number(func(i int) uint64 { return c.Value(i) })
	case *array.Timestamp:
		return number(func(i int) uint64 { return uint64(c.Value(i)) })
	case *array.Date32:
		return number(func(i int) uint64 { return uint64(c.Value(i)) })
	case *array.Float64:
		return number(func(i int) uint64 { return math.Float64bits(c.Value(i)) })
	default:
		return func(h *maphash.Hash, i int) {
			if column.IsNull(i) {
				h.WriteByte(0)
				return
			}
			h.WriteByte(1)
			writeText(h, column.ValueStr(i))
		}
	}
}

func writeText(h *maphash.Hash, text string) {
	var length [8]byte
	binary.LittleEndian.PutUint64(length[:], uint64(len(text)))
	h.Write(length[:])
	h.WriteString(text)
}

// keepNews drops what has landed already, and reports whether anything is left.
func (a *answer) keepNews(have *landed) bool {
	now := map[uint64]unit{}
	keys := make([][]uint64, len(a.batches))
	for i, rec := range a.batches {
		keys[i] = have.tally(rec, now)
	}
	isNews := func(key uint64) bool { return have.units[key] != now[key] }
	a.rejects = have.newRejects(a, keys, isNews)
	var kept []arrow.RecordBatch
	for i, rec := range a.batches {
		kept = append(kept, slices.Collect(runs(rec, keys[i], isNews))...)
		rec.Release()
	}
	a.batches = kept
	return len(a.batches) > 0 || len(a.rejects) > 0
}

// runs cuts out the stretches of rows whose key is wanted.
func runs(rec arrow.RecordBatch, keys []uint64, wanted func(uint64) bool) func(yield func(arrow.RecordBatch) bool) {
	return func(yield func(arrow.RecordBatch) bool) {
		for from := 0; from < len(keys); from++ {
			if !wanted(keys[from]) {
				continue
			}
			to := from + 1
			for to < len(keys) && wanted(keys[to]) {
				to++
			}
			if !yield(rec.NewSlice(int64(from), int64(to))) {
				return
			}
			from = to
		}
	}
}
