package sqlserver

import (
	"context"
	"testing"
	"time"
)

// An answer that the server held up may catch up by a second's rows, not by all.
func TestPaceForgetsLongDelays(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	start := now
	f := &Feed{options: Options{
		Rate: 10, Now: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil },
	}}
	p := f.pace()
	take := func(rows int) {
		for range rows {
			if err := p.took(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	take(20)
	if took := now.Sub(start); took != 2*time.Second {
		t.Errorf("20 rows took %s, want 2s", took)
	}
	now = now.Add(time.Minute)
	start = now
	take(31)
	if took := now.Sub(start); took != 2*time.Second {
		t.Errorf("31 rows after a pause took %s, want 2s: one second's rows at once and the rest at the rate", took)
	}
}
