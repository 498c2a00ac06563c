package simulate

import (
	"strconv"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/truth"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

// surveyForm has the columns of surveys; those the vendor does not publish have
// their default names (SOURCES §1).
var surveyForm = form{"surveys", "survey", ';', []string{
	"sequence", "related_call_id", "related_iq_session_id", "agent_id", "queue_key", "destination", "fertile",
	"score", "answer", "comment", "dte_sent", "dte_answered", "dte_updated",
}}

// Sequence numbers of survey rows (SOURCES §1).
const (
	question   = 1
	answer     = 2
	remark     = 3 // follow-up question or unsolicited comment
	lastAnswer = 4
)

const (
	replyLimit = 72 * 3600 // seconds after the question (DOMAIN §4)
	// strangers are callers that never call: their numbers belong to no call.
	strangers = 6_500_000
)

// message is a survey about one call: what its rows have in common.
type message struct {
	call        uint64 // 0 where the rows do not say
	session     string
	agent       int // world.None where the rows do not say
	queue       string
	destination string
	sent        clock.Local
}

// survey sends the question after a call. Calls that were transferred back are
// not asked, except by mistake.
func (r *recorder) survey(c *hotline.Call, t *truth.Call) {
	if c.Caller == world.None || c.Caller%5 == 0 || t.Back && !r.dice.Chance(0.004) || r.dice.Chance(0.03) {
		return
	}
	leg := lastLeg(c)
	t.Survey = truth.Survey{Sent: true, Agent: leg.Agent}
	m := message{
		call: c.ID, session: sessionID(c.Sessions[leg.Session]), agent: leg.Agent, queue: r.queueKey(leg.Queue),
		destination: mobile(c.Caller), sent: c.End + clock.Local(r.dice.Between(30, 110)),
	}
	switch p := r.dice.Float(); {
	case p < 0.09: // to be linked by agent, number and time
		m.call, m.session = 0, ""
	case p < 0.10:
		m.agent = world.None
	case p < 0.12:
		m.destination = ""
	case p < 0.123:
		r.stranger(m)
	}
	r.row(m, question, "", "", 0)
	if r.dice.Chance(0.25) {
		r.reply(m, t)
	}
}

// mobile is a caller's number as the text messages show it.
func mobile(caller int) string {
	n := strconv.Itoa(world.CallerNumber(caller))
	if foreign(caller) {
		return "0046" + n
	}
	return "45" + n
}

// stranger adds a question that belongs to no call.
func (r *recorder) stranger(m message) {
	m.call, m.session, m.destination = 0, "", mobile(r.noise)
	r.noise++
	r.row(m, question, "", "", 0)
}

// reply lets the citizen answer: soon, later, or too late.
func (r *recorder) reply(m message, t *truth.Call) {
	delay := r.dice.Exponential(15, 900)
	switch p := r.dice.Float(); {
	case p < 0.03:
		delay = r.dice.Between(replyLimit+2*3600, 2*replyLimit)
	case p < 0.15:
		delay = r.dice.Between(2*3600, replyLimit-4*3600)
	}
	score := 0
	text := dice.Pick(r.dice, scoreless)
	if r.dice.Chance(0.91) {
		score = 1 + scores.Pick(r.dice)
		text = scored(r.dice, score)
	}
	at := (m.sent + clock.Local(delay)).Sure()
	r.row(m, answer, text, "", at)
	if delay <= replyLimit {
		t.Survey.Replied, t.Survey.Score = true, score
	}
	switch p := r.dice.Float(); {
	case p < 0.05:
		r.row(m, remark, "", dice.Pick(r.dice, thanks), at+60)
	case p < 0.1:
		r.row(m, remark, "", "Hvad kunne vi have gjort bedre?", at+5)
		r.row(m, lastAnswer, dice.Pick(r.dice, wishes), "", at+120)
	case p < 0.11 && t.Survey.Score > 0: // a change of mind comes too late to count
		r.row(m, remark, strconv.Itoa(10-score), "", at+90)
	}
}

// row writes one row; at is when it was answered, 0 for the question.
func (r *recorder) row(m message, sequence int64, text, comment string, at clock.Local) {
	s := r.shelf.sheet(&surveyForm, m.sent.Day())
	s.Int(sequence)
	if m.call != 0 {
		s.Uint(m.call)
	} else {
		s.Empty(1)
	}
	s.Text(m.session)
	if m.agent != world.None {
		s.Int(int64(r.world.Agents[m.agent].ID))
	} else {
		s.Empty(1)
	}
	s.Text(m.queue)
	s.Text(m.destination)
	s.Int(1)
	s.Empty(1)
	s.Text(text)
	s.Text(comment)
	s.Time(m.sent)
	if at != 0 {
		s.Time(at)
	} else {
		s.Empty(1)
	}
	s.Millis(max(m.sent, at)+2, int(m.sent%1000))
	s.End()
	if r.dice.Chance(0.001) {
		s.Again()
	}
}

// scores are drawn so that their mean is that of 2024, 7.93 (DOMAIN §2).
var scores = dice.NewWeighted([]float64{0.014, 0.007, 0.011, 0.013, 0.04, 0.04, 0.12, 0.26, 0.495})

var words = [...]string{5: "fem", 6: "seks", 7: "syv", 8: "otte", 9: "ni"}

// scored is a reply whose score is known because it was built from it, in the
// forms of SOURCES §2.
func scored(d *dice.Dice, score int) string {
	n := strconv.Itoa(score)
	switch p := d.Float(); {
	case p < 0.6:
		return n
	case p < 0.66:
		return " " + n + " "
	case p < 0.72:
		return n + "!"
	case p < 0.77:
		return n + "."
	case p < 0.80:
		return n + "\ufe0f\u20e3"
	case p < 0.84 && score >= 5:
		return words[score]
	case p < 0.9:
		return n + " tak for hjælpen"
	case p < 0.94:
		return "jeg giver " + n
	case p < 0.97:
		return n + "/9"
	default:
		return n + " af 9"
	}
}

// scoreless are replies that are no score and must not be taken for one (SOURCES §2).
var scoreless = []string{
	"0", "10", "9-10", "7 eller 8", "jeg ventede i 4 minutter", "Tak for hjælpen", "kl. 9", "det kostede 200 kr",
	"Ring til mig på 12345678", "Skriv til navn@borger.example", "ved ikke", "👍", "STOP",
	"1 stor tak for hjælpen", "1 knus til jer", "9 god oplevelse", "1 dårlig oplevelse",
}

var thanks = []string{"Tak for hjælpen", "Dejlig hjælp; tak", "Hun var \"rigtig\" sød"}

var wishes = []string{"Kortere ventetid", "Ved ikke", "I gjorde det godt", "Gerne åbent om lørdagen"}
