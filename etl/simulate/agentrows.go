package simulate

import (
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
	"github.com/den-digitale-hotline/ddh/etl/simulate/truth"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

var agentEventForm = form{"agent_events", "puzzel", ',', []string{
	"rec_id", "agent_id", "dte_start", "profile", "service_num", "phone_num", "duration_sec", "event_type",
	"event_source", "result_code", "queue_key", "pause_type_name", "pause_type_id", "call_transfer", "wrap_up_sec",
	"block_duration_sec", "internal_adr_id", "internal_odr_id", "dte_updated", "usergroup_id", "phone_type",
}}

var pauseTypes = [...]string{"", "Frokost", "Møde", "Pause", "Efterbehandling"}

// Sources of agent events, as in the lookup table.
const (
	byAgent  = "1"
	bySystem = "2"
)

var states = map[byte]truth.State{'i': truth.Ready, 'r': truth.Ready, 'p': truth.Paused, 'o': truth.Away}

// Move implements hotline.Sink.
func (r *recorder) Move(m hotline.Move) {
	r.book.Moved(m.Agent, m.At, states[m.Type])
	s := r.shelf.sheet(&agentEventForm, m.At.Day())
	r.agentHead(s, m.Agent)
	s.Millis(m.At, m.Late)
	s.Text("Standard")
	s.Text(world.ServiceNumber)
	s.Text(r.world.AgentPhone(m.Agent))
	s.Int(0) // the length of a state is the time to the next event
	s.Letter(m.Type)
	if m.Auto {
		s.Text(bySystem)
	} else {
		s.Text(byAgent)
	}
	s.Empty(2)
	s.Text(pauseTypes[m.Pause])
	if m.Pause > 0 {
		s.Int(int64(m.Pause))
	} else {
		s.Empty(1)
	}
	s.Bool(false)
	s.Empty(2)
	s.Int(r.recID)
	s.Empty(1)
	s.Millis(m.At+5, m.Late)
	s.Int(r.world.GroupID(m.Agent, m.At.Day()))
	s.Text("SIP")
	s.End()
}

// conversationRow is the copy of an agent's leg.
func (r *recorder) conversationRow(s *sheet.Sheet, v version, e *hotline.Event) {
	r.agentHead(s, e.Agent)
	s.Time(e.Start)
	s.Text("Standard")
	s.Text(world.ServiceNumber)
	s.Text(r.world.AgentPhone(e.Agent))
	s.Int(int64(e.Duration))
	s.Letter(e.Type)
	s.Text(bySystem)
	s.Code(e.Result)
	s.Text(r.queueKey(e.Queue))
	s.Empty(2)
	s.Bool(e.Transfer)
	s.Int(int64(e.WrapUp))
	s.Int(0)
	s.Int(r.recID)
	s.Int(e.ODR)
	s.Millis(v.updated.Sure(), v.millis)
	s.Int(r.world.GroupID(e.Agent, e.Start.Day()))
	s.Text("SIP")
	s.End()
}

func (r *recorder) agentHead(s *sheet.Sheet, agent int) {
	r.recID++
	s.Int(r.recID)
	s.Int(int64(r.world.Agents[agent].ID))
}
