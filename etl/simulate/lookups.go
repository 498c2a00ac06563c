package simulate

import "github.com/den-digitale-hotline/ddh/etl/simulate/world"

var (
	queueForm  = form{"queues", "puzzel", ',', []string{"service_num", "queue_key", "descript"}}
	mediaForm  = form{"media_types", "puzzel", ',', []string{"media_type_id", "descript"}}
	sourceForm = form{"agent_event_sources", "puzzel", ',', []string{"event_source", "descript"}}
	codeForm   = form{"call_result_codes", "puzzel", ',', []string{"result_code", "descript", "event_type"}}
)

// resultCodes are the result codes by event type (SOURCES §1).
var resultCodes = []struct{ code, text, event string }{
	{"a", "Interrupt digit", "q"}, {"b", "Fallback exit", "q"}, {"c", "Cancelled", "q"}, {"d", "Deleted", "q"},
	{"e", "Error", "q"}, {"f", "Full", "q"}, {"h", "Hung up waiting", "q"}, {"k", "Answered by agent", "q"},
	{"m", "Moved", "q"}, {"q", "Callback ordered", "q"}, {"s", "Rejected or closed", "q"}, {"t", "Time-out", "q"},
	{"?", "Unknown", "q"}, {"k", "Answered", "c"}, {"b", "Busy or rejected", "c"}, {"c", "Set-up time-out", "c"},
	{"e", "Error", "c"}, {"h", "Caller hung up while ringing", "c"}, {"q", "Caller hung up during set-up", "c"},
	{"t", "No answer", "c"}, {"h", "Hung up in menu", "m"}, {"k", "Choice made", "m"},
}

// writeLookups writes the tables that say what codes mean, and the guides.
func (r *recorder) writeLookups() {
	put := func(f *form, fields ...string) {
		s := r.shelf.single(f)
		for _, text := range fields {
			s.Text(text)
		}
		s.End()
	}
	for _, q := range r.world.Queues {
		put(&queueForm, world.ServiceNumber, q.Key, q.Label)
	}
	put(&mediaForm, "1", "Phone")
	put(&mediaForm, "2", "Chat")
	put(&sourceForm, byAgent, "Agent")
	put(&sourceForm, bySystem, "System")
	for _, c := range resultCodes {
		put(&codeForm, c.code, c.text, c.event)
	}
	for _, g := range r.world.Guides {
		scope, owner := "national", ""
		if g.Owner != world.None {
			scope, owner = "local", r.world.Municipalities[g.Owner].Code
		}
		put(&guideForm, g.ID, g.Title, scope, owner, g.Category, (r.world.From - 365).String(), "")
	}
}
