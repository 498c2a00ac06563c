package replay_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/replay"
)

// calls is a small contract with every kind of treatment.
var calls = etl.Table{
	Owner: "puzzel", Name: "calls", Version: 1,
	Columns: []etl.Column{
		{Name: "call_id", Type: etl.Identifier, Required: true, NotNull: true},
		{Name: "source", Type: etl.Text, Treat: etl.Pseudonym},
		{Name: "number", From: []string{"source"}, Type: etl.Text, Choose: func(func(string) string) etl.Treatment { return etl.Number }},
		{Name: "note", Type: etl.Text, Treat: etl.Scrub},
		{Name: "seconds", Type: etl.Integer},
	},
	Replace: etl.Replace{Key: []string{"call_id"}},
}

// sink keeps what one batch wrote.
type sink struct {
	batch etl.Batch
	rows  [][]string
	ended bool
}

func (s *sink) Known(etl.Table, string) bool                                          { return false }
func (*sink) Recent(context.Context, etl.Table, time.Time, func(etl.Delivered)) error { return nil }
func (s *sink) Cursor(string, etl.Table) time.Time                                    { return time.Time{} }
func (s *sink) Advance(string, etl.Table, time.Time)                                  {}
func (s *sink) Reject(etl.Reject) error                                               { return nil }
func (s *sink) Abort() error                                                          { return nil }
func (s *sink) Begin(b etl.Batch) (etl.Writer, error)                                 { s.batch = b; return s, nil }
func (s *sink) Commit(d etl.Drift) (etl.Landed, error) {
	s.ended = true
	return etl.Landed{Batch: s.batch, Drift: d}, nil
}
func (s *sink) Write(rec arrow.RecordBatch) error {
	for at := range int(rec.NumRows()) {
		var row []string
		for _, column := range rec.Columns() {
			row = append(row, column.ValueStr(at))
		}
		s.rows = append(s.rows, row)
	}
	return nil
}

func key(t *testing.T) *privacy.Key {
	t.Helper()
	k, err := privacy.New([]byte("a key of more than sixteen bytes"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// reject is what the converter makes of a row that does not read.
func reject(t *testing.T, number int64, fields ...string) etl.Reject {
	t.Helper()
	plan, err := convert.NewPlan(convert.Options{Table: calls, Header: []string{"call_id", "source", "note", "seconds"}, Protect: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	converter := plan.Converter()
	converter.Add(number, number+1, fields)
	batch, rejects := converter.Flush()
	batch.Release()
	if len(rejects) != 1 {
		t.Fatalf("row %v was to be rejected", fields)
	}
	return rejects[0]
}

func options(t *testing.T) replay.Options {
	return replay.Options{Source: "puzzel", Table: calls, Batch: "b1", Protect: key(t)}
}

func none([][]string) ([][]string, error) { return nil, nil }

func TestCorrectedRowKeepsItsPseudonymAndItsNumber(t *testing.T) {
	o := options(t)
	o.Set = map[string]string{"seconds": "10"}
	var to sink
	got, err := replay.Run(o, []etl.Reject{reject(t, 7, "18446744073709551615", "20 30 40 50", "ring 20304050", "ten")}, none, &to)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"18446744073709551615", key(t).Pseudonym("+4520304050"), "(null)", privacy.Scrub("ring 20304050"), "10", "7"}}
	if diff := cmp.Diff(want, to.rows); diff != "" {
		t.Errorf("landed rows (-want +got):\n%s", diff)
	}
	if got.Again != 1 || len(got.Still) != 0 || !to.ended || to.batch.Replays != "b1" {
		t.Errorf("%d read again, %d still not, batch %+v", got.Again, len(got.Still), to.batch)
	}
}

func TestRestOfTheKeyComesAlongUnderNumbersBelowOne(t *testing.T) {
	o := options(t)
	o.Set = map[string]string{"seconds": "10"}
	var to sink
	asked := [][]string{}
	mates := func(rows [][]string) ([][]string, error) {
		asked = rows
		return [][]string{{"5", "pabc", "+4570101010", "hej", "20"}}, nil
	}
	if _, err := replay.Run(o, []etl.Reject{reject(t, 7, "5", "", "", "ten")}, mates, &to); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"5", "", "", "", "10"}}, asked); diff != "" {
		t.Errorf("rows whose mates were asked for (-want +got):\n%s", diff)
	}
	want := [][]string{{"5", "(null)", "(null)", "(null)", "10", "7"}, {"5", "pabc", "+4570101010", "hej", "20", "0"}}
	if diff := cmp.Diff(want, to.rows); diff != "" {
		t.Errorf("landed rows (-want +got):\n%s", diff)
	}
}

func TestRowsSetAsideByTheWarehouseReadAgain(t *testing.T) {
	raw := `{"call_id":18446744073709551615,"source":"pabc","number":"+4570101010","note":null,"seconds":5}`
	var to sink
	got, err := replay.Run(options(t), []etl.Reject{{Row: 3, Raw: raw}}, none, &to)
	if err != nil || got.Again != 1 {
		t.Fatalf("%d read again, %v", got.Again, err)
	}
	want := [][]string{{"18446744073709551615", "pabc", "+4570101010", "(null)", "5", "3"}}
	if diff := cmp.Diff(want, to.rows); diff != "" {
		t.Errorf("landed rows (-want +got):\n%s", diff)
	}
}

func TestWhatStillDoesNotReadStays(t *testing.T) {
	for name, r := range map[string]etl.Reject{
		"same value":  reject(t, 7, "5", "", "", "ten"),
		"torn row":    {Row: 8, Raw: `{"fields":["5","x"]}`},
		"no object":   {Row: 9, Raw: "5;x"},
		"other table": {Row: 10, Raw: `{"colour":"red"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var to sink
			got, err := replay.Run(options(t), []etl.Reject{r}, none, &to)
			if err != nil {
				t.Fatal(err)
			}
			if got.Again != 0 || len(got.Still) != 1 || got.Still[0].Row != r.Row || got.Still[0].Message == "" || to.ended {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestValuesThatMayNotBeSet(t *testing.T) {
	for column, want := range map[string]string{
		"source": "can hold personal data", "number": "can hold personal data", "note": "can hold personal data",
		"colour": `has no column "colour"`,
	} {
		o := options(t)
		o.Set = map[string]string{column: "1"}
		if err := o.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", column, err, want)
		}
	}
}
