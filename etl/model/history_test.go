package model_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/model"
)

// sameAsFull keeps what a build left, builds everything whole, and compares row by
// row: the promise of DESIGN §2.
func sameAsFull(tb testing.TB, conn *sql.Conn, g *model.Graph) {
	tb.Helper()
	exec(tb, conn, "create schema if not exists kept")
	for _, m := range g.Models() {
		exec(tb, conn, fmt.Sprintf("create or replace table kept.%s as select * from %s", m.Name, m.FullName()))
	}
	build(tb, conn, g, model.Options{Run: "full", Full: true})
	for _, m := range g.Models() {
		for _, pair := range [][2]string{{"kept." + m.Name, m.FullName()}, {m.FullName(), "kept." + m.Name}} {
			query := fmt.Sprintf("select count(*) from (select * from %s except all select * from %s)", pair[0], pair[1])
			if n := scalar(tb, conn, query); n != "0" {
				tb.Errorf("%s rows of %s are not in %s", n, pair[0], pair[1])
			}
		}
	}
	exec(tb, conn, "drop schema kept cascade")
}

// history plays what can happen to a warehouse between two builds.
type history struct {
	*rand.Rand
	tb   testing.TB
	conn *sql.Conn
	next int
}

func (h *history) day() string {
	return time.Date(2026, 3, 1+h.IntN(40), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// step does one thing; loads note touched days as the warehouse does.
func (h *history) step() {
	switch h.IntN(8) {
	case 0, 1, 2:
		h.next++
		day := h.day()
		exec(h.tb, h.conn, "insert into raw.calls values (?, ?::date, ?, ?)", h.next, day, h.IntN(6), h.IntN(300))
		exec(h.tb, h.conn, "insert into meta.touched values ('raw.calls', ?::date)", day)
	case 3, 4:
		late(h.tb, h.conn, 1+h.IntN(h.next), h.day(), h.IntN(300))
	case 5:
		id := 1 + h.IntN(h.next)
		exec(h.tb, h.conn, "insert into meta.touched select 'raw.calls', day from raw.calls where call_id = ?", id)
		exec(h.tb, h.conn, "delete from raw.calls where call_id = ?", id)
	case 6:
		agent := h.IntN(6)
		exec(h.tb, h.conn, "delete from raw.agents where agent_id = ?", agent)
		exec(h.tb, h.conn, "insert into raw.agents values (?, ?)", agent, fmt.Sprint("agent ", h.IntN(3)))
		exec(h.tb, h.conn, "insert into meta.touched values ('raw.agents', null)")
	case 7:
		agent := h.IntN(6)
		exec(h.tb, h.conn, "delete from reference.members where agent_id = ?", agent)
		exec(h.tb, h.conn, "insert into reference.members values (?, ?)", agent, []string{"Viborg", "Greve", "Skive"}[h.IntN(3)])
	}
}

func TestRandomHistories(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			conn := open(t)
			fill(t, conn)
			g := graphOf(t, conn, hotline)
			h := &history{rand.New(rand.NewPCG(seed, 0)), t, conn, 4}
			for range 4 {
				for range h.IntN(6) {
					h.step()
				}
				build(t, conn, g, model.Options{})
				if h.IntN(3) == 0 {
					sameAsFull(t, conn, g)
				}
			}
			sameAsFull(t, conn, g)
		})
	}
}

// BenchmarkBuild measures one night: a day of late calls on ten years of history.
func BenchmarkBuild(b *testing.B) {
	conn := open(b)
	exec(b, conn, `
		insert into raw.calls
		select i, date '2016-01-01' + (i / 700)::int, i % 100000, i % 300 from range(2500000) as r(i)`)
	exec(b, conn, "insert into reference.members select i, 'Viborg' from range(200) as r(i)")
	exec(b, conn, "insert into raw.agents select i, 'agent' from range(200) as r(i)")
	g := graphOf(b, conn, hotline)
	build(b, conn, g, model.Options{})
	for b.Loop() {
		exec(b, conn, "insert into meta.touched values ('raw.calls', date '2025-06-01')")
		if _, err := g.Build(context.Background(), conn, model.Options{Run: "night", Now: now}); err != nil {
			b.Fatal(err)
		}
	}
}
