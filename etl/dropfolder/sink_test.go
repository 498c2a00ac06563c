package dropfolder_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// keeper is a sink that keeps what it gets as text.
type keeper struct {
	known   map[string]bool
	batches []*kept
	aborted int
	begin   error // what Begin fails with, if anything
	write   error // what Write fails with
}

// kept is one committed batch: rows as "column=value" of what is not null.
type kept struct {
	sink    *keeper
	batch   etl.Batch
	rows    []string
	rejects []etl.Reject
	records int
}

func (*keeper) Recent(context.Context, etl.Table, time.Time, func(etl.Delivered)) error { return nil }
func (m *keeper) Cursor(string, etl.Table) time.Time                                    { return time.Time{} }

func (m *keeper) Advance(string, etl.Table, time.Time) {}

func (m *keeper) Known(table etl.Table, content string) bool { return m.known[table.Name+content] }

func (m *keeper) Begin(b etl.Batch) (etl.Writer, error) {
	return &kept{sink: m, batch: b}, m.begin
}

func (k *kept) Write(rec arrow.RecordBatch) error {
	if !rec.Schema().Equal(k.batch.Table.Schema()) {
		return fmt.Errorf("the record has schema %v", rec.Schema())
	}
	k.records++
	for row := range int(rec.NumRows()) {
		var values []string
		for i, column := range rec.Columns() {
			if !column.IsNull(row) {
				values = append(values, rec.ColumnName(i)+"="+printed(column, row))
			}
		}
		k.rows = append(k.rows, strings.Join(values, " "))
	}
	return k.sink.write
}

// printed is a value as text. Arrow writes "Z" after a wall-clock time too.
func printed(column arrow.Array, row int) string {
	text := column.ValueStr(row)
	if kind, ok := column.DataType().(*arrow.TimestampType); ok && kind.TimeZone == "" {
		return strings.TrimSuffix(text, "Z")
	}
	return text
}

func (k *kept) Reject(r etl.Reject) error {
	k.rejects = append(k.rejects, r)
	return nil
}

func (k *kept) Commit(d etl.Drift) (etl.Landed, error) {
	if k.sink.known == nil {
		k.sink.known = map[string]bool{}
	}
	k.sink.known[k.batch.Table.Name+k.batch.Content] = true
	k.sink.batches = append(k.sink.batches, k)
	landed, rejected := int64(len(k.rows)), int64(len(k.rejects))
	counts := etl.Counts{Read: landed + rejected, Landed: landed, Rejected: rejected}
	return etl.Landed{Batch: k.batch, Counts: counts, Drift: d}, nil
}

func (k *kept) Abort() error {
	k.sink.aborted++
	return nil
}

// key is a pseudonym key for tests.
func key(t testing.TB) *privacy.Key {
	t.Helper()
	k, err := privacy.New([]byte("only for the tests of ddh"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// visits is a small table with one column of most types.
func visits() etl.Table {
	return etl.Table{
		Owner: "test", Name: "visits", Aliases: []string{"visit_log", "visitList"}, Version: 1,
		Columns: []etl.Column{
			{Name: "id", Type: etl.Integer, Required: true, NotNull: true},
			{Name: "at", Type: etl.LocalTime, Required: true},
			{Name: "phone", Type: etl.Text, Treat: etl.Pseudonym},
			{Name: "note", Type: etl.Text, Treat: etl.Scrub},
			{Name: "weight", Type: etl.Decimal},
		},
		Replace: etl.Replace{Key: []string{"id"}},
	}
}

// folder writes files into a new folder and returns the source over it.
func folder(t testing.TB, files map[string]string, change ...func(*dropfolder.Options)) *dropfolder.Source {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := dropfolder.Options{Name: "test", Dir: dir, Tables: []etl.Table{visits()}, Protect: key(t), Workers: 2}
	for _, c := range change {
		c(&o)
	}
	source, err := dropfolder.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// pull pulls everything into a new sink.
func pull(t testing.TB, source *dropfolder.Source) (*keeper, etl.Pulled) {
	t.Helper()
	sink := &keeper{}
	pulled, err := source.Pull(t.Context(), sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sink, pulled
}

// withDir makes the source read another folder.
func withDir(dir string) func(*dropfolder.Options) {
	return func(o *dropfolder.Options) { o.Dir = dir }
}
