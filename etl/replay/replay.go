// Package replay brings quarantined rows again: rows that a newer program reads, or
// whose value somebody has corrected. It makes a batch of its own of them, together
// with the rest of their keys, so that the landing stays the whole truth and loading
// needs no second way (DESIGN §1). It knows neither the quarantine's table nor a file.
package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Options say how the rows of one batch are brought again.
type Options struct {
	Source  string
	Table   etl.Table
	Batch   string            // in which the rows were quarantined
	Names   map[string]string // the source's column map, see convert.Options
	Formats etl.Formats       // how the source writes what its values leave open
	Set     map[string]string // delivered column to the value that is to stand in its place
	Protect *privacy.Key
	// Latest is the time after which nothing can have happened yet, see etl.Batch.Latest;
	// zero for no limit.
	Latest time.Time
}

// Result is what became of the rows.
type Result struct {
	Landed etl.Landed
	Again  int          // rows that read now
	Still  []etl.Reject // rows that still do not read, with today's reason
}

// Rest is what the warehouse knows of rows, which are given in the contract's columns
// as text.
type Rest struct {
	// Keys are the keys of rows, as etl.Reject.Key has that of a row in quarantine.
	Keys func(rows [][]string) ([]string, error)
	// Mates are what is loaded of the keys of some rows and belongs to the same version.
	Mates func(rows [][]string) ([][]string, error)
}

// Run converts rejected rows again and lands those that read, with what belongs to
// them: the rows of aside, which are all that the batch has in quarantine, that wait
// for them, and their mates. A key of which one row still does not read stays whole
// where it is. Where nothing reads, nothing is landed and Landed is zero.
func Run(o Options, asked, aside []etl.Reject, rest Rest, sink etl.Sink) (Result, error) {
	if err := o.Check(); err != nil {
		return Result{}, err
	}
	w := work{options: o, rest: rest, blocked: map[string]bool{}}
	defer w.release()
	if err := w.read(asked, o.Set, true); err != nil {
		return Result{}, err
	}
	if err := w.readWaiting(asked, aside); err != nil {
		return Result{}, err
	}
	w.keepWhole()
	result := Result{Again: len(w.rows), Still: w.still}
	if result.Again == 0 {
		return result, nil
	}
	batches := w.batches()
	mates, err := rest.Mates(texts(o.Table, batches))
	if err != nil {
		return Result{}, err
	}
	taken, err := o.stored(mates)
	if err != nil {
		return Result{}, err
	}
	defer func() {
		for _, b := range taken {
			b.Release()
		}
	}()
	// Of two rows that are versions of one, the later stays: the one that was asked for.
	batches = append(taken, batches...)
	result.Landed, err = land(sink, batches, etl.Batch{
		Source: o.Source, Table: o.Table, Replays: o.Batch,
		Origin:  fmt.Sprintf("replay of %d rows of %s", result.Again, o.Batch),
		Content: content(o.Batch, texts(o.Table, batches)),
	})
	return result, err
}

// Check refuses values for columns that are none of the table's, or that hold
// what may not be written as it is.
func (o Options) Check() error {
	for _, name := range slices.Sorted(maps.Keys(o.Set)) {
		at := slices.IndexFunc(o.Table.Columns, func(c etl.Column) bool {
			return strings.EqualFold(c.Name, name) || slices.ContainsFunc(c.Sources(), func(s string) bool { return strings.EqualFold(s, name) })
		})
		if at < 0 {
			return fmt.Errorf("%s has no column %q", o.Table.Name, name)
		}
		if c := o.Table.Columns[at]; c.Treat != etl.Keep || c.Choose != nil {
			return fmt.Errorf("%s of %s can hold personal data and cannot be set by hand", name, o.Table.Name)
		}
	}
	return nil
}

// convert reads one row again, with values that stand in place of its own: it comes back
// as a batch of one row, or as a reject.
func (o Options) convert(r etl.Reject, values map[string]string) (arrow.RecordBatch, *etl.Reject, error) {
	var row map[string]any
	decoder := json.NewDecoder(strings.NewReader(r.Raw))
	decoder.UseNumber() // call ids are larger than a float keeps
	if err := decoder.Decode(&row); err != nil {
		return nil, o.still(r, "no-text", "its text was not kept in a form that can be read again"), nil
	}
	if _, parts := row["fields"].([]any); parts {
		return nil, o.still(r, r.Rule, "its fields could not be told apart, so they cannot be read again"), nil
	}
	header := slices.Sorted(maps.Keys(row))
	fields := make([]string, len(header))
	for i, name := range header {
		fields[i] = text(row[name])
	}
	for name, value := range values {
		header, fields = set(header, fields, o.delivered(name, header), value)
	}
	table := convert.Protected(o.Table)
	if isStored(o.Table, header) {
		table = convert.Stored(o.Table)
	}
	plan, err := convert.NewPlan(convert.Options{Table: table, Header: header, Names: o.Names, Formats: o.Formats, Protect: o.Protect})
	var fault etl.Fault
	if errors.As(err, &fault) {
		return nil, o.still(r, "no-header", fault.Message), nil
	}
	if err != nil {
		return nil, nil, err
	}
	converter := plan.Converter()
	converter.Add(r.Row, r.Line, fields)
	batch, rejects := converter.Flush()
	if len(rejects) > 0 {
		batch.Release()
		return nil, &rejects[0], nil
	}
	if late := o.late(batch); late != "" {
		batch.Release()
		return nil, o.still(r, r.Rule, late+" lies in the future"), nil
	}
	return batch, nil, nil
}

func (o Options) still(r etl.Reject, rule, message string) *etl.Reject {
	if rule != r.Rule {
		r.Column = "" // it is no fault of the column that was at fault before
	}
	r.Rule, r.Message = rule, message
	return &r
}

// delivered is the name under which the row has a column.
func (o Options) delivered(name string, header []string) string {
	if mapped, ok := o.Names[name]; ok && slices.Contains(header, mapped) {
		return mapped
	}
	return name
}

func set(header, fields []string, name, value string) ([]string, []string) {
	at := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) })
	if at < 0 {
		return append(header, name), append(fields, value)
	}
	fields[at] = value
	return header, fields
}

// isStored reports whether a quarantined row has the contract's columns: then it was
// the warehouse that set it aside, after conversion.
func isStored(t etl.Table, header []string) bool {
	for _, c := range t.Columns {
		if !slices.Contains(header, c.Name) {
			return false
		}
	}
	return true
}

// text writes out a JSON value; the warehouse's rows have numbers and truths in them.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	out, err := json.Marshal(value)
	if err != nil { // it came out of JSON
		return ""
	}
	return string(out)
}

// stored turns mates into batches. They are numbered below one: they are not the
// source's rows of those numbers.
func (o Options) stored(rows [][]string) ([]arrow.RecordBatch, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	header := make([]string, len(o.Table.Columns))
	for i, c := range o.Table.Columns {
		header[i] = c.Name
	}
	plan, err := convert.NewPlan(convert.Options{Table: convert.Stored(o.Table), Header: header, Protect: o.Protect})
	if err != nil {
		return nil, err
	}
	converter := plan.Converter()
	for i, row := range rows {
		converter.Add(-int64(i), 0, row)
	}
	batch, rejects := converter.Flush()
	if len(rejects) > 0 {
		batch.Release()
		return nil, fmt.Errorf("a row of %s that was loaded does not read again: %s", o.Table.Name, rejects[0].Message)
	}
	return []arrow.RecordBatch{batch}, nil
}

// texts writes rows out in the order of the contract's columns, "" for NULL.
func texts(t etl.Table, batches []arrow.RecordBatch) [][]string {
	var rows [][]string
	for _, batch := range batches {
		for at := range int(batch.NumRows()) {
			row := make([]string, len(t.Columns))
			for i := range t.Columns {
				if column := batch.Column(i); !column.IsNull(at) {
					row[i] = column.ValueStr(at)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// content is the checksum of a replay.
func content(batch string, rows [][]string) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q%q", batch, rows)
	return hex.EncodeToString(sum.Sum(nil))
}
