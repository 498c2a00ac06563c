package truth

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/hotline"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
	"github.com/den-digitale-hotline/ddh/etl/simulate/world"
)

const readme = `# What is true about this simulated hotline

The files here were written by the simulation from what it made happen, not from the rows it delivered: calls.csv has one row per inbound call, agent_calls.csv one per answered call and answering agent, replies.csv one per survey question, guide_uses.csv one per guide view that counts and per send, shifts.csv one per agent and day with a log-on, and kpi.csv every KPI for each month, quarter and year. Empty value with denominator 0 means nothing to divide by, of hours that nobody logged on; the numerator of hours is in seconds; counts have no denominator, quantiles no numerator. In the agent perspective a repeat or a guide counts for the agents' own share in a call: settled by this agent, guide opened by this agent. In the guide grouping only the guide's own sends count. Periods cover what was simulated, also where that is only part of them.
`

// Write writes the truth into a folder.
func (b *Book) Write(dir string) error {
	for _, write := range []func(string) error{b.writeCalls, b.writeAgentCalls, b.writeReplies, b.writeGuideUses, b.writeShifts, b.writeFigures} {
		if err := write(dir); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte(readme), 0o644); err != nil {
		return fmt.Errorf("write the truth's README: %w", err)
	}
	return nil
}

func (b *Book) writeCalls(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "calls.csv"), ',',
		"call_id", "call_date", "outcome", "citizen_municipality", "queue_key", "wait_seconds", "is_transferred_back",
		"transfer_number", "repeat_within_7d", "caller", "topics", "is_answered_by_callback", "callback_wait_seconds")
	if err != nil {
		return err
	}
	for i := range b.Calls {
		c := &b.Calls[i]
		s.Uint(c.ID)
		s.Date(c.Start.Day())
		s.Text(c.Outcome.String())
		s.Text(b.code(c.Municipality))
		if c.Queue == world.None {
			s.Empty(1)
		} else {
			s.Text(b.World.Queues[c.Queue].Key)
		}
		seconds(s, c.Wait, c.Outcome == hotline.Answered && !c.ByCallback)
		s.Bool(c.Back)
		s.Text(c.Target)
		s.Bool(c.Repeat)
		if c.Caller == world.None {
			s.Empty(1)
		} else {
			s.Int(int64(c.Caller))
		}
		s.Text(b.topics(c))
		s.Bool(c.ByCallback)
		seconds(s, c.CalledBack, c.ByCallback)
		s.End()
	}
	return s.Close()
}

// seconds writes a number of seconds, or nothing where there is none.
func seconds(s *sheet.Sheet, n int, known bool) {
	if known {
		s.Int(int64(n))
	} else {
		s.Empty(1)
	}
}

func (b *Book) topics(c *Call) string {
	var ids []string
	for _, t := range c.Topics {
		ids = append(ids, strconv.Itoa(b.World.Topics[t].ID))
	}
	return strings.Join(ids, " ")
}

func (b *Book) writeAgentCalls(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "agent_calls.csv"), ',',
		"call_id", "agent_id", "agent_municipality", "is_sent_back", "legs", "talk_seconds", "wrap_up_seconds", "hold_seconds")
	if err != nil {
		return err
	}
	for i := range b.Calls {
		c := &b.Calls[i]
		for k, l := range c.Legs {
			if c.Outcome != hotline.Answered || seen(c.Legs[:k], l.Agent) {
				continue
			}
			var t tally
			b.addPair(&t, c, l.Agent)
			a := &b.World.Agents[l.Agent]
			s.Uint(c.ID)
			s.Int(int64(a.ID))
			s.Text(b.code(a.Municipality(c.Start.Day())))
			s.Bool(t.back > 0)
			for _, n := range []int64{t.legs, t.talk, t.wrap, t.hold} {
				s.Int(n)
			}
			s.End()
		}
	}
	return s.Close()
}

func (b *Book) writeReplies(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "replies.csv"), ',', "call_id", "agent_id", "is_replied", "score")
	if err != nil {
		return err
	}
	for i := range b.Calls {
		c := &b.Calls[i]
		if !c.Survey.Sent {
			continue
		}
		s.Uint(c.ID)
		s.Int(int64(b.World.Agents[c.Survey.Agent].ID))
		s.Bool(c.Survey.Replied)
		if c.Survey.Score > 0 {
			s.Int(int64(c.Survey.Score))
		} else {
			s.Empty(1)
		}
		s.End()
	}
	return s.Close()
}

func (b *Book) writeGuideUses(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "guide_uses.csv"), ',', "at", "use", "guide_id", "agent_id", "municipality", "call_id")
	if err != nil {
		return err
	}
	for _, g := range b.Glances {
		s.Time(g.At)
		if g.Sent {
			s.Text("send")
		} else {
			s.Text("view")
		}
		s.Text(b.World.Guides[g.Guide].ID)
		if g.Agent == world.None {
			s.Empty(1)
		} else {
			s.Int(int64(b.World.Agents[g.Agent].ID))
		}
		s.Text(b.code(g.Municipality))
		if g.Call < 0 {
			s.Empty(1)
		} else {
			s.Uint(b.Calls[g.Call].ID)
		}
		s.End()
	}
	return s.Close()
}

func (b *Book) writeShifts(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "shifts.csv"), ',',
		"agent_id", "date", "agent_municipality", "logged_on_seconds", "ready_seconds", "pause_seconds")
	if err != nil {
		return err
	}
	for _, shift := range b.Shifts() {
		a := &b.World.Agents[shift.Agent]
		s.Int(int64(a.ID))
		s.Date(shift.Day)
		s.Text(b.code(a.Municipality(shift.Day)))
		for _, n := range []int{shift.LoggedOn, shift.Ready, shift.Pause} {
			s.Int(int64(n))
		}
		s.End()
	}
	return s.Close()
}

func (b *Book) writeFigures(dir string) error {
	s, err := sheet.Create(filepath.Join(dir, "kpi.csv"), ',',
		"period", "by", "perspective", "key", "kpi", "value", "numerator", "denominator")
	if err != nil {
		return err
	}
	all := rollUp(b.monthly())
	groups := make([]group, 0, len(all))
	for g := range all {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(x, y group) int {
		return cmp.Or(cmp.Compare(x.period, y.period), cmp.Compare(x.by, y.by),
			cmp.Compare(x.perspective, y.perspective), cmp.Compare(x.key, y.key))
	})
	for _, g := range groups {
		list := figures(g, all[g])
		if f, ok := b.perInhabitant(all, g); ok {
			list = append(list, f)
		}
		for _, f := range list {
			writeFigure(s, g, f)
		}
	}
	return s.Close()
}

func writeFigure(s *sheet.Sheet, g group, f Figure) {
	for _, text := range []string{g.period, g.by, g.perspective, g.key, f.KPI} {
		s.Text(text)
	}
	if f.Void() {
		s.Empty(1)
	} else {
		s.Float(f.Value)
	}
	if f.Kind == quantile {
		s.Empty(1)
	} else {
		s.Int(f.Numerator)
	}
	if f.Kind == count {
		s.Empty(1)
	} else {
		s.Int(f.Denominator)
	}
	s.End()
}
