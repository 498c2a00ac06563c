package windowed

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// calls is replaced by call, of which a part of the key is no plain column.
var calls = etl.Table{
	Owner: "test", Name: "calls",
	Columns: []etl.Column{
		{Name: "call", Type: etl.Identifier}, {Name: "text", Type: etl.Text}, {Name: "seconds", Type: etl.Decimal},
		{Name: "at", Type: etl.LocalTime}, {Name: "number", Type: etl.Integer}, {Name: "day", Type: etl.Date},
		{Name: "flag", Type: etl.Boolean},
	},
	Replace: etl.Replace{Key: []string{"call", "trim(text)"}},
}

// rows makes records of at most four rows from JSON objects.
func rows(t *testing.T, objects ...string) []arrow.RecordBatch {
	t.Helper()
	var all []arrow.RecordBatch
	for chunk := range slices.Chunk(objects, 4) {
		rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, calls.Schema(), strings.NewReader("["+strings.Join(chunk, ",")+"]"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
	return all
}

// shown are rows as JSON, without their number in the source.
func shown(t *testing.T, records []arrow.RecordBatch) []string {
	t.Helper()
	var all []string
	for _, rec := range records {
		for i := range int(rec.NumRows()) {
			var values []string
			for k := range calls.Columns {
				values = append(values, rec.Column(k).ValueStr(i))
			}
			all = append(all, strings.Join(values, " "))
		}
	}
	return all
}

func TestNews(t *testing.T) {
	first := []string{`{"call":1,"text":"a","_row":1}`, `{"call":1,"text":"b","_row":2}`, `{"call":2,"text":"c","_row":3}`}
	for _, c := range []struct {
		name   string
		landed [][]string
		now    []string
		want   []string
	}{
		{"the same again, in another order", [][]string{first},
			[]string{`{"call":2,"text":"c","_row":1}`, `{"call":1,"text":"b","_row":2}`, `{"call":1,"text":"a","_row":3}`}, nil},
		{"a call more", [][]string{first}, append(slices.Clone(first), `{"call":3,"text":"d","_row":4}`),
			[]string{"3 d (null) (null) (null) (null) (null)"}},
		{"a row more: the whole call", [][]string{first}, append(slices.Clone(first), `{"call":2,"text":"d","_row":4}`),
			[]string{"2 c (null) (null) (null) (null) (null)", "2 d (null) (null) (null) (null) (null)"}},
		{"a row less: the whole call", [][]string{first}, first[:1], []string{"1 a (null) (null) (null) (null) (null)"}},
		{"a row twice", [][]string{first[2:]}, []string{first[2], first[2]},
			[]string{"2 c (null) (null) (null) (null) (null)", "2 c (null) (null) (null) (null) (null)"}},
		{"there and back: the latest landing counts", [][]string{first[2:], {`{"call":2,"text":"x","_row":1}`}}, first[2:],
			[]string{"2 c (null) (null) (null) (null) (null)"}},
		{"there, back and again", [][]string{first[2:], {`{"call":2,"text":"x","_row":1}`}, first[2:]}, first[2:], nil},
		{"an empty text is no missing one", [][]string{{`{"call":1,"text":"","_row":1}`}}, []string{`{"call":1,"_row":1}`},
			[]string{"1 (null) (null) (null) (null) (null) (null)"}},
		{"zero is no missing number", [][]string{{`{"call":1,"number":0,"_row":1}`}}, []string{`{"call":1,"_row":1}`},
			[]string{"1 (null) (null) (null) (null) (null) (null)"}},
		{"every type", [][]string{{`{"call":1,"seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":true,"_row":1}`}},
			[]string{`{"call":1,"seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":true,"_row":1}`}, nil},
		{"rows without a call are one unit", [][]string{{`{"text":"a","_row":1}`}}, []string{`{"text":"a","_row":1}`, `{"text":"b","_row":2}`},
			[]string{"(null) a (null) (null) (null) (null) (null)", "(null) b (null) (null) (null) (null) (null)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := newLanded(calls)
			for _, d := range c.landed {
				have.add(etl.Delivered{Rows: rows(t, d...)})
			}
			a := &answer{batches: rows(t, c.now...)}
			left := a.keepNews(have)
			if diff := cmp.Diff(c.want, shown(t, a.batches)); diff != "" {
				t.Errorf("news (-want +got):\n%s", diff)
			}
			if left != (len(c.want) > 0) {
				t.Errorf("anything left: %v", left)
			}
		})
	}
}

// Each column makes a difference, of whatever type.
func TestEachColumnCounts(t *testing.T) {
	have := newLanded(calls)
	have.add(etl.Delivered{Rows: rows(t, `{"call":1,"text":"a","seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":true,"_row":1}`)})
	for _, other := range []string{
		`{"call":1,"text":"b","seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":true,"_row":1}`,
		`{"call":1,"text":"a","seconds":2.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":true,"_row":1}`,
		`{"call":1,"text":"a","seconds":1.5,"at":"2026-03-02 10:00:00.01","number":4,"day":"2026-03-02","flag":true,"_row":1}`,
		`{"call":1,"text":"a","seconds":1.5,"at":"2026-03-02 10:00:00","number":5,"day":"2026-03-02","flag":true,"_row":1}`,
		`{"call":1,"text":"a","seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-03","flag":true,"_row":1}`,
		`{"call":1,"text":"a","seconds":1.5,"at":"2026-03-02 10:00:00","number":4,"day":"2026-03-02","flag":false,"_row":1}`,
	} {
		if a := (&answer{batches: rows(t, other)}); !a.keepNews(have) {
			t.Errorf("not news: %s", other)
		}
	}
}

func TestRejectedRowsLandOnce(t *testing.T) {
	have := newLanded(calls)
	bad := etl.Reject{Row: 7, Column: "call", Rule: "not-a-number", Raw: `{"call":"x"}`}
	have.add(etl.Delivered{Rejects: []etl.Reject{bad}})
	again, other := bad, bad
	again.Row, other.Raw = 9, `{"call":"y"}`
	a := &answer{rejects: []etl.Reject{again, other}}
	if !a.keepNews(have) {
		t.Error("nothing is left")
	}
	if diff := cmp.Diff([]etl.Reject{other}, a.rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// TestNewsSuffice polls random histories and lands what is news, and beside it
// everything: what landed last of each call must be the same.
func TestNewsSuffice(t *testing.T) {
	for seed := range uint64(20) {
		chance := rand.New(rand.NewPCG(seed, 1))
		source := map[int][]string{}
		all, news := map[int][]string{}, map[int][]string{}
		var deliveries []etl.Delivered
		polled, landed := 0, 0
		for range 60 {
			for range chance.IntN(4) { // calls are written, and rewritten as they were or otherwise
				call := chance.IntN(12)
				var written []string
				for row := range 1 + chance.IntN(3) {
					written = append(written, fmt.Sprintf(`{"call":%d,"text":"%c","number":%d,"_row":1}`, call, 'a'+rune(chance.IntN(3)), row))
				}
				source[call] = written
			}
			var window []string
			for _, call := range slices.Sorted(maps.Keys(source)) {
				if chance.IntN(3) > 0 {
					window = append(window, source[call]...)
				}
			}
			a := &answer{batches: rows(t, window...)}
			land(t, all, a.batches)
			polled += len(window)
			have := newLanded(calls)
			for _, d := range deliveries {
				have.add(d)
			}
			if !a.keepNews(have) {
				continue
			}
			land(t, news, a.batches)
			landed += len(shown(t, a.batches))
			deliveries = append(deliveries, etl.Delivered{Rows: a.batches})
		}
		if diff := cmp.Diff(all, news); diff != "" {
			t.Fatalf("seed %d: (-everything landed +news landed):\n%s", seed, diff)
		}
		if landed*2 > polled {
			t.Errorf("seed %d: %d of %d rows landed", seed, landed, polled)
		}
	}
}

// land puts each call's rows in the place of those it had.
func land(t *testing.T, into map[int][]string, records []arrow.RecordBatch) {
	t.Helper()
	here := map[int][]string{}
	for _, text := range shown(t, records) {
		var call int
		if _, err := fmt.Sscan(text, &call); err != nil {
			t.Fatal(err)
		}
		here[call] = append(here[call], text)
	}
	for call, texts := range here {
		slices.Sort(texts)
		into[call] = texts
	}
}
