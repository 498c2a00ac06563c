package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/explain"
	"github.com/den-digitale-hotline/ddh/reports/figures"
)

// printExplanation tells an explanation in Danish, from the figure down to the
// calls.
func (a *app) printExplanation(e explain.Explanation) error {
	a.explainFigure(e)
	a.explainCounted(e)
	a.explainCounts("Det, gruppen rummer", e.Outcomes)
	a.explainCounts("Sms-spørgsmålet", e.Survey)
	a.explainMapping(e.Mapping)
	a.explainSettings(e.Settings)
	a.explainGround(e.Ground)
	if e.Calls == nil {
		return nil
	}
	return a.explainCalls(e)
}

func (a *app) explainFigure(e explain.Explanation) {
	period, group := e.Period, e.Group
	if p, err := reports.ParsePeriod(e.Period); err == nil {
		period = p.Label()
	}
	if e.Figure.IsPartial {
		group += " " + partialMark
	}
	if e.Municipality != "" {
		group += ", kommune " + e.Municipality
	}
	heading := fmt.Sprintf("%s, %s, %s, %s", e.Label, group, period, perspectiveLabel(e.Perspective))
	a.printf("%s\n%s\n", heading, strings.Repeat("═", utf8.RuneCountInString(heading)))
	value := printed(e.Figure.Value, e.Unit)
	if word := statusWord(e.Figure); word != "" {
		value += "   " + word
	}
	lines := [][2]string{{"Værdi", value}}
	if e.Target != nil {
		lines = append(lines, [2]string{"Mål", targetText(e)})
	}
	if e.Figure.Lower != nil && e.Figure.Upper != nil {
		lines = append(lines, [2]string{"95 %-interval", interval(e.Figure)})
	}
	lines = append(lines,
		[2]string{"Tæller", whole(e.Figure.Numerator)},
		[2]string{"Nævner", whole(e.Figure.Denominator)},
		[2]string{"n", observations(e.Figure)},
		[2]string{"Beregning", e.Formula},
	)
	for _, l := range lines {
		a.printf("  %-14s %s\n", l[0], l[1])
	}
	a.printf("\n%s\n", wrap(e.Definition, "  ", 84))
	for _, line := range legend([]figures.Row{e.Figure}) {
		a.printf("\n  %s\n", line)
	}
	if e.Figure.Status == "suppressed" {
		a.printf("\n  Tallet vises ikke: det har færre end 5 svar, eller det ville røbe et tal, der har.\n")
	}
}

func targetText(e explain.Explanation) string {
	word := map[string]string{"min": "højst", "max": "mindst"}[e.Target.Direction]
	text := word + " " + printed(&e.Target.Value, e.Unit)
	if e.Target.From > "1900-01-01" {
		text += " (siden " + isoDay(e.Target.From) + ")"
	}
	return text
}

// whole prints a numerator or denominator, which is a whole number.
func whole(x *float64) string {
	if x == nil {
		return reports.Missing
	}
	return reports.Integer(*x)
}

// explainCounted is the way from all rows of the group to those that count.
func (a *app) explainCounted(e explain.Explanation) {
	c := e.Counted
	a.heading("Talt med og holdt ude")
	width := 0
	rows := [][2]string{{"  " + reports.Capital(c.What), reports.Integer(float64(c.Rows))}}
	for _, x := range c.Excluded {
		rows = append(rows, [2]string{"- " + x.Label, reports.Integer(float64(x.Rows))})
	}
	rows = append(rows, [2]string{"= Talt med", reports.Integer(float64(c.Included))})
	if e.Unit == "share" && c.InNumerator != nil {
		rows = append(rows, [2]string{"  heraf i tælleren", reports.Integer(float64(*c.InNumerator))})
	}
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r[0]))
	}
	for _, r := range rows {
		a.printf("  %s  %10s\n", pad(r[0], width), r[1])
	}
	if e.KPI == "calls_per_1000_inhabitants" {
		a.printf("  Nævneren er indbyggerne i de kommuner, der var medlem på periodens sidste dag.\n")
	}
}

func (a *app) explainCounts(title string, counts []explain.Tally) {
	if len(counts) == 0 {
		return
	}
	a.heading(title)
	width := 0
	for _, c := range counts {
		width = max(width, utf8.RuneCountInString(c.Label))
	}
	for _, c := range counts {
		a.printf("  %s  %10s\n", pad(c.Label, width), reports.Integer(float64(c.Rows)))
	}
}

func (a *app) explainMapping(shares []explain.Share) {
	a.heading("Det, referencefilerne ikke kender")
	unknown := false
	for _, s := range shares {
		share := reports.Missing
		if p, ok := s.Portion(); ok {
			share = reports.Percent(p, 1)
		}
		scope := "i gruppen"
		if s.Scope == "all" {
			scope = "i hele DDH"
		}
		a.printf("  %s: %s af %s %s (%s)\n", s.Label, reports.Integer(float64(s.Rows)), reports.Integer(float64(s.Of)), scope, share)
		for _, n := range s.Keys {
			a.printf("    %-18s %s\n", n.Number, reports.Integer(float64(n.Rows)))
		}
		unknown = unknown || s.Rows > 0 && s.ID != "surveys"
	}
	if unknown {
		a.printf("  Try: ddh unknown\n")
	}
}

func (a *app) explainSettings(settings []explain.Setting) {
	if len(settings) == 0 {
		return
	}
	a.heading("Indstillinger, der gælder")
	for _, s := range settings {
		a.printf("  %s %s %s\n", s.Label, strings.Replace(strconv.FormatFloat(s.Value, 'f', -1, 64), ".", ",", 1), s.Unit)
	}
}

func (a *app) explainGround(g explain.Ground) {
	a.heading("Grundlaget")
	a.printf("  Data til og med %s, kørsel %s, ddh %s\n", localTime(g.DataUntil), g.Run, g.Program)
	if g.Simulated {
		a.printf("  Simulerede data.\n")
	}
	a.printf("  Modellerne bag, lag for lag (ddh docs beskriver dem):\n")
	for _, layer := range layers(g.Models) {
		a.printf("    %-14s%s\n", layer.name, strings.TrimLeft(wrap(strings.Join(layer.models, ", "), strings.Repeat(" ", 18), 90), " "))
	}
	a.printf("  Leveringer, der kan have bragt periodens rækker (--json viser de nyeste enkeltvis):\n")
	for _, t := range g.Tables {
		if t.Deliveries == 0 {
			a.printf("    %-30s ingen\n", t.Name)
			continue
		}
		a.printf("    %-30s %s, %s rækker indlæst, senest %s: %s\n", t.Name, deliveries(t.Deliveries),
			reports.Integer(float64(t.Loaded)), localTime(t.LastAt), t.Newest[0].Origin)
	}
}

// localTime writes "2026-10-05T08:00:00" as "5. oktober 2026 kl. 08.00".
func localTime(text string) string {
	at, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		return reports.Missing
	}
	return reports.DateTime(at)
}

// isoDay writes "2026-01-01" as "1. januar 2026".
func isoDay(text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return reports.Missing
	}
	return reports.Date(at)
}

func deliveries(n int64) string {
	if n == 1 {
		return "1 levering"
	}
	return reports.Integer(float64(n)) + " leveringer"
}

type layer struct {
	name   string
	models []string // bare names
}

// layers groups full names by schema, in the order in which they come.
func layers(models []string) []layer {
	var out []layer
	for _, full := range models {
		schema, name, _ := strings.Cut(full, ".")
		if len(out) == 0 || out[len(out)-1].name != schema {
			out = append(out, layer{name: schema})
		}
		last := &out[len(out)-1]
		last.models = append(last.models, name)
	}
	return out
}

// explainCalls lists the counted rows with what each adds to the two sums.
func (a *app) explainCalls(e explain.Explanation) error {
	a.heading("Opkaldene bag tallet")
	extra, shown := sortedColumns[strings.TrimPrefix(e.Sort, "-")]
	t := a.table("Opkald", "Dato", "Kl.", "Udfald", "Kommune", "Medarbejdere", "Ventetid", "Ventetid på tilbagekald", "Stillet tilbage til",
		"Karakter", "Guide", extra.label, "Tæller", "Nævner")
	for _, c := range e.Calls {
		agents := make([]string, len(c.Agents))
		for i, id := range c.Agents {
			agents[i] = strconv.FormatInt(id, 10)
		}
		t.row(orMissing(c.CallID), c.Date, c.Time, outcomeWord(c), c.Municipality, orMissing(strings.Join(agents, " ")),
			count(c.WaitSeconds), count(c.CalledBack), sentTo(c), count(c.Score), orMissing(c.Guide),
			extra.cell(c, shown), count(c.Numerator), count(c.Denominator))
	}
	if err := t.dropEmpty().print(); err != nil {
		return err
	}
	if e.CallsLeftOut > 0 {
		a.printf("  og %s til (--limit 0 viser alle)\n", reports.Integer(float64(e.CallsLeftOut)))
	}
	a.printf("  Summen af alle %s: tæller %s, nævner %s\n",
		reports.Integer(float64(e.Counted.Included)), count(e.Counted.Numerator), count(e.Counted.Denominator))
	return nil
}

// sortedColumn is a number that is listed where the calls are sorted by it.
type sortedColumn struct {
	label string
	of    func(explain.Call) int64
}

func (s sortedColumn) cell(c explain.Call, shown bool) string {
	if !shown {
		return reports.Missing
	}
	return strconv.FormatInt(s.of(c), 10)
}

var sortedColumns = map[string]sortedColumn{
	"talk_seconds":      {"Samtaletid", func(c explain.Call) int64 { return c.Work.Talk }},
	"hold_seconds":      {"På hold", func(c explain.Call) int64 { return c.Work.Hold }},
	"wrap_up_seconds":   {"Efterbehandling", func(c explain.Call) int64 { return c.Work.WrapUp }},
	"handling_seconds":  {"Behandlingstid", func(c explain.Call) int64 { return c.Work.Handling }},
	"leg_count":         {"Samtaler", func(c explain.Call) int64 { return c.Work.Legs }},
	"guide_use_count":   {"Brugte guider", func(c explain.Call) int64 { return c.Work.Guides }},
	"guide_send_count":  {"Sendt", func(c explain.Call) int64 { return c.Work.Sends }},
	"logged_on_seconds": {"Logget på", func(c explain.Call) int64 { return c.Presence.LoggedOn }},
	"ready_seconds":     {"Klar", func(c explain.Call) int64 { return c.Presence.Ready }},
	"pause_seconds":     {"Pause", func(c explain.Call) int64 { return c.Presence.Pause }},
}

// answeredWord tells a call on the line from one by callback.
func answeredWord(c explain.Call) string {
	if c.ByCallback {
		return "besvaret ved tilbagekald"
	}
	return "besvaret"
}

// outcomeWord says in Danish how a call ended, or what a guide action was.
func outcomeWord(c explain.Call) string {
	return map[string]string{
		"answered": answeredWord(c), "abandoned": "opgivet", "short_abandoned": "kort opgivet", "callback_ordered": "tilbagekald bestilt",
		"overflow": "overløb", "rejected": "afvist", "error": "teknisk fejl", "menu_only": "kun menu",
		"outside_hours": "uden for åbningstid", "view": "guide vist", "send": "sendt fra guide",
		"logged_off": "logget af", "until_midnight": "ikke logget af før midnat",
	}[c.Outcome+c.Action]
}

func sentTo(c explain.Call) string {
	if !c.SentBack {
		return reports.Missing
	}
	if c.Number == "" {
		return "ja"
	}
	return c.Number
}

func count(n *int64) string {
	if n == nil {
		return reports.Missing
	}
	return strconv.FormatInt(*n, 10)
}

// dropEmpty leaves out the columns in which no row has anything to say.
func (t *textTable) dropEmpty() *textTable {
	out := &textTable{out: t.out, rows: make([][]string, len(t.rows))}
	for column := range t.rows[0] {
		filled := false
		for _, row := range t.rows[1:] {
			filled = filled || row[column] != reports.Missing
		}
		if !filled {
			continue
		}
		for i, row := range t.rows {
			out.rows[i] = append(out.rows[i], row[column])
		}
	}
	return out
}

func (a *app) heading(text string) {
	a.printf("\n%s\n%s\n", text, strings.Repeat("─", utf8.RuneCountInString(text)))
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
}

// wrap breaks a text into lines of at most width letters, each with the indent.
func wrap(text, indent string, width int) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line+" "+word) > width {
			lines, line = append(lines, indent+line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return strings.Join(append(lines, indent+line), "\n")
}
