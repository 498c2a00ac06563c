package warehouse_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// history is a random course of deliveries: calls come again and again, whole or in
// part, in versions that lie minutes or hours apart, with repeats and faults.
func history(r *rand.Rand) [][]call {
	batches := make([][]call, 2+r.IntN(5))
	for i := range batches {
		batch := make([]call, 0, 12)
		for range r.IntN(12) {
			c := row(r.Int64N(4), r.Int64N(3), r.Int64N(3*day), 10*r.Int64N(6)+r.Int64N(3), "")
			c.note = fmt.Sprint(r.IntN(3)) // few notes, so that batches can be equal
			switch r.IntN(12) {
			case 0:
				c.id = nil
			case 1:
				c.updated = nil
			case 2:
				c.sequence = nil
			case 3:
				c.started = nil
			}
			batch = append(batch, c)
			if r.IntN(6) == 0 {
				batch = append(batch, c)
			}
		}
		batches[i] = batch
	}
	return batches
}

// reference is the version rule once more, written plainly over the deliveries in
// order of arrival. It returns the rows that must be in raw, as text.
func reference(batches [][]call) []string {
	type version struct {
		rows    []call
		updated int64
	}
	raw := map[int64]version{}
	for _, batch := range batches {
		keys := map[int64][]call{}
		for _, c := range batch {
			if c.id != nil {
				keys[*c.id] = append(keys[*c.id], c)
			}
		}
		for key, rows := range keys {
			if held(key, batch) {
				continue
			}
			v := version{updated: -1}
			v.rows = living(rows)
			for _, c := range v.rows {
				v.updated = max(v.updated, value(c.updated))
			}
			if held, ok := raw[key]; !ok || v.updated >= held.updated {
				raw[key] = v
			}
		}
	}
	text := []string{}
	for _, v := range raw {
		for _, c := range v.rows {
			text = append(text, fmt.Sprintln(value(c.id), value(c.sequence), value(c.started), value(c.updated), c.note))
		}
	}
	slices.Sort(text)
	return text
}

// held reports whether a batch has a row of the key that cannot be read: one without
// its start, or one without a key between two rows of the key.
func held(key int64, batch []call) bool {
	of := func(i int) bool { return i >= 0 && i < len(batch) && value(batch[i].id) == key }
	for i, c := range batch {
		before, after := i-1, i+1
		for before >= 0 && batch[before].id == nil {
			before--
		}
		for after < len(batch) && batch[after].id == nil {
			after++
		}
		if of(i) && c.started == nil || c.id == nil && of(before) && of(after) {
			return true
		}
	}
	return false
}

// living drops the rows of one key that are dead within its batch.
func living(rows []call) []call {
	winner := map[int64]int{}
	for i, c := range rows {
		best, seen := winner[value(c.sequence)]
		if !seen || value(c.updated) >= value(rows[best].updated) {
			winner[value(c.sequence)] = i
		}
	}
	boundary := int64(-1) // doubled, so that it stays whole
	for _, c := range rows {
		best := value(rows[winner[value(c.sequence)]].updated)
		if own := value(c.updated); own >= 0 && own < best {
			boundary = max(boundary, own+best)
		}
	}
	var left []call
	for i, c := range rows {
		if winner[value(c.sequence)] != i || value(c.updated) >= 0 && 2*value(c.updated) <= boundary {
			continue
		}
		left = append(left, c)
	}
	return left
}

// value is -1 for NULL, which is below every time and number of a history.
func value(v *int64) int64 {
	if v == nil {
		return -1
	}
	return *v
}

// rawText is raw.phone__calls in the words of reference.
func (b *bench) rawText() []string {
	b.Helper()
	minutes := "coalesce(date_diff('minute', timestamp '2026-03-02', %s), -1)"
	got := b.query(`select call_id - 9223372036854775808 as id, coalesce(sequence, -1) as s, ` +
		fmt.Sprintf(minutes, "started") + " as t, " + fmt.Sprintf(minutes, "updated") + " as u, note from raw.phone__calls")
	for i := range got {
		got[i] += "\n"
	}
	slices.Sort(got)
	return got
}

// TestRandomHistories loads random deliveries in a random order, some of them twice,
// and compares raw with the plain rule, under a key of one part and of two. A failure
// names its seed.
func TestRandomHistories(t *testing.T) {
	t.Run("one part", func(t *testing.T) { randomHistories(t, newBench(t)) })
	t.Run("two parts", func(t *testing.T) { randomHistories(t, benchFor(t, parted(), agents)) })
}

func randomHistories(t *testing.T, b *bench) {
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 0))
		batches := history(r)
		files := make([]etl.File, len(batches))
		for i, rows := range batches {
			files[i] = b.landCalls(rows...)
		}
		r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		for _, f := range files {
			b.load(f)
			if r.IntN(3) == 0 && !b.load(f).Known {
				t.Errorf("seed %d: a batch was loaded twice", seed)
			}
		}
		if diff := cmp.Diff(reference(batches), b.rawText()); diff != "" {
			t.Fatalf("seed %d: raw (-want +got):\n%s", seed, diff)
		}
		b.onlyOneDayPerCall(seed)
		b.empty()
	}
}

// TestAGroupIsAsItsBatchesOneByOne loads random deliveries one by one into one warehouse
// and in two groups into another: both hold and account for the same. Of the second
// group every day is touched on which raw has changed. A failure names its seed.
func TestAGroupIsAsItsBatchesOneByOne(t *testing.T) {
	single, grouped := newBench(t), newBench(t)
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		var first, second []etl.File
		for i, batch := range slices.Concat(history(r), history(r)) {
			single.load(single.landCalls(batch...))
			f := grouped.landCalls(batch...)
			if i < 3 {
				first = append(first, f)
			} else {
				second = append(second, f)
			}
		}
		grouped.loadAll(first)
		grouped.built()
		grouped.exec("create or replace temp table before as from raw.phone__calls")
		grouped.loadAll(second)
		for name, query := range map[string]string{
			"raw":     "select * from raw.phone__calls order by all",
			"batches": "select * exclude (loaded_at) from meta.batches order by batch",
			"faults":  "select * from meta.quarantine order by all",
		} {
			if diff := cmp.Diff(single.query(query), grouped.query(query)); diff != "" {
				t.Fatalf("seed %d: %s (-one by one +group):\n%s", seed, name, diff)
			}
		}
		missed := grouped.query(`
			select _day from (select * exclude (_batch, _row) from before except all select * exclude (_batch, _row) from raw.phone__calls
				union all (select * exclude (_batch, _row) from raw.phone__calls except all select * exclude (_batch, _row) from before))
			where _day not in (select day from meta.touched where table_name = 'raw.phone__calls')`)
		if len(missed) > 0 {
			t.Fatalf("seed %d: days that changed and are not touched: %v", seed, missed)
		}
		single.empty()
		grouped.empty()
	}
}

func (b *bench) loadAll(files []etl.File) {
	b.Helper()
	done, err := b.w.LoadAll(context.Background(), files, nil, nil)
	if err != nil || len(done.Loaded) != len(files) {
		b.Fatalf("%d of %d batches were loaded: %v", len(done.Loaded), len(files), err)
	}
}

// onlyOneDayPerCall sees that all rows of a call carry the date of its first event.
func (b *bench) onlyOneDayPerCall(seed uint64) {
	b.Helper()
	wrong := b.query(`select call_id from raw.phone__calls group by call_id
		having min(_day) <> max(_day) or min(_day) is distinct from min(started)::date or count(distinct _batch) <> 1`)
	if len(wrong) > 0 {
		b.Errorf("seed %d: calls with a wrong day or of two batches: %v", seed, wrong)
	}
}
