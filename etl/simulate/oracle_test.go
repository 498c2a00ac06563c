package simulate_test

import (
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// oracle reads the delivered rows by the rules of DOMAIN §4, knowing nothing of the
// simulation: a second opinion on the truth.
type oracle struct {
	calls  map[string][]record
	queues map[string]string   // kind by key
	kinds  map[string]string   // kind by external number
	access map[string][]record // rows by number
	hours  []record
	days   map[string][]record

	passedOver int // transfers whose last leg was a consultation given up
}

func newOracle(t testing.TB, e example) *oracle {
	dir := e.dir
	o := &oracle{
		calls: e.calls, queues: make(map[string]string), kinds: make(map[string]string),
		access: make(map[string][]record), days: make(map[string][]record),
		hours: read(t, dir, "reference", "opening_hours.csv"),
	}
	for _, r := range read(t, dir, "reference", "queues.csv") {
		o.queues[r["queue_key"]] = r["kind"]
	}
	for _, r := range read(t, dir, "reference", "transfer_numbers.csv") {
		o.kinds[r["number"]] = r["kind"]
	}
	for _, r := range read(t, dir, "reference", "access_numbers.csv") {
		o.access[r["number"]] = append(o.access[r["number"]], r)
	}
	for _, r := range read(t, dir, "reference", "special_days.csv") {
		o.days[r["date"]] = append(o.days[r["date"]], r)
	}
	return o
}

func (o *oracle) kind(queue string) string {
	if kind, listed := o.queues[queue]; listed {
		return kind
	}
	return "ddh"
}

func valid(r record, date string) bool {
	return (r["valid_from"] == "" || r["valid_from"] <= date) && (r["valid_to"] == "" || r["valid_to"] >= date)
}

func (o *oracle) open(at time.Time) bool {
	date, clock := at.Format(time.DateOnly), at.Format("15:04")
	rows, special := o.days[date]
	if !special {
		for _, r := range o.hours {
			if r.int("weekday")%7 == int(at.Weekday()) && valid(r, date) {
				rows = append(rows, r)
			}
		}
	}
	for _, r := range rows {
		if r["opens"] != "" && clock >= r["opens"] && clock < r["closes"] {
			return true
		}
	}
	return false
}

// inbound reports whether a call is measured at all.
func inbound(events []record) bool {
	has := false
	for _, e := range events {
		if strings.HasPrefix(e["queue_key"], "__Callout_") || e["media_type_id"] != "1" {
			return false
		}
		has = has || e["event_type"] == "i"
	}
	return has
}

// leg reports whether an event is an answered agent leg.
func (o *oracle) leg(events []record, e record) bool {
	if e["event_type"] != "c" || e["agent_id"] == "" || e["result_code"] != "k" {
		return false
	}
	if e["queue_key"] != "" && o.kind(e["queue_key"]) != "ddh" {
		return false
	}
	if e["ciq"] != "a" {
		return true
	}
	for _, c := range events {
		if c["ciq"] == "c" && c["result_code"] == "k" && c["internal_iq_session_id"] == e["internal_iq_session_id"] {
			return true
		}
	}
	return false
}

// outcome applies the first rule that fits.
func (o *oracle) outcome(events []record) string {
	var queues, ddh, legs []record
	answered := false
	for _, e := range events {
		switch {
		case e["event_type"] == "q":
			queues = append(queues, e)
			if o.kind(e["queue_key"]) == "ddh" {
				ddh = append(ddh, e)
			}
		case e["event_type"] == "c":
			legs = append(legs, e)
			answered = answered || o.leg(events, e)
		}
	}
	switch {
	case !o.open(events[0].time("dte_start")):
		return "outside_hours"
	case len(ddh) == 0:
		return "menu_only"
	case answered:
		return "answered"
	}
	last := queues[len(queues)-1]
	code := last["result_code"]
	if code == "k" || code == "m" {
		code = ddh[len(ddh)-1]["result_code"]
	}
	if code == "k" || code == "m" {
		switch {
		case len(legs) > 0 && strings.Contains("hq", legs[len(legs)-1]["result_code"]):
			code = "h"
		case code == "m": // moved out of the hotline
			code = "b"
		default:
			code = "e"
		}
	}
	switch code {
	case "h":
		if end := last.time("dte_start").Add(time.Duration(last.int("duration_tot_sec")) * time.Second); end.Sub(queues[0].time("dte_start")) < 5*time.Second {
			return "short_abandoned"
		}
		return "abandoned"
	case "q":
		return "callback_ordered"
	case "a", "b", "t":
		return "overflow"
	case "f", "s":
		return "rejected"
	}
	return "error"
}

// sentBack returns where an answered leg sent the call, "" if not to a municipality.
func (o *oracle) sentBack(events []record, at int) string {
	if events[at]["call_transfer"] != "1" {
		return ""
	}
	var target, givenUp record
	for _, e := range events[at+1:] {
		asked := e["event_type"] == "c" && e.end().Before(events[at].end())
		switch {
		case asked:
			givenUp = e
		case e["event_type"] == "q" || e["event_type"] == "c":
			target = e
		}
		if o.leg(events, e) && (!asked || e["call_transfer"] == "1") {
			break
		}
	}
	if target != nil && givenUp != nil && givenUp.int("call_sequence") > target.int("call_sequence") {
		o.passedOver++
	}
	if target == nil {
		target = givenUp
	}
	switch {
	case target == nil:
		return ""
	case target["queue_key"] != "" && o.kind(target["queue_key"]) == "municipality":
		return target["queue_key"]
	case target["event_type"] == "c" && target["agent_id"] == "" && target["queue_key"] == "" && target["ciq"] == "":
		if kind, listed := o.kinds[target["destination"]]; !listed || kind == "municipality" {
			return target["destination"]
		}
	}
	return ""
}

// waits are from the first queue event to the first answered agent's speak start, and,
// where that agent called back, from the order or the later time it was ordered for to
// the citizen's; "" where the call has none.
func (o *oracle) waits(events []record) (onLine, calledBack string) {
	var queued, due time.Time
	for _, e := range events {
		if e["event_type"] == "q" && queued.IsZero() {
			queued = e.time("dte_start")
		}
		if e["result_code"] == "q" && e["event_type"] == "q" {
			due = e.end()
			if at, err := time.Parse(time.RFC3339, e["dte_scheduled_callback"]); err == nil {
				if wall, _ := time.Parse(time.DateTime, at.Format(time.DateTime)); wall.After(due) {
					due = wall
				}
			}
		}
		switch {
		case e["ciq"] == "c" && e["result_code"] == "k":
			return "", seconds(elapsed(due, e.spoken()))
		case e["ciq"] == "" && o.leg(events, e):
			return seconds(e.spoken().Sub(queued)), ""
		}
	}
	return "", ""
}

// seconds rounds once, halves up.
func seconds(d time.Duration) string {
	return strconv.Itoa(max(0, int(d.Round(time.Second).Seconds())))
}

// elapsed is the time between two readings of the Danish wall clock.
func elapsed(from, to time.Time) time.Duration {
	denmark, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	wall := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), denmark)
	}
	return wall(to).Sub(wall(from))
}

func (o *oracle) municipality(first record) string {
	number := first["destination"]
	if !strings.HasPrefix(number, "+") {
		number = "+45" + number
	}
	for _, r := range o.access[number] {
		if valid(r, first["dte_start"][:10]) {
			return r["municipality_code"]
		}
	}
	return "unknown"
}

// subscriber is a caller's number without country code, "" when withheld.
func subscriber(source string) string {
	if len(source) < 8 || source == "anonymous" {
		return ""
	}
	return source[len(source)-8:]
}

// repeats returns the calls whose caller made another inbound call within a week.
func (o *oracle) repeats() map[string]bool {
	type start struct {
		id string
		at time.Time
	}
	byCaller := make(map[string][]start)
	for id, events := range o.calls {
		if who := subscriber(events[0]["source"]); who != "" && inbound(events) {
			byCaller[who] = append(byCaller[who], start{id, events[0].time("dte_start")})
		}
	}
	found := make(map[string]bool)
	for _, list := range byCaller {
		sort.Slice(list, func(i, j int) bool { return list[i].at.Before(list[j].at) })
		for i := range list[1:] {
			gap := list[i+1].at.Sub(list[i].at)
			found[list[i].id] = gap > 0 && gap <= 7*24*time.Hour
		}
	}
	return found
}

func TestTruthAboutCallsIsWhatTheRulesReadFromTheRows(t *testing.T) {
	e := exampleQuarter(t)
	o, dir := newOracle(t, e), e.dir
	repeats := o.repeats()
	want := make(map[string]record)
	for _, r := range read(t, dir, "truth", "calls.csv") {
		want[r["call_id"]] = r
	}
	read, calledBack, seen := 0, 0, make(map[string]int)
	for id, events := range o.calls {
		if !inbound(events) {
			continue
		}
		read++
		truth := want[id]
		got := record{
			"outcome": o.outcome(events), "citizen_municipality": o.municipality(events[0]), "call_date": events[0]["dte_start"][:10],
			"repeat_within_7d": flag(repeats[id]), "is_transferred_back": "0",
		}
		if seen[got["outcome"]]++; got["outcome"] == "answered" {
			got["wait_seconds"], got["callback_wait_seconds"] = o.waits(events)
			if got["callback_wait_seconds"] != "" {
				calledBack++
			}
			for i, e := range events {
				if target := o.sentBack(events, i); target != "" && o.leg(events, e) {
					got["is_transferred_back"], got["transfer_number"] = "1", target
				}
			}
		}
		for column, value := range got {
			if truth[column] != value {
				t.Errorf("call %s: %s is %q by its rows, %q in truth; rows %v", id, column, value, truth[column], events)
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if read != len(want) {
		t.Errorf("%d inbound calls in the rows, %d in truth", read, len(want))
	}
	if len(seen) != 9 {
		t.Errorf("outcomes seen: %v, want all nine", seen)
	}
	if o.passedOver == 0 {
		t.Error("no consultation was given up after the one who took the call had been rung")
	}
	if calledBack < 20 {
		t.Errorf("only %d calls were answered by callback", calledBack)
	}
}

func TestTruthAboutAgentsIsWhatTheRulesReadFromTheRows(t *testing.T) {
	e := exampleQuarter(t)
	o, dir := newOracle(t, e), e.dir
	want := make(map[string]record)
	for _, r := range read(t, dir, "truth", "agent_calls.csv") {
		want[r["call_id"]+"/"+r["agent_id"]] = r
	}
	type pair struct {
		legs, talk, wrap, hold int
		back                   bool
	}
	got := make(map[string]pair)
	for id, events := range o.calls {
		if !inbound(events) || o.outcome(events) != "answered" {
			continue
		}
		for i, e := range events {
			if o.leg(events, e) {
				p := got[id+"/"+e["agent_id"]]
				p.legs++
				p.talk += e.int("duration_speak_sec")
				p.wrap += e.int("wrap_up_sec")
				p.hold += e.int("caller_on_hold_sec")
				p.back = p.back || o.sentBack(events, i) != ""
				got[id+"/"+e["agent_id"]] = p
			}
		}
	}
	for key, p := range got {
		r := want[key]
		if truth := (pair{r.int("legs"), r.int("talk_seconds"), r.int("wrap_up_seconds"), r.int("hold_seconds"), r["is_sent_back"] == "1"}); p != truth {
			t.Fatalf("%s: %+v by its rows, %+v in truth", key, p, truth)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d pairs in the rows, %d in truth", len(got), len(want))
	}
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}
