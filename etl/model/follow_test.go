package model_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/google/go-cmp/cmp"
)

// answerings is a hotline whose calls are answered days later, on the day that `wait` is
// from the call; a note of any day names its call.
var answerings = folder(
	"staging/stg_calls.sql", string(hotline["staging/stg_calls.sql"].Data),
	"intermediate/int_calls.sql", `-- One row per call with the day on which it was answered.
-- @grain call_id
-- @build incremental by call_date
-- @column call_id id the call
-- @column call_date date its day
-- @column agent_id id who answered
-- @column answer_date date the day of the answer
select call_id, call_date, agent_id, call_date + cast(wait_seconds as integer) as answer_date
from staging.stg_calls
where call_date >= $from and call_date < $to
`,
	"intermediate/int_notes.sql", `-- One row per note with the call it names.
-- @grain note_id
-- @build incremental by note_date
-- @follow intermediate.int_calls by call_id, to staging.stg_notes by note_date
-- @column note_id id the note
-- @column note_date date its day
-- @column agent_id id who answered the call it names
select n.note_id, n.note_date, c.agent_id
from staging.stg_notes as n
left join intermediate.int_calls as c on n.call_id = c.call_id
where n.note_date >= $from and n.note_date < $to
`,
	"staging/stg_notes.sql", `-- One row per note.
-- @grain note_id
-- @build view by note_date
-- @column note_id id the note
-- @column note_date date its day
-- @column call_id id the call it names
select note_id, day as note_date, call_id from raw.notes
`,
	"marts/fct_answers.sql", `-- One row per agent and day with the calls answered on it.
-- @grain agent_id, answer_date
-- @build incremental by answer_date
-- @follow intermediate.int_calls by answer_date
-- @column agent_id id the agent
-- @column answer_date date the day
-- @column calls count calls answered
select agent_id, answer_date, count(*) as calls
from intermediate.int_calls
where answer_date >= $from and answer_date < $to
group by agent_id, answer_date
`)

func openAnswerings(t *testing.T) (*sql.Conn, *model.Graph) {
	conn := open(t)
	exec(t, conn, "create table raw.notes (note_id bigint, day date, call_id bigint)")
	exec(t, conn, `
		insert into raw.calls values (1, '2026-03-01', 7, 40), (2, '2026-03-01', 8, 3), (3, '2026-03-02', 8, 0);
		insert into raw.notes values (1, '2026-06-01', 1), (2, '2026-02-01', 3)`)
	g := graphOf(t, conn, answerings)
	build(t, conn, g, model.Options{})
	return conn, g
}

// TestFollow shows that a changed call touches the day of its answer, before and after,
// and the day of a note that names it, however far off; and no other call's.
func TestFollow(t *testing.T) {
	conn, g := openAnswerings(t)
	late(t, conn, 1, "2026-03-01", 300)
	want := `check    staging.stg_calls 2026-03-01 (raw.calls: 1 day)
days     intermediate.int_calls 2026-03-01 (raw.calls: 1 day)
maybe    intermediate.int_notes (if int_calls changes)
maybe    marts.fct_answers (if int_calls changes)`
	if diff := cmp.Diff(want, plan(t, conn, g)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	result := build(t, conn, g, model.Options{})
	want = `check    staging.stg_calls 2026-03-01 (raw.calls: 1 day)
days     intermediate.int_calls 2026-03-01 (raw.calls: 1 day)
days     intermediate.int_notes 2026-06-01 (int_calls: 1 day)
days     marts.fct_answers 2026-04-10, 2026-12-26 (int_calls: 2 days)`
	var done model.Plan
	for _, step := range result.Steps {
		done = append(done, step.Decision)
	}
	if diff := cmp.Diff(want, done.String()); diff != "" {
		t.Errorf("build (-want +got):\n%s", diff)
	}
	sameAsFull(t, conn, g)
}

// TestFollowNothing touches a day on which nothing is different.
func TestFollowNothing(t *testing.T) {
	conn, g := openAnswerings(t)
	exec(t, conn, "insert into meta.touched values ('raw.calls', '2026-03-01')")
	for _, step := range build(t, conn, g, model.Options{}).Steps {
		if step.Model != "staging.stg_calls" && step.Model != "intermediate.int_calls" && step.Action != model.Nothing {
			t.Errorf("%s", step.Decision)
		}
	}
}

// TestFollowPlanWithBoth shows a plan for a model that is touched directly and follows.
func TestFollowPlanWithBoth(t *testing.T) {
	conn, g := openAnswerings(t)
	late(t, conn, 1, "2026-03-01", 300)
	exec(t, conn, "insert into meta.touched values ('raw.notes', '2026-02-01')")
	want := `check    staging.stg_calls 2026-03-01 (raw.calls: 1 day)
check    staging.stg_notes 2026-02-01 (raw.notes: 1 day)
days     intermediate.int_calls 2026-03-01 (raw.calls: 1 day)
days     intermediate.int_notes 2026-02-01 (raw.notes: 1 day, more days if int_calls changes)
maybe    marts.fct_answers (if int_calls changes)`
	if diff := cmp.Diff(want, plan(t, conn, g)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestFollowRandomHistories(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			conn, g := openAnswerings(t)
			h := &history{rand.New(rand.NewPCG(seed, 0)), t, conn, 4}
			for range 5 {
				for range h.IntN(6) {
					h.step()
					note, day := h.IntN(9), h.day()
					exec(t, conn, "insert into meta.touched select 'raw.notes', day from raw.notes where note_id = ?", note)
					exec(t, conn, "delete from raw.notes where note_id = ?", note)
					exec(t, conn, "insert into raw.notes values (?, ?::date, ?)", note, day, 1+h.IntN(h.next))
					exec(t, conn, "insert into meta.touched values ('raw.notes', ?::date)", day)
				}
				build(t, conn, g, model.Options{})
				sameAsFull(t, conn, g)
			}
		})
	}
}
