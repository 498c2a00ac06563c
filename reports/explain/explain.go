// Package explain answers "why is this figure what it is?" for one KPI, period and
// group: the rule in force, what was counted, what was left out and why, how good
// the ground is, and the calls themselves, whose sums are the figure's numerator
// and denominator.
//
// It reads a published copy and the rules of sql/seeds (ReadRules). It works out no
// KPI: the figure comes from reports/figures, and the rows are shown as the marts
// have them. It must not print, and what it returns names no caller and no agent.
package explain

import (
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// Query asks about one figure.
type Query struct {
	KPI          string
	Period       reports.Period
	By           string // one of figures.Groupings
	Key          string // the group
	Perspective  string // one of figures.Perspectives
	Municipality string // the group's part in one municipality; "" for the whole group
	Calls        bool   // list the calls behind the figure
	Sort         string // numeric column to list them by, with a leading - the largest first; "": by time
	Limit        int    // of listed calls; 0: all
}

// Explanation is the JSON of `ddh explain`. Dates are ISO, times the hotline's
// local clock.
type Explanation struct {
	KPI          string      `json:"kpi"`
	Label        string      `json:"label"`
	Unit         string      `json:"unit"`
	Definition   string      `json:"definition"`
	Formula      string      `json:"formula"`
	Period       string      `json:"period"`
	From         string      `json:"from"`
	To           string      `json:"to"`
	By           string      `json:"by"`
	Key          string      `json:"key"`
	Group        string      `json:"group"`
	Perspective  string      `json:"perspective"`
	Municipality string      `json:"municipality,omitempty"`
	Figure       figures.Row `json:"figure"`
	Target       *Target     `json:"target"`
	Settings     []Setting   `json:"settings"`
	Counted      Counted     `json:"counted"`
	Outcomes     []Tally     `json:"outcomes"` // inbound calls of the group, or the agent's answered ones; days by their end
	Survey       []Tally     `json:"survey"`
	Mapping      []Share     `json:"mapping"`
	Ground       Ground      `json:"ground"`
	Sort         string      `json:"sort,omitempty"` // column of the calls, with - the largest first
	Calls        []Call      `json:"calls,omitempty"`
	CallsLeftOut int64       `json:"calls_left_out,omitempty"` // counted rows beyond the limit
}

// Lineage is what the figures are made of, as the models' graph tells it.
type Lineage struct {
	Models []string // full names in building order
	Tables []RawTable
}

// RawTable is a table of the warehouse's schema raw.
type RawTable struct {
	Name  string // raw.<owner>__<table>
	Dated bool   // its rows belong to days
}

// Target is the target that was in force on the period's last day.
type Target struct {
	Value     float64 `json:"value"`
	Direction string  `json:"direction"` // min: at most; max: at least
	From      string  `json:"valid_from"`
	To        string  `json:"valid_to"`
}

// Setting is a setting of the configuration that decides what is counted.
type Setting struct {
	Name  string  `json:"name"`
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"` // Danish, as printed
}

// Counted says how the rows looked at became the figure: Rows = Included + the
// rows of all Excluded. InNumerator are those of the Included that add something to
// the numerator. The sums are those of the rows' contributions. What the KPI has
// not, or a suppressed figure may not show, is nil.
type Counted struct {
	What        string  `json:"what"` // Danish: what one row is
	Rows        int64   `json:"rows"`
	Excluded    []Tally `json:"excluded"`
	Included    int64   `json:"included"`
	InNumerator *int64  `json:"in_numerator"`
	Numerator   *int64  `json:"numerator"`
	Denominator *int64  `json:"denominator"`
}

// Tally is a number of rows of one kind.
type Tally struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Rows  int64  `json:"rows"`
}

// Share is how much of something the reference files do not know.
type Share struct {
	ID    string   `json:"id"`
	Label string   `json:"label"`
	Rows  int64    `json:"rows"`
	Of    int64    `json:"of"`
	Scope string   `json:"scope"` // group or all: the figure's group, or the whole of DDH in the period
	Keys  []Number `json:"keys,omitempty"`
}

// Portion is the share as a number from 0 to 1; ok is false when there is nothing
// to take a share of.
func (s Share) Portion() (portion float64, ok bool) {
	if s.Of == 0 {
		return 0, false
	}
	return float64(s.Rows) / float64(s.Of), true
}

// Number is one unmapped number and how often calls went to it.
type Number struct {
	Number string `json:"number"`
	Rows   int64  `json:"rows"`
}

// Ground is what the figure rests on.
type Ground struct {
	DataUntil string   `json:"data_until"`
	Simulated bool     `json:"is_simulated"`
	Run       string   `json:"run"`
	Program   string   `json:"program_version"`
	Models    []string `json:"models"` // in building order, last marts.kpi_values
	Tables    []Table  `json:"tables"`
}

// Table is a raw table the figure rests on, with the deliveries that can have
// brought rows of the period: those loaded since its first day, or, for tables
// without days (agents, queues, guides), all. Which rows of a delivery still stand
// is not known here.
type Table struct {
	Name       string  `json:"table"`
	Dated      bool    `json:"is_dated"`
	Deliveries int64   `json:"deliveries"`
	Loaded     int64   `json:"rows_loaded"`
	FirstAt    string  `json:"first_loaded_at"`
	LastAt     string  `json:"last_loaded_at"`
	Newest     []Batch `json:"newest"` // at most newestBatches
}

// Batch is one delivery and what became of its rows.
type Batch struct {
	ID          string `json:"batch"`
	Origin      string `json:"origin"`
	Run         string `json:"run"`
	LoadedAt    string `json:"loaded_at"`
	Read        int64  `json:"read"`
	Loaded      int64  `json:"loaded"`
	Superseded  int64  `json:"superseded"`
	Quarantined int64  `json:"quarantined"`
}

// Call is one counted row: a call, in the agent's perspective a call and agent, for
// guide use an action, or for presence an agent's day from the first log-on, in the
// agent's municipality. It tells nothing about the caller.
type Call struct {
	CallID       string  `json:"call_id,omitempty"`
	Date         string  `json:"date"`
	Time         string  `json:"time"`
	Outcome      string  `json:"outcome,omitempty"`
	Municipality string  `json:"municipality"`
	Agents       []int64 `json:"agents"`
	WaitSeconds  *int64  `json:"wait_seconds,omitempty"` // on the line
	ByCallback   bool    `json:"is_answered_by_callback"`
	CalledBack   *int64  `json:"callback_wait_seconds,omitempty"`
	Work         *Work   `json:"work,omitempty"`     // of calls
	Presence     *Shift  `json:"presence,omitempty"` // of days
	SentBack     bool    `json:"is_transferred_back"`
	Number       string  `json:"transfer_number,omitempty"`
	Score        *int64  `json:"score,omitempty"`
	Action       string  `json:"action,omitempty"`
	Guide        string  `json:"guide,omitempty"`
	Numerator    *int64  `json:"numerator"`
	Denominator  *int64  `json:"denominator"`
}

// Work is what a call, or an agent's share in one, took: counts, and seconds over its
// answered legs.
type Work struct {
	Legs     int64 `json:"leg_count"`
	Talk     int64 `json:"talk_seconds"`
	Hold     int64 `json:"hold_seconds"`
	WrapUp   int64 `json:"wrap_up_seconds"`
	Handling int64 `json:"handling_seconds"`
	Guides   int64 `json:"guide_use_count"`
	Sends    int64 `json:"guide_send_count"`
}

// Shift is what an agent's day was made of, in seconds.
type Shift struct {
	LoggedOn int64 `json:"logged_on_seconds"`
	Ready    int64 `json:"ready_seconds"`
	Pause    int64 `json:"pause_seconds"`
}
