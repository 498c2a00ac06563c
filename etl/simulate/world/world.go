// Package world is the stage of the simulated hotline: its municipalities, agents,
// queues, numbers, guides and opening hours, and the reference files that describe
// them. Nothing happens in it; what happens is package hotline's business. All
// people and numbers are invented: eight-digit numbers beginning with 1 are given
// to nobody.
package world

import (
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
)

// None is the index of nothing: no queue, no agent, no municipality.
const None = -1

// Kinds of queues and of numbers that calls are transferred to.
const (
	KindDDH          = "ddh"
	KindMunicipality = "municipality"
	KindOther        = "other"
	KindAuthority    = "authority"
)

// World is everything that stands still while calls come and go.
type World struct {
	From, To       clock.Day
	Joins          clock.Day // first day of the member that joins on the way
	Municipalities []Municipality
	Access         []Access
	Departments    []Department
	Queues         []Queue
	Agents         []Agent
	Topics         []Topic
	Guides         []Guide
	callers        dice.Weighted
	special        map[clock.Day]Special
	switchboard    []int   // per municipality its queue, or None
	local          [][]int // per municipality its departments
	authorities    []int
	team           int
	clerks         [][]int
}

// Access is a number that citizens dial.
type Access struct {
	Number       string // E.164
	Municipality int    // None where the number is in no reference file
	From         clock.Day
	weight       float64
}

// Department is a number that calls are transferred to.
type Department struct {
	Number       string // E.164
	Kind         string
	Municipality int // None for authorities and for the hotline's own team
	Name         string
	Mapped       bool // listed in transfer_numbers.csv
}

// Queue is a queue of the phone system.
type Queue struct {
	Key, Kind, Label string
	Municipality     int
	Listed           bool // listed in queues.csv; one that is not counts as DDH's
}

// Queues that the simulation refers to by place; municipalities' follow.
const (
	QueueMain = iota
	QueueServices
	QueuePension
	QueueNew // missing from queues.csv, hence DDH's
	QueueCallout
	QueueAuthority
	QueueChat
	queuesFixed
)

// New builds the world for the days from..to.
func New(from, to clock.Day, d *dice.Dice) *World {
	w := &World{From: from, To: to, Municipalities: municipalities, special: specialDays(from, to)}
	w.Joins = joinDay(from, to)
	w.addQueues()
	w.addNumbers(d)
	w.addAgents(d)
	w.addLibrary()
	return w
}

// joinDay lies in the middle of a month in the middle of the second quarter, or in
// the middle of what there is: a membership that begins mid-quarter.
func joinDay(from, to clock.Day) clock.Day {
	year, quarter := from.Quarter()
	day := clock.Date(year, time.Month(quarter*3+2), 15)
	if day > to-14 {
		day = (from + to + 1) / 2
	}
	return day
}

func (w *World) addQueues() {
	w.Queues = []Queue{
		QueueMain:      {"ddh_hoved", KindDDH, "Hovednummer", None, true},
		QueueServices:  {"ddh_borgerservice", KindDDH, "Borgerservice", None, true},
		QueuePension:   {"ddh_pension", KindDDH, "Pension og boligstøtte", None, true},
		QueueNew:       {"ddh_mitid", KindDDH, "MitID", None, false},
		QueueCallout:   {"__Callout_ddh", KindDDH, "Udgående opkald", None, false},
		QueueAuthority: {"ekstern_udbetaling", KindOther, "Udbetaling (ekstern)", None, true},
		QueueChat:      {"chat_borger", KindOther, "Chat", None, true},
	}
	w.switchboard = make([]int, len(w.Municipalities))
	for i, m := range w.Municipalities {
		w.switchboard[i] = None
		if m.Network != "" && i%3 == 0 {
			w.switchboard[i] = len(w.Queues)
			w.Queues = append(w.Queues, Queue{"kom_" + slug(m.Name), KindMunicipality, m.Name + " omstilling", i, true})
		}
	}
}

// Switchboard returns a municipality's own queue, or None.
func (w *World) Switchboard(municipality int) int {
	if municipality == None {
		return None
	}
	return w.switchboard[municipality]
}

// Caller draws the access number a new caller dials on a day.
func (w *World) Caller(d *dice.Dice, day clock.Day) int {
	for {
		if a := w.callers.Pick(d); w.Access[a].From <= day {
			return a
		}
	}
}
