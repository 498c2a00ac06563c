package main

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// column is the place of a column in a table's header.
func (d *dealt) column(t *testing.T, name string) int {
	t.Helper()
	at := slices.Index(d.header, name)
	if at < 0 {
		t.Fatalf("%s has no column %s", d.name, name)
	}
	return at
}

// shifted is a row of an event so many days later on the same time of day.
func (d *dealt) shifted(row []string, days int) []string {
	row = slices.Clone(row)
	for _, name := range []string{"dte_start", "dte_speak_start"} {
		at := slices.Index(d.header, name)
		if row[at] == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, row[at][:len(time.DateOnly)])
		if err != nil {
			panic(err) // the simulation wrote it
		}
		row[at] = day.AddDate(0, 0, days).Format(time.DateOnly) + row[at][len(time.DateOnly):]
	}
	return row
}

// callBackLater makes callbacks of some calls, made days after the order, over weekends
// too, and gives each what an agent and a citizen leave of it elsewhere: guides on that
// day, one of them weeks later with the call's id, a topic and a question that names no
// call. All come in deliveries of their own.
func (h *history) callBackLater(t *testing.T, tables map[string]*dealt) {
	t.Helper()
	calls, agents := tables["call_events"], tables["agents"]
	callID := calls.column(t, "call_id")
	users := map[string]string{}
	for _, groups := range agents.rounds {
		for _, group := range groups {
			users[group[0][agents.column(t, "agent_id")]] = group[0][agents.column(t, "email")]
		}
	}
	later := map[string]int{}
	made := 0
	for _, groups := range calls.rounds {
		for g, group := range groups {
			id := group[0][callID]
			days, known := later[id]
			if !known {
				days = max(0, h.random.IntN(30)-23)
				later[id] = days
			}
			at, callback := calls.calledBack(t, group, days)
			if callback == nil {
				continue
			}
			groups[g] = callback
			if !known {
				made++
				h.leave(t, tables, callback[0], callback[at], users)
			}
		}
	}
	if made < 10 {
		t.Fatalf("only %d callbacks", made)
	}
}

// calledBack is a call whose only conversation is a callback so many days later, and the
// place of the agent's leg; nil for any other call and for no days.
func (d *dealt) calledBack(t *testing.T, call [][]string, days int) (int, [][]string) {
	t.Helper()
	event, result, agent, leg := d.column(t, "event_type"), d.column(t, "result_code"), d.column(t, "agent_id"), d.column(t, "ciq")
	last := len(call) - 1
	if days == 0 || last < 2 || call[last][event] != "c" || call[last][agent] == "" || call[last-1][event] != "q" ||
		slices.ContainsFunc(call, func(row []string) bool { return row[leg] != "" }) {
		return 0, nil
	}
	var out [][]string
	for _, row := range call {
		out = append(out, slices.Clone(row))
	}
	out[last-1][result] = "q"
	out[last] = d.shifted(out[last], days)
	out[last][leg] = "a"
	citizen := slices.Clone(out[last])
	citizen[leg], citizen[agent] = "c", ""
	citizen[d.column(t, "call_sequence")] = strconv.Itoa(len(call) + 1)
	return last, append(out, citizen)
}

// leave deals out what belongs to a callback leg.
func (h *history) leave(t *testing.T, tables map[string]*dealt, first, leg []string, users map[string]string) {
	t.Helper()
	calls := tables["call_events"]
	of := func(name string) string { return leg[calls.column(t, name)] }
	start, err := time.Parse("2006-01-02 15:04:05", of("dte_start")[:19])
	if err != nil {
		t.Fatal(err)
	}
	seconds, err := strconv.Atoi(of("duration_tot_sec"))
	if err != nil {
		t.Fatal(err)
	}
	end := start.Add(time.Duration(seconds) * time.Second)
	moment := func(after time.Duration) string { return end.Add(after).Format("2006-01-02 15:04:05") }
	last := h.random.IntN(6) == 0
	row := func(table string, cells map[string]string) {
		d := tables[table]
		cellsInOrder := make([]string, len(d.header))
		for name, cell := range cells {
			cellsInOrder[d.column(t, name)] = cell
		}
		if last {
			d.rounds[rounds-1] = append(d.rounds[rounds-1], [][]string{cellsInOrder})
			return
		}
		h.place(d, [][]string{cellsInOrder})
	}
	agent := of("agent_id")
	row("guide_views", map[string]string{"viewed_at": moment(-time.Second), "agent": users[agent], "guide_id": "g-tilbagekald"})
	row("guide_views", map[string]string{"viewed_at": moment(20 * time.Second), "agent": users[agent], "guide_id": "g-tilbagekald"})
	row("guide_views", map[string]string{
		"viewed_at": moment(240 * time.Hour), "agent": users[agent], "guide_id": "g-tilbagekald", "call_id": of("call_id"),
	})
	row("enqreg_header", map[string]string{
		"enqreg_header_recid": "9" + of("internal_odr_id"), "related_iq_session_id": of("internal_iq_session_id"),
		"dte_time_stamp": moment(time.Minute), "topic_id": "77", "topic_name": "Tilbagekald", "dte_updated": moment(time.Hour),
	})
	row("surveys", map[string]string{
		"sequence": "1", "agent_id": agent, "destination": first[calls.column(t, "source")],
		"dte_sent": moment(40 * time.Second), "dte_updated": moment(time.Hour),
	})
}
