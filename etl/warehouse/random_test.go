package warehouse_test

import (
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

// onlyOneDayPerCall sees that all rows of a call carry the date of its first event.
func (b *bench) onlyOneDayPerCall(seed uint64) {
	b.Helper()
	wrong := b.query(`select call_id from raw.phone__calls group by call_id
		having min(_day) <> max(_day) or min(_day) is distinct from min(started)::date or count(distinct _batch) <> 1`)
	if len(wrong) > 0 {
		b.Errorf("seed %d: calls with a wrong day or of two batches: %v", seed, wrong)
	}
}
