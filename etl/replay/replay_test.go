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

// alone is a warehouse that has nothing of any key; the first column is the key.
func alone() replay.Rest {
	return replay.Rest{
		Keys: func(rows [][]string) (keys []string, err error) {
			for _, row := range rows {
				keys = append(keys, row[0])
			}
			return keys, nil
		},
		Mates: func([][]string) ([][]string, error) { return nil, nil },
	}
}

func TestCorrectedRowKeepsItsPseudonymAndItsNumber(t *testing.T) {
	o := options(t)
	o.Set = map[string]string{"seconds": "10"}
	var to sink
	got, err := replay.Run(o, []etl.Reject{reject(t, 7, "18446744073709551615", "20 30 40 50", "ring 20304050", "ten")}, nil, alone(), &to)
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
	rest := alone()
	rest.Mates = func(rows [][]string) ([][]string, error) {
		asked = rows
		return [][]string{{"5", "pabc", "+4570101010", "hej", "20"}}, nil
	}
	if _, err := replay.Run(o, []etl.Reject{reject(t, 7, "5", "", "", "ten")}, nil, rest, &to); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"5", "", "", "", "10"}}, asked); diff != "" {
		t.Errorf("rows whose mates were asked for (-want +got):\n%s", diff)
	}
	want := [][]string{{"5", "pabc", "+4570101010", "hej", "20", "0"}, {"5", "(null)", "(null)", "(null)", "10", "7"}}
	if diff := cmp.Diff(want, to.rows); diff != "" {
		t.Errorf("landed rows (-want +got):\n%s", diff)
	}
}

// held is a row that could be read and waits for another of its key.
func held(row int64, call, seconds string) etl.Reject {
	return etl.Reject{
		Row: row, Rule: "part-of-held-call", Key: call,
		Raw: `{"call_id":` + call + `,"source":null,"number":null,"note":null,"seconds":` + seconds + `}`,
	}
}

func TestACallComesBackWhole(t *testing.T) {
	bad := reject(t, 7, "5", "", "", "ten")
	bad.Key = "5"
	o := options(t)
	o.Set = map[string]string{"seconds": "10"}
	var to sink
	got, err := replay.Run(o, []etl.Reject{bad}, []etl.Reject{held(6, "5", "3"), bad, held(8, "6", "4")}, alone(), &to)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"5", "(null)", "(null)", "(null)", "10", "7"}, {"5", "(null)", "(null)", "(null)", "3", "6"}}
	if diff := cmp.Diff(want, to.rows); diff != "" || got.Again != 2 {
		t.Errorf("%d rows came again (-want +got):\n%s", got.Again, diff)
	}
}

func TestACallOfWhichARowDoesNotReadStaysWhole(t *testing.T) {
	one, other := reject(t, 7, "5", "", "", "ten"), reject(t, 9, "5", "", "", "eleven")
	one.Key, other.Key = "5", "5"
	for name, asked := range map[string][]etl.Reject{
		"one of two faults is corrected":  {one},
		"only rows that wait are asked":   {held(6, "5", "3")},
		"everything is asked, one is bad": {held(6, "5", "3"), other},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			if asked[0].Row == 7 {
				o.Set = map[string]string{"seconds": "10"}
			}
			var to sink
			got, err := replay.Run(o, asked, []etl.Reject{held(6, "5", "3"), one, other}, alone(), &to)
			if err != nil {
				t.Fatal(err)
			}
			if got.Again != 0 || len(got.Still) != len(asked) || to.ended {
				t.Errorf("%d rows came again, %+v stay", got.Again, got.Still)
			}
		})
	}
}

func TestATimeThatHasNotComeStays(t *testing.T) {
	visits := etl.Table{
		Owner: "puzzel", Name: "visits", Version: 1,
		Columns: []etl.Column{
			{Name: "id", Type: etl.Identifier},
			{Name: "started", Type: etl.LocalTime},
			{Name: "agreed", Type: etl.Instant, Look: etl.Look{Ahead: true}},
		},
		Replace: etl.Replace{Key: []string{"id"}},
	}
	for started, want := range map[string]int{"2026-10-02 10:00:00": 1, "2039-03-01 10:00:00": 0} {
		var to sink
		o := options(t)
		o.Table, o.Latest = visits, time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)
		raw := `{"id":5,"started":"` + started + `","agreed":"2026-12-24T10:00:00Z"}`
		got, err := replay.Run(o, []etl.Reject{{Row: 1, Rule: "time-in-the-future", Key: "5", Raw: raw}}, nil, alone(), &to)
		if err != nil || got.Again != want || len(got.Still) != 1-want {
			t.Errorf("%s: %+v, %v", started, got, err)
		}
	}
}

func TestRowsSetAsideByTheWarehouseReadAgain(t *testing.T) {
	raw := `{"call_id":18446744073709551615,"source":"pabc","number":"+4570101010","note":null,"seconds":5}`
	var to sink
	got, err := replay.Run(options(t), []etl.Reject{{Row: 3, Raw: raw}}, nil, alone(), &to)
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
			got, err := replay.Run(options(t), []etl.Reject{r}, nil, alone(), &to)
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
