package retry_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/retry"
)

var policy = retry.Policy{Attempts: 4, First: time.Second, Most: 10 * time.Second}

func world(waits *[]time.Duration, chance float64) retry.World {
	return retry.World{
		Sleep:  func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil },
		Chance: func() float64 { return chance },
	}
}

func passing(after time.Duration) error {
	return &etl.Trouble{Kind: etl.Passing, Message: "no answer", After: after}
}

func TestWaits(t *testing.T) {
	for _, c := range []struct {
		name   string
		chance float64
		after  time.Duration
		want   []time.Duration
	}{
		{"longest", 1, 0, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}},
		{"shortest", 0, 0, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}},
		{"as asked for", 0, 7 * time.Second, []time.Duration{7 * time.Second, 7 * time.Second, 7 * time.Second}},
		{"as asked for and a little more", 1, 7 * time.Second, []time.Duration{7500 * time.Millisecond, 8 * time.Second, 9 * time.Second}},
		{"longer than there is patience for", 0, 11 * time.Second, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var waits []time.Duration
			err := retry.Do(t.Context(), policy, world(&waits, c.chance), func(context.Context) error { return passing(c.after) })
			if err == nil {
				t.Error("no error")
			}
			if diff := cmp.Diff(c.want, waits); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"passing":    {passing(0), 4},
		"wrapped":    {errors.Join(errors.New("while reading"), passing(0)), 4},
		"login":      {&etl.Trouble{Kind: etl.Login}, 1},
		"contract":   {&etl.Trouble{Kind: etl.Contract}, 1},
		"setup":      {&etl.Trouble{Kind: etl.Setup}, 1},
		"permission": {&etl.Trouble{Kind: etl.Permission}, 1},
		"unclassed":  {errors.New("no idea"), 1},
	} {
		tries := 0
		var waits []time.Duration
		err := retry.Do(t.Context(), policy, world(&waits, 1), func(context.Context) error { tries++; return c.err })
		if tries != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: tried %d times, want %d; %v", name, tries, c.want, err)
		}
	}
}

func TestSuccessEndsIt(t *testing.T) {
	tries := 0
	var waits []time.Duration
	err := retry.Do(t.Context(), policy, world(&waits, 1), func(context.Context) error {
		if tries++; tries < 3 {
			return passing(0)
		}
		return nil
	})
	if err != nil || tries != 3 || len(waits) != 2 {
		t.Errorf("%d tries, %v, %v", tries, waits, err)
	}
}

func TestTheContextEndsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	w := retry.World{Sleep: retry.Sleep, Chance: func() float64 { return 1 }, Note: func(int, time.Duration, error) { cancel() }}
	err := retry.Do(ctx, policy, w, func(context.Context) error { tries++; return passing(0) })
	if tries != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d tries, %v", tries, err)
	}
}
