package webtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Sink is a landing and a warehouse in memory. It replaces rows by the plain columns
// of Table.Replace, of which only those are understood.
type Sink struct {
	Batches []etl.Batch
	Rejects []etl.Reject
	Counts  etl.Counts

	cursors   map[string]time.Time
	known     map[string]bool
	tables    map[string]map[string]row
	delivered map[string][]etl.Delivered
}

var _ etl.Sink = (*Sink)(nil)

type row struct{ version, text string }

// Known implements etl.Sink.
func (s *Sink) Known(table etl.Table, content string) bool { return s.known[table.Name+content] }

// Recent implements etl.Sink. It hands out more than is asked for: all there is.
func (s *Sink) Recent(_ context.Context, table etl.Table, _ time.Time, each func(etl.Delivered)) error {
	for _, d := range s.delivered[table.Name] {
		each(d)
	}
	return nil
}

// Cursor implements etl.Sink.
func (s *Sink) Cursor(_ string, table etl.Table) time.Time { return s.cursors[table.Name] }

// Advance implements etl.Sink.
func (s *Sink) Advance(_ string, table etl.Table, until time.Time) {
	if s.cursors == nil {
		s.cursors = map[string]time.Time{}
	}
	if until.After(s.cursors[table.Name]) {
		s.cursors[table.Name] = until
	}
}

// Begin implements etl.Sink.
func (s *Sink) Begin(b etl.Batch) (etl.Writer, error) {
	return &writer{sink: s, batch: b}, nil
}

// Rows are the rows of a table that are left, each as "column=value …", sorted.
func (s *Sink) Rows(table string) []string {
	var all []string
	for _, r := range s.tables[table] {
		all = append(all, r.text)
	}
	slices.Sort(all)
	return all
}

// writer is one batch under way.
type writer struct {
	sink    *Sink
	batch   etl.Batch
	rows    map[string]row
	counts  etl.Counts
	rejects []etl.Reject
	records []arrow.RecordBatch
}

func (w *writer) Write(rec arrow.RecordBatch) error {
	rec.Retain()
	w.records = append(w.records, rec)
	if w.rows == nil {
		w.rows = map[string]row{}
	}
	for i := range int(rec.NumRows()) {
		values := map[string]string{}
		var shown []string
		for j, field := range rec.Schema().Fields() {
			if column := rec.Column(j); column.IsValid(i) && field.Name != etl.RowColumn {
				values[field.Name] = column.ValueStr(i)
				shown = append(shown, field.Name+"="+column.ValueStr(i))
			}
		}
		w.put(values, strings.Join(shown, " "))
		w.counts.Read++
		w.counts.Landed++
	}
	return nil
}

func (w *writer) put(values map[string]string, text string) {
	var key strings.Builder
	for _, column := range w.batch.Table.Replace.Key {
		fmt.Fprintf(&key, "%q,", values[column])
	}
	version := values[w.batch.Table.Replace.Updated]
	if have, ok := w.rows[key.String()]; !ok || version >= have.version {
		w.rows[key.String()] = row{version, text}
	}
}

func (w *writer) Reject(r etl.Reject) error {
	w.counts.Read++
	w.counts.Rejected++
	w.rejects = append(w.rejects, r)
	return nil
}

func (w *writer) Commit(d etl.Drift) (etl.Landed, error) {
	s, name := w.sink, w.batch.Table.Name
	if s.known == nil {
		s.known, s.tables = map[string]bool{}, map[string]map[string]row{}
		s.delivered = map[string][]etl.Delivered{}
	}
	s.known[name+w.batch.Content] = true
	if s.tables[name] == nil {
		s.tables[name] = map[string]row{}
	}
	for key, r := range maps.All(w.rows) {
		if have, ok := s.tables[name][key]; !ok || r.version >= have.version {
			s.tables[name][key] = r
		}
	}
	s.Batches = append(s.Batches, w.batch)
	s.delivered[name] = append(s.delivered[name], etl.Delivered{Rows: w.records, Rejects: w.rejects})
	s.Rejects = append(s.Rejects, w.rejects...)
	s.Counts.Read += w.counts.Read
	s.Counts.Landed += w.counts.Landed
	s.Counts.Rejected += w.counts.Rejected
	return etl.Landed{Batch: w.batch, Counts: w.counts, Drift: d}, nil
}

func (w *writer) Abort() error { return nil }
