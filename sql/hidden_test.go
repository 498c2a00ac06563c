package sql_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"

	_ "github.com/duckdb/duckdb-go/v2"
)

// fewest is the smallest number of scores that may be seen.
const fewest = 5

// TestNoHiddenSatisfactionCanBeSubtracted lets an attacker loose on invented
// hotlines: he has every satisfaction that is shown, knows what adds up to what, and
// takes shown figures from shown sums until nothing new comes out. He must not come
// by a figure that is hidden, nor by a sum of hidden ones with fewer than five scores.
func TestNoHiddenSatisfactionCanBeSubtracted(t *testing.T) {
	bench := newHiddenBench(t)
	for seed := range uint64(24) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			h := inventHotline(rand.New(rand.NewPCG(seed, 12)), 2+int(seed)%8)
			hidden := bench.hidden(t, h)
			small, more := 0, 0
			for cell, scores := range h.scores {
				if hidden[cell] && scores >= fewest {
					more++
				}
				if scores < fewest && cell.isPublished() {
					small++
					if !hidden[cell] {
						t.Errorf("%v has %d scores and is shown", cell, scores)
					}
				}
			}
			if small == 0 && len(hidden) > 0 {
				t.Errorf("no figure is small and %d are hidden", len(hidden))
			}
			for _, found := range h.attack(hidden) {
				t.Error(found)
			}
			t.Logf("%d cells, %d small, %d more hidden", len(h.scores), small, more)
		})
	}
}

// TestAttackerIsNoFool shows that the attacker does find what is left open, so that
// his silence means something: only small figures are hidden here.
func TestAttackerIsNoFool(t *testing.T) {
	h := inventHotline(rand.New(rand.NewPCG(1, 12)), 8)
	hidden := map[scoreCell]bool{}
	for cell, scores := range h.scores {
		if scores < fewest {
			hidden[cell] = true
		}
	}
	if len(h.attack(hidden)) == 0 {
		t.Error("he finds nothing where only small figures are hidden")
	}
}

// attack takes known figures from known sums until nothing new comes out, and says
// in sentences what the attacker has that he should not.
func (h invented) attack(hidden map[scoreCell]bool) []string {
	unknown := map[scoreCell]bool{}
	for cell := range h.scores {
		unknown[cell] = hidden[cell] || !cell.isPublished()
	}
	var found []string
	names := slices.Sorted(maps.Keys(h.sums))
	for again := true; again; {
		again = false
		for _, name := range names {
			left := h.sums[name].unknown(unknown)
			if len(left) != 1 {
				continue
			}
			again, unknown[left[0]] = true, false
			if hidden[left[0]] && left[0].isPublished() && left[0].grouping != "region" || h.scores[left[0]] < fewest {
				found = append(found, fmt.Sprintf("%v is had from %s", left[0], name))
			}
		}
	}
	for _, name := range names {
		s, together := h.sums[name], 0
		left := s.unknown(unknown)
		for _, cell := range left {
			together += h.scores[cell]
		}
		if len(left) > 0 && !unknown[s.whole] && together < fewest {
			found = append(found, fmt.Sprintf("%d scores of %v are had together from %s", together, left, name))
		}
	}
	return found
}

// hiddenBench runs the models from scores to hidden cells in a scratch database.
type hiddenBench struct {
	conn   *sql.Conn
	models []model.Model
}

func newHiddenBench(t *testing.T) hiddenBench {
	t.Helper()
	all, err := model.Load(ddhsql.Models())
	if err != nil {
		t.Fatal(err)
	}
	var b hiddenBench
	for _, name := range []string{"kpi_score_cells", "kpi_score_families", "kpi_hidden"} {
		at := slices.IndexFunc(all, func(m model.Model) bool { return m.Name == name })
		if at < 0 {
			t.Fatalf("there is no model %s", name)
		}
		b.models = append(b.models, all[at])
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if b.conn, err = db.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.conn.Close() })
	b.exec(t, `
		create schema marts;
		create table marts.kpi_sums (period varchar, year_from date, perspective varchar, grouping varchar, key varchar,
			municipality_code varchar, scores bigint);
		create table marts.kpi_score_network_parts (period varchar, year_from date, perspective varchar, network varchar,
			municipality_code varchar, scores bigint);
		create table marts.dim_municipality (municipality_code varchar, region_name varchar);
		create table marts.dim_period as
		select strftime(d, '%Y-%m') as period, 'month' as period_kind, cast(d as date) as period_from,
			cast(d + interval 1 month - interval 1 day as date) as period_to
		from generate_series(date '2026-01-01', date '2026-06-01', interval 1 month) as g (d)
		union all values ('2026K1', 'quarter', date '2026-01-01', date '2026-03-31'),
			('2026K2', 'quarter', date '2026-04-01', date '2026-06-30'), ('2026', 'year', date '2026-01-01', date '2026-12-31')`)
	return b
}

func (b hiddenBench) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := b.conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%v in\n%.400s", err, statement)
	}
}

// hidden are the cells that the models hide of a hotline.
func (b hiddenBench) hidden(t *testing.T, h invented) map[scoreCell]bool {
	t.Helper()
	var sums, parts, municipalities []string
	for c, scores := range h.scores {
		if c.isPublished() {
			sums = append(sums, fmt.Sprintf("('%s', date '2026-01-01', '%s', '%s', '%s', '%s', %d)",
				c.period, c.perspective, c.grouping, c.key, c.municipality, scores))
			continue
		}
		parts = append(parts, fmt.Sprintf("('%s', date '2026-01-01', '%s', '%s', '%s', %d)",
			c.period, c.perspective, c.key, c.municipality, scores))
	}
	for code, region := range h.regions {
		municipalities = append(municipalities, fmt.Sprintf("('%s', nullif('%s', 'unknown'))", code, region))
	}
	for table, rows := range map[string][]string{
		"kpi_sums": sums, "kpi_score_network_parts": parts, "dim_municipality": municipalities,
	} {
		b.exec(t, "truncate marts."+table)
		if len(rows) > 0 {
			b.exec(t, "insert into marts."+table+" values "+strings.Join(rows, ", "))
		}
	}
	for _, m := range b.models {
		b.exec(t, "create or replace table "+m.FullName()+" as "+m.Whole())
	}
	rows, err := b.conn.QueryContext(context.Background(),
		"select period, perspective, grouping, key, municipality_code from marts.kpi_hidden")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	hidden := map[scoreCell]bool{}
	for rows.Next() {
		var c scoreCell
		if err := rows.Scan(&c.period, &c.perspective, &c.grouping, &c.key, &c.municipality); err != nil {
			t.Fatal(err)
		}
		hidden[c] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return hidden
}
