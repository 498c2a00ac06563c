package model

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// days makes a set of ranges written as first day and day after the last.
func days(bounds ...Day) Days {
	var out []Range
	for pair := range slices.Chunk(bounds, 2) {
		out = append(out, Range{pair[0], pair[1]})
	}
	return NewDays(out...)
}

func TestDays(t *testing.T) {
	tests := []struct {
		name      string
		got, want Days
	}{
		{"ranges that touch are one", days(1, 2, 2, 3), Days{{1, 3}}},
		{"ranges that overlap are one, in order", days(5, 9, 1, 6), Days{{1, 9}}},
		{"a range inside another is gone", days(1, 9, 3, 4), Days{{1, 9}}},
		{"an empty range is gone", days(4, 4, 6, 5), nil},
		{"union", days(1, 2).Union(days(2, 4, 8, 9)), Days{{1, 4}, {8, 9}}},
		{"widening joins", days(10, 11, 14, 15).Widen(2, 1), Days{{8, 16}}},
		{"widening stays inside the window", Days{{firstDay, firstDay + 1}, {lastDay - 1, lastDay}}.Widen(9, 9),
			Days{{firstDay, firstDay + 10}, {lastDay - 10, lastDay}}},
		{"gaps of two days are bridged, three are not", days(1, 2, 4, 5, 8, 9).Bridge(2, 12), Days{{1, 5}, {8, 9}}},
		{"too many ranges: the smallest gap goes first", days(0, 1, 10, 11, 15, 16, 30, 31).Bridge(2, 3), Days{{0, 1}, {10, 16}, {30, 31}}},
		{"one range is left alone", days(1, 2).Bridge(2, 1), Days{{1, 2}}},
		{"nothing is left alone", Days(nil).Bridge(2, 1), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDaysPrint(t *testing.T) {
	leap := mustDay("2024-02-28")
	set := Days{{leap, leap + 2}, {leap + 5, leap + 6}}
	if got, want := set.String(), "2024-02-28..2024-02-29, 2024-03-04"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := set.Count(); got != 3 {
		t.Errorf("counts %d days, want 3", got)
	}
	if got, want := set[1:].where("d"), `("d" >= date '2024-03-04' and "d" < date '2024-03-05')`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseDay(t *testing.T) {
	for _, text := range []string{"", "2026-1-1", "31-01-2026", "2026-02-30"} {
		if d, err := ParseDay(text); err == nil {
			t.Errorf("%q reads as %s", text, d)
		}
	}
	if d, err := ParseDay("1969-12-31"); err != nil || d != -1 {
		t.Errorf("the day before the epoch is %d, %v", d, err)
	}
}

func TestBind(t *testing.T) {
	from, to := mustDay("2026-01-01"), mustDay("2026-02-01")
	tests := []struct{ name, query, want string }{
		{"both ends", "d >= $from and d<$to", "d >= date '2026-01-01' and d<date '2026-02-01'"},
		{"not in a string", "select '$from it''s $to', $to", "select '$from it''s $to', date '2026-02-01'"},
		{"not in a name", `select "$from ""$to"""`, `select "$from ""$to"""`},
		{"not in a line comment", "-- $from\n$to", "-- $from\ndate '2026-02-01'"},
		{"not in a block comment", "/* $from */ $to /* $from", "/* $from */ date '2026-02-01' /* $from"},
		{"whole words only", "$from_day $too", "$from_day $too"},
		{"a lone sign", "$ $", "$ $"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bind(tt.query, from, to); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"dim_town", "dim_town", 0}, {"dim_twon", "dim_town", 2}, {"calls", "call", 1}}
	for _, tt := range tests {
		if got := editDistance(tt.a, tt.b); got != tt.want {
			t.Errorf("%s to %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
