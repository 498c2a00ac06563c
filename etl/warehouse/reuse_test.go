package warehouse_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// A key that comes again for something else is held; a newer version, a corrected time
// and a callback's second session are none.
func TestAKeyUsedAgainIsHeld(t *testing.T) {
	single, grouped := benchFor(t, visits, agents), benchFor(t, visits, agents)
	const hour, month = 60, 31 * day
	for name, c := range map[string]struct {
		deliveries [][]visit
		want       []string // rules of what is held
		sessions   []string // that raw has at the end
	}{
		"months later for another session": {
			[][]visit{{{7, "a", 0, 10}}, {{7, "b", 2 * month, 2 * month}}},
			[]string{"call-id-reused 7"}, []string{"a"},
		},
		"an older one comes later": {
			[][]visit{{{7, "b", 2 * month, 2 * month}}, {{7, "a", 0, 10}}},
			[]string{"call-id-reused 7"}, []string{"b"},
		},
		"the same day, another session": {
			[][]visit{{{7, "a", 0, 10}}, {{7, "b", hour, 2 * hour}}},
			[]string{"call-id-reused 7"}, []string{"a"},
		},
		"a newer version": {
			[][]visit{{{7, "a", 0, 10}, {7, "a", 1, 10}}, {{7, "a", 0, 20}}}, nil, []string{"a"},
		},
		"a callback days later brings its first session again": {
			[][]visit{{{7, "a", 0, 10}}, {{7, "a", 0, 4 * day}, {7, "b", 4 * day, 4 * day}}}, nil, []string{"a", "b"},
		},
		"a callback's first session is corrected with it": {
			[][]visit{{{7, "a", 0, 10}}, {{7, "c", 0, 4 * day}, {7, "b", 4 * day, 4 * day}}}, nil, []string{"b", "c"},
		},
		"day and month were the wrong way round": {
			[][]visit{{{7, "a", 2 * month, 10}}, {{7, "a", 0, 20}}}, nil, []string{"a"},
		},
		"times are corrected, sessions unknown": {
			[][]visit{{{7, "", 0, 10}}, {{7, "", hour, 2 * hour}}}, nil, []string{""},
		},
		"sessions unknown, a month later": {
			[][]visit{{{7, "", 0, 10}}, {{7, "", month, month}}},
			[]string{"call-id-reused 7"}, []string{""},
		},
		"the first comes again, newer": {
			[][]visit{{{7, "a", 0, 10}}, {{7, "b", 2 * month, 2 * month}}, {{7, "a", 0, 3 * month}, {7, "d", 1, 3 * month}}},
			[]string{"call-id-reused 7"}, []string{"a", "d"},
		},
		"months apart in one delivery": {
			[][]visit{{{7, "a", 0, 10}, {7, "b", 2 * month, 2 * month}, {8, "c", 0, 10}}},
			[]string{"call-ids-became-equal 7", "call-ids-became-equal 7"}, []string{"c"},
		},
		"a callback over Christmas": {
			[][]visit{{{7, "a", 0, 10}, {7, "b", 12 * day, 12 * day}}}, nil, []string{"a", "b"},
		},
		"large ids that all end in zeros": {
			[][]visit{{{1234567890123456800, "a", 0, 10}, {1234567890123456800, "b", 9, 10}, {1234567890123457000, "c", 0, 10}}},
			[]string{"call-ids-became-equal 1234567890123456800", "call-ids-became-equal 1234567890123456800"}, []string{"c"},
		},
		"large ids of which one ends in zeros": {
			[][]visit{{{1234567890123456800, "a", 0, 10}, {1234567890123456800, "b", 9, 10}, {1234567890123456789, "c", 0, 10}}},
			nil, []string{"a", "b", "c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer single.clear()
			defer grouped.clear()
			var files []etl.File
			for _, rows := range c.deliveries {
				single.load(single.landVisits(nil, rows...))
				files = append(files, grouped.landVisits(nil, rows...))
			}
			grouped.loadAll(files)
			if c.want == nil {
				c.want = []string{}
			}
			for which, b := range map[string]*bench{"one by one": single, "in a group": grouped} {
				if diff := cmp.Diff(c.want, b.rules()); diff != "" {
					t.Errorf("%s: quarantine (-want +got):\n%s", which, diff)
				}
				sessions := b.query("select distinct coalesce(session, '') from raw.phone__visits order by 1")
				if !slices.Equal(sessions, c.sessions) {
					t.Errorf("%s: raw has the sessions %v, want %v", which, sessions, c.sessions)
				}
			}
		})
	}
}

// Rows that somebody brings again by name are what he says they are.
func TestAReplayTakesTheKey(t *testing.T) {
	b := benchFor(t, visits, agents)
	b.load(b.landVisits(nil, visit{7, "a", 0, 10}))
	b.load(b.landBatch(etl.Batch{Source: "puzzel", Table: visits, Replays: "b"}, etl.Drift{}, visitRecord([]visit{{7, "b", 99 * day, 99 * day}})))
	if got := b.query("select session from raw.phone__visits"); !slices.Equal(got, []string{"b"}) || len(b.rules()) > 0 {
		t.Errorf("raw has %v, quarantine %v", got, b.rules())
	}
}
