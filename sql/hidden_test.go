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
			h := inventHotline(rand.New(rand.NewPCG(seed, 12)))
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
	h := inventHotline(rand.New(rand.NewPCG(1, 12)))
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

// scoreCell names a figure as kpi_sums does. A network_part is one municipality's
// scores on its days in one network, which nobody publishes.
type scoreCell struct{ period, perspective, grouping, key, municipality string }

func (c scoreCell) isPublished() bool { return c.grouping != "network_part" }

func (c scoreCell) String() string {
	return strings.Join([]string{c.perspective, c.grouping, c.key, c.municipality, c.period}, " ")
}

// invented is a year of satisfaction.
type invented struct {
	scores  map[scoreCell]int
	regions map[string]string // by municipality
	sums    map[string]*scoreSum
}

// scoreSum is a whole and parts that add up to it.
type scoreSum struct {
	whole scoreCell
	parts map[scoreCell]bool
}

// inventHotline draws some months of a few municipalities, agents, queues and topics.
// Some municipalities are tiny and some change network; an agent may change employer.
func inventHotline(r *rand.Rand) invented {
	h := invented{scores: map[scoreCell]int{}, regions: map[string]string{}, sums: map[string]*scoreSum{}}
	municipalities, networks, regions := 2+r.IntN(8), 1+r.IntN(3), 1+r.IntN(3)
	months := 1 + r.IntN(6)
	for m := range municipalities {
		code := fmt.Sprintf("%04d", 101+m)
		h.regions[code] = fmt.Sprintf("Region %d", r.IntN(regions))
		network, size := r.IntN(networks), []int{1, 3, 8, 40}[r.IntN(4)]
		for month := range months {
			if r.IntN(15) == 0 {
				network = r.IntN(networks)
			}
			halves := 1 + r.IntN(8)/7 // now and then it changes network inside the month
			for half := range halves {
				part := fmt.Sprintf("N%d", (network+half)%networks)
				h.month(r, fmt.Sprintf("2026-%02d", month+1), code, part, size, municipalities)
			}
		}
	}
	return h
}

// month draws the scores of one municipality on its days in one network.
func (h invented) month(r *rand.Rand, month, municipality, network string, size, municipalities int) {
	for group := range 3 {
		queue, topic := fmt.Sprintf("queue%d", group), fmt.Sprintf("topic%d", group)
		for range r.IntN(size + 1) {
			h.score("citizen", month, municipality, network, [][2]string{{"queue", queue}, {"topic", topic}})
		}
	}
	for desk := range 3 {
		agent := fmt.Sprintf("%s%d", municipality, desk)
		if desk == 2 { // works for two municipalities
			agent = fmt.Sprintf("shared%d", r.IntN(municipalities))
		}
		for range r.IntN(size + 1) {
			h.score("agent", month, municipality, network, [][2]string{{"agent", agent}})
		}
	}
}

// score adds one valid score to every figure it belongs to.
func (h invented) score(perspective, month, municipality, network string, groups [][2]string) {
	quarter := "2026K" + map[bool]string{true: "1", false: "2"}[month <= "2026-03"]
	var inner []scoreCell
	for _, period := range []string{month, quarter, "2026"} {
		cell := func(grouping, key, municipality string) scoreCell {
			return scoreCell{period, perspective, grouping, key, municipality}
		}
		total := cell("total", "total", "all")
		own := cell("municipality", municipality, "all")
		region, net := cell("region", h.regions[municipality], "all"), cell("network", network, "all")
		part := cell("network_part", network, municipality)
		cells := []scoreCell{total, own, region, net, part}
		h.part(total, own)
		h.part(total, region)
		h.part(total, net)
		h.part(region, own)
		h.part(net, part)
		h.part(own, part)
		for _, g := range groups {
			all, within := cell(g[0], g[1], "all"), cell(g[0], g[1], municipality)
			cells = append(cells, all, within)
			h.part(all, within)
			if g[0] != "topic" { // a call may have two topics
				h.part(total, all)
				h.part(own, within)
			}
		}
		for i, c := range cells {
			h.scores[c]++
			if inner != nil && c.isPublished() {
				h.part(c, inner[i])
			}
		}
		inner = cells
	}
}

// part notes that one figure is a part of another.
func (h invented) part(whole, part scoreCell) {
	name := fmt.Sprint(whole, "/", part.grouping, part.municipality == "all", len(part.period))
	if h.sums[name] == nil {
		h.sums[name] = &scoreSum{whole, map[scoreCell]bool{}}
	}
	h.sums[name].parts[part] = true
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
			if hidden[left[0]] && left[0].isPublished() || h.scores[left[0]] < fewest {
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

// unknown lists what of the sum, its whole among them, the attacker does not have.
func (s scoreSum) unknown(unknown map[scoreCell]bool) []scoreCell {
	var left []scoreCell
	if unknown[s.whole] {
		left = append(left, s.whole)
	}
	for cell := range s.parts {
		if unknown[cell] {
			left = append(left, cell)
		}
	}
	return left
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
		municipalities = append(municipalities, fmt.Sprintf("('%s', '%s')", code, region))
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
