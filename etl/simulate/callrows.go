package simulate

import (
	"strconv"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// callForm has the 41 columns of call_events in the order of SOURCES §1.
var callForm = form{"call_events", "puzzel", ',', []string{
	"rec_id", "customer_key", "call_id", "call_sequence", "media_type_id", "dte_start", "duration_tot_sec",
	"duration_speak_sec", "dte_speak_start", "source", "destination", "additional_source", "redirect_source",
	"service_num", "queue_key", "menue_key", "menue_choice", "agent_id", "event_type", "result_code", "answered",
	"ciq", "call_transfer", "wrap_up_sec", "alert_ms", "setup_ms", "block_duration_sec", "internal_iq_session_id",
	"internal_odr_id", "dte_updated", "sla", "alt_sla", "dte_scheduled_callback", "result_response", "request_id",
	"hold", "consult", "caller_on_hold_sec", "leg_type", "originating", "add_originating",
}}

// Media types of the lookup table.
const (
	mediaPhone = 1
	mediaChat  = 2
)

var legTypes = [...]string{hotline.NoLeg: "", hotline.AgentLeg: "Agent", hotline.TransferAgentLeg: "TransferAgent", hotline.ExternalLeg: "External"}

// version is one delivery of a call's rows: Puzzel deletes all rows of a call and
// inserts them again when anything arrives late (SOURCES §1).
type version struct {
	call     *hotline.Call
	sessions int // how many of the call's sessions had ended
	updated  clock.Local
	millis   int
	halfWrap bool // the after-work had not been corrected yet
}

// deliver writes a call's rows: once, or for some calls a first version, and later
// all of them again.
func (r *recorder) deliver(c *hotline.Call) {
	v := version{c, len(c.Sessions), c.End + clock.Local(r.dice.Between(60, 280)), r.dice.Below(1000), false}
	first := v
	switch {
	case len(c.Sessions) > 1 && r.dice.Chance(0.5):
		first.sessions = 1
		first.updated = c.Sessions[0].End + 90
	case c.Outcome == hotline.Answered && c.Kind == hotline.Inbound && r.dice.Chance(0.015):
		first.halfWrap = true
		v.updated += clock.Local(r.dice.Between(1, 3)) * clock.SecondsPerDay
	default:
		r.write(v, r.shelf.sheet(&callForm, c.Start.Day()), r.shelf.sheet(&agentEventForm, c.Start.Day()))
		return
	}
	r.write(first, r.shelf.sheet(&callForm, c.Start.Day()), r.shelf.sheet(&agentEventForm, c.Start.Day()))
	r.write(v, r.shelf.corrections(&callForm, c.Start.Day()), r.shelf.corrections(&agentEventForm, c.Start.Day()))
}

// write writes one version of a call to call_events, and the copies of its
// conversations to agent_events.
func (r *recorder) write(v version, calls, agents *sheet.Sheet) {
	c := v.call
	number := r.spelling(c)
	var sessions [2]string
	for i := range c.Sessions {
		sessions[i] = sessionID(c.Sessions[i])
	}
	sequence := int64(0)
	for i := range c.Events {
		e := c.Events[i]
		if int(e.Session) >= v.sessions {
			continue
		}
		if v.halfWrap {
			e.WrapUp /= 2
		}
		sequence++
		r.callRow(calls, v, &e, sequence, number, sessions[e.Session])
		if r.dice.Chance(0.0005) {
			calls.Again()
		}
		if e.Type == 'c' && e.Agent != world.None {
			r.conversationRow(agents, v, &e)
		}
	}
}

func (r *recorder) callRow(s *sheet.Sheet, v version, e *hotline.Event, sequence int64, number, session string) {
	c := v.call
	r.recID++
	s.Int(r.recID)
	s.Text(world.CustomerKey)
	s.Uint(c.ID)
	s.Int(sequence)
	if c.Kind == hotline.Chat {
		s.Int(mediaChat)
	} else {
		s.Int(mediaPhone)
	}
	millis := subSecond
	s.Millis(e.Start, millis)
	s.Int(int64(e.Duration))
	s.Int(int64(e.Talk))
	// Where the speak start is missing it follows from the durations (DOMAIN §4).
	if e.Type == 'c' && e.Result == 'k' && r.recID%100 != 99 {
		second := e.SpeakStart()
		if second > e.Start {
			millis -= int(r.recID%5) * 100
		}
		if millis < 0 {
			second, millis = second-1, millis+1000
		}
		s.Millis(second, millis)
	} else {
		s.Empty(1)
	}
	s.Text(number)
	s.Text(r.destination(c, e, number))
	s.Empty(2)
	s.Text(world.ServiceNumber)
	s.Text(r.queueKey(e.Queue))
	r.menuFields(s, e)
	r.legFields(s, e)
	s.Text(session)
	if e.ODR != 0 {
		s.Int(e.ODR)
	} else {
		s.Empty(1)
	}
	s.Millis(v.updated.Sure(), v.millis)
	r.tailFields(s, c, e)
	s.End()
}

// subSecond is how many milliseconds after the full second the events of all calls begin.
// Speaking begins up to 400 ms before that, so that lengths rounded to the second are those
// the truth was written with, none lies on the other side of a limit of whole seconds, and
// counting the seconds that the clock struck gives other lengths.
const subSecond = 300

func (r *recorder) menuFields(s *sheet.Sheet, e *hotline.Event) {
	if e.Type == 'm' {
		s.Text("hovedmenu")
	} else {
		s.Empty(1)
	}
	s.Letter(e.Choice)
}

// legFields are the columns from agent_id to block_duration_sec.
func (r *recorder) legFields(s *sheet.Sheet, e *hotline.Event) {
	agent := e.Type == 'c' && e.Agent != world.None
	if agent {
		s.Int(int64(r.world.Agents[e.Agent].ID))
	} else {
		s.Empty(1)
	}
	s.Letter(e.Type)
	s.Code(e.Result)
	s.Bool(e.Type == 'c' && e.Result == 'k')
	s.Letter(e.CIQ)
	if !agent {
		s.Bool(false)
		s.Empty(4)
		return
	}
	s.Bool(e.Transfer)
	s.Int(int64(e.WrapUp))
	s.Int(int64(e.Ring) * 1000)
	s.Int(200 + e.ODR%700)
	if e.Result == 't' {
		s.Int(30)
	} else {
		s.Int(0)
	}
}

// tailFields are the columns after dte_updated.
func (r *recorder) tailFields(s *sheet.Sheet, c *hotline.Call, e *hotline.Event) {
	s.Int(60)
	s.Int(0)
	if e.Type == 'q' && e.Result == 'q' && c.Scheduled != 0 {
		s.Text(zoned(c.Scheduled))
	} else {
		s.Empty(1)
	}
	s.Empty(2)
	s.Bool(e.Hold > 0)
	s.Bool(e.Consult)
	s.Int(int64(e.Hold))
	s.Text(legTypes[e.Leg])
	s.Text("IN")
	s.Empty(1)
}

// zoned writes a moment with its offset, as a datetimeoffset is exported.
func zoned(t clock.Local) string {
	b := t.Append(nil)
	b[10] = 'T'
	return string(append(append(b, '+', '0', byte('0'+t.Offset())), ":00"...))
}

// destination is the number dialled or rung.
func (r *recorder) destination(c *hotline.Call, e *hotline.Event, number string) string {
	switch {
	case e.Number != "":
		return e.Number
	case e.CIQ == 'c':
		return number
	case e.Type == 'c' && e.Agent != world.None:
		return r.world.AgentPhone(e.Agent)
	case e.Type == 'c':
		return ""
	case c.Kind != hotline.Inbound:
		return world.ServiceNumber
	case c.Serial%40 == 3: // without country code
		return r.world.Access[c.Access].Number[3:]
	default:
		return r.world.Access[c.Access].Number
	}
}

// spelling is the caller's number as this call shows it: the same number comes in
// several spellings, and withheld numbers in two (DOMAIN §5).
func (r *recorder) spelling(c *hotline.Call) string {
	if c.Caller == world.None {
		if c.Serial%2 == 0 {
			return "anonymous"
		}
		return ""
	}
	n := strconv.Itoa(world.CallerNumber(c.Caller))
	if foreign(c.Caller) {
		return "+46" + n
	}
	switch c.ID % 20 {
	case 3:
		return "0045" + n
	case 7:
		return n
	case 11:
		return "45" + n
	default:
		return "+45" + n
	}
}

func foreign(caller int) bool { return caller%200 == 77 }
