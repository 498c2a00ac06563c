package simulate

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/truth"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// recorder is the hotline's sink: it enters what happened into the book of truth,
// lets happen what follows a call (registration, guides, survey), and writes the
// rows the source systems would deliver.
type recorder struct {
	world *world.World
	dice  *dice.Dice
	book  *truth.Book
	shelf *shelf
	recID int64
	ids   int64  // of registrations and guide sessions
	noise int    // callers of survey rows that belong to no call
	views []view // of the call under way
}

func newRecorder(w *world.World, d *dice.Dice, book *truth.Book, inbox string) *recorder {
	return &recorder{world: w, dice: d, book: book, shelf: newShelf(inbox), recID: 9_000_000_000, noise: strangers}
}

// Call implements hotline.Sink.
func (r *recorder) Call(c *hotline.Call) {
	if c.Kind == hotline.Inbound {
		r.enterCall(c)
	}
	for i := range c.Events {
		if e := &c.Events[i]; e.Type == 'c' && e.Result == 'k' && e.Agent != world.None {
			r.book.Talked(e.Agent, e.Start, e.Duration, e.WrapUp)
		}
	}
	r.deliver(c)
}

// enterCall notes the truth about an inbound call and what followed from it.
func (r *recorder) enterCall(c *hotline.Call) {
	t := r.book.Call(c.Serial)
	*t = truth.Call{
		ID: c.ID, Start: c.Start, Outcome: c.Outcome, Municipality: c.Municipality, Queue: c.FirstQueue,
		Caller: c.Caller,
	}
	for i := range c.Events {
		if e := &c.Events[i]; e.Counts {
			t.Legs = append(t.Legs, truth.Leg{Agent: e.Agent, Talk: e.Talk, WrapUp: e.WrapUp, Hold: e.Hold, SentBack: e.SentBack})
		}
	}
	if len(t.Legs) > 0 {
		r.register(c, t)
	}
	if c.Outcome == hotline.Answered {
		t.Wait, t.Back, t.Target = c.Wait, c.Back, c.Target
		t.ByCallback, t.CalledBack = c.ByCallback, c.CalledBack
		r.guides(c)
		r.survey(c, r.book.Call(c.Serial))
	}
}

// CalledAgain implements hotline.Sink.
func (r *recorder) CalledAgain(serial int, at clock.Local) { r.book.CalledAgain(serial, at) }

// close writes the tables that do not grow with the calls, and closes all sheets.
func (r *recorder) close() error {
	r.writeLookups()
	for _, day := range r.world.SnapshotDays() {
		name := "agents_" + day.String() + ".csv"
		rows, err := r.world.WriteAgents(filepath.Join(r.shelf.dir, "puzzel", name), day)
		r.shelf.rows["agents"] += rows
		if err != nil {
			r.shelf.err = cmp.Or(r.shelf.err, fmt.Errorf("write %s: %w", name, err))
		}
	}
	return r.shelf.close()
}

var enquiryForm = form{"enqreg_header", "puzzel", ',', []string{
	"enqreg_header_recid", "related_iq_session_id", "dte_time_stamp", "agent_id", "queue_key", "category_id",
	"category_name", "enqreg_topic_recid", "topic_id", "topic_name", "comment", "dte_updated",
}}

// register writes down the topics of a call, as most agents do after most calls.
func (r *recorder) register(c *hotline.Call, t *truth.Call) {
	if !r.dice.Chance(0.86) {
		return
	}
	chosen := []int{c.Topic}
	switch p := r.dice.Float(); {
	case p < 0.12:
		if other := r.dice.Below(len(r.world.Topics)); other != c.Topic {
			chosen = append(chosen, other)
		}
	case p < 0.14: // the same topic twice
		chosen = append(chosen, c.Topic)
	}
	leg := lastLeg(c)
	linked := !r.dice.Chance(0.01)
	r.ids++
	header := r.ids
	for _, topic := range chosen {
		r.writeEnquiry(c, leg, header, topic, linked)
		if linked && (len(t.Topics) == 0 || t.Topics[0] != topic) {
			t.Topics = append(t.Topics, topic)
		}
	}
}

func (r *recorder) writeEnquiry(c *hotline.Call, leg *hotline.Event, header int64, topic int, linked bool) {
	s := r.shelf.sheet(&enquiryForm, c.Start.Day())
	about := r.world.Topics[topic]
	s.Int(header)
	if linked {
		s.Text(sessionID(c.Sessions[leg.Session]))
	} else {
		s.Empty(1)
	}
	s.Time(leg.End())
	s.Int(int64(r.world.Agents[leg.Agent].ID))
	s.Text(r.queueKey(leg.Queue))
	s.Int(int64(about.Category))
	s.Text(about.CategoryName)
	r.ids++
	s.Int(r.ids)
	s.Int(int64(about.ID))
	s.Text(about.Name)
	if r.dice.Chance(0.03) {
		s.Text(dice.Pick(r.dice, remarks))
	} else {
		s.Empty(1)
	}
	s.Millis(leg.End()+60, int(header%1000))
	s.End()
}

// remarks are what agents note; the numbers in them belong to nobody.
var remarks = []string{
	"Henvist til selvbetjening", "Borger ringer igen, \"senere på ugen\"", "Ønsker opkald på 12 34 56 78",
	"Skal have hjælp; pårørende med", "Skrev til mig: navn@borger.example",
}

// lastLeg returns the last answered agent leg.
func lastLeg(c *hotline.Call) *hotline.Event {
	var last *hotline.Event
	for i := range c.Events {
		if c.Events[i].Counts {
			last = &c.Events[i]
		}
	}
	return last
}

func (r *recorder) queueKey(queue int) string {
	if queue == world.None {
		return ""
	}
	return r.world.Queues[queue].Key
}

// sessionID is a session's identity as SQL Server prints a uniqueidentifier.
func sessionID(s hotline.Session) string {
	const digits = "0123456789ABCDEF"
	var b [36]byte
	at := 0
	for i, half := range [2]uint64{s.High, s.Low} {
		for shift := 60; shift >= 0; shift -= 4 {
			if n := i*16 + (60-shift)/4; n == 8 || n == 12 || n == 16 || n == 20 {
				b[at] = '-'
				at++
			}
			b[at] = digits[half>>shift&15]
			at++
		}
	}
	return string(b[:])
}
