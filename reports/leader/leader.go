// Package leader builds the report that a leader of one member municipality gets
// for one period (PUBLISHING §2): Load reads what the report needs from the
// published copy of the warehouse, Document turns it into a reports.Document
// without looking anywhere else.
//
// The package computes no KPI: every figure, label, unit, target and status comes
// from the marts. What they hold as sums only (hours of the week, transfers, help) it
// adds up and divides once, as the last step. It reads only a *sql.DB that somebody
// else opened, and it knows no file format.
package leader

import (
	"math"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

// The KPI ids that the report names itself; all others it prints as the catalogue
// lists them.
const (
	callsOffered       = "calls_offered"
	callsAnswered      = "calls_answered"
	callsTransferred   = "calls_transferred_back"
	callsAbandoned     = "calls_abandoned"
	callsOutside       = "calls_outside_hours"
	answerRate         = "answer_rate"
	waitMean           = "wait_seconds_mean"
	answeredWithin60   = "answered_within_60s"
	resolution         = "first_contact_resolution"
	satisfaction       = "satisfaction_mean"
	handlingMean       = "handling_seconds_mean"
	talkMean           = "talk_seconds_mean"
	wrapUpMean         = "wrap_up_seconds_mean"
	callsPer1000       = "calls_per_1000_inhabitants"
	handledForOthers   = "handled_for_others"
	helpedByOthers     = "helped_by_others"
	guideViews         = "guide_views"
	guideSends         = "guide_sends"
	loggedOnHours      = "logged_on_hours"
	readyHours         = "ready_hours"
	pauseHours         = "pause_hours"
	smallestShown      = 5  // fewer scores are not shown (DOMAIN §4)
	trendLength        = 13 // periods, the reported one included (PUBLISHING §2)
	citizenPerspective = "citizen"
	agentPerspective   = "agent"
	unknownKey         = "unknown" // the group of calls that belong to none
)

// Data is everything the report says, as read from the warehouse.
type Data struct {
	Period       reports.Period
	Municipality Municipality
	About        About
	Catalogue    []KPI    // in print order
	Trend        []Moment // oldest first; the last one is Period itself
	Previous     Moment   // the period before; without figures where there is none
	LastYear     Moment   // the same period a year before, likewise

	// Memberships holds every municipality's stretches by code; empty where none are
	// known, and then nobody is called partial or no member.
	Memberships map[string][]Stretch

	Municipalities []Group          // all, citizen perspective, with handled_for_others from the agent side
	Agents         []Group          // own agents only
	OpenDays       map[string]int64 // by key of an own agent: days without a log-off before midnight
	Guides         []Guide          // used for own citizens
	Topics         []Group
	Transfers      []Group // where own citizens' calls were sent back to

	Hours      []Hour     // when own citizens called; by weekday, then hour
	TotalHours []Hour     // when citizens of all of DDH called, likewise
	Exchanges  []Exchange // calls answered for and by each municipality, the own included
}

// Municipality is one row of marts.dim_municipality. As a result of List it may
// lack everything but Code, Name and IsMember; there, IsMember means a member of
// the contact centre on at least one day of the period.
type Municipality struct {
	Code, Name, Region string
	Network            string // "" where the municipality is in none
	Population         int64
	PopulationDate     time.Time
	IsMember           bool
}

// About is where the figures come from.
type About struct {
	DataUntil      time.Time // start of the newest call, local wall clock
	Run            string
	ProgramVersion string
	Simulated      bool
	Contact        string
}

// KPI is one row of the catalogue, marts.dim_kpi.
type KPI struct {
	ID, Label           string
	Format              reports.Format
	Direction           reports.Direction
	Definition, Formula string
}

// Moment is one period's figures at every level that the report compares.
type Moment struct {
	Period  reports.Period
	Own     Figures // own citizens
	Agents  Figures // own agents
	Network Figures // citizens of the own network
	Total   Figures // citizens of all of DDH
}

// Group is one municipality, agent, topic or number and its figures.
type Group struct {
	Key, Label string
	Now        Figures
	Before     Figures // the previous period; only guides have it
}

// Guide is a group with what marts.dim_guide knows about it.
type Guide struct {
	Group
	Scope    string // "national" or "local"
	Category string
}

// Figures holds the figures of one group by KPI id.
type Figures map[string]Figure

// Figure is one value as marts.kpi_values has it. Numbers that do not exist are NaN.
type Figure struct {
	Value, Lower, Upper, Target float64
	N                           int64
	Status                      reports.Status
	Expected                    string // inside, above or below the expected range; "" where it has none
}

// noFigure stands for a row that is not there.
var noFigure = Figure{
	Value: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Target: math.NaN(), Status: reports.NoData,
}

// Get returns the figure of a KPI, or one without numbers and with status no_data.
func (f Figures) Get(kpi string) Figure {
	if figure, found := f[kpi]; found {
		return figure
	}
	return noFigure
}
