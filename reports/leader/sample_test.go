package leader_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/leader"
)

// catalogue is a short dim_kpi in invented words.
var catalogue = []leader.KPI{
	kpi("calls_offered", "Indgående opkald", reports.UnitCount, 0, ""),
	kpi("calls_answered", "Besvarede opkald", reports.UnitCount, 0, ""),
	kpi("answer_rate", "Svarprocent", reports.UnitShare, 1, ""),
	kpi("wait_seconds_mean", "Ventetid", reports.UnitSeconds, 0, reports.Min),
	kpi("answered_within_60s", "Besvaret inden 60 sekunder", reports.UnitShare, 1, ""),
	kpi("first_contact_resolution", "Straksafklaring", reports.UnitShare, 1, reports.Max),
	kpi("calls_transferred_back", "Stillet tilbage", reports.UnitCount, 0, ""),
	kpi("satisfaction_mean", "Borgertilfredshed", reports.UnitScore, 1, reports.Max),
	kpi("calls_abandoned", "Opgivne opkald", reports.UnitCount, 0, ""),
	kpi("calls_outside_hours", "Uden for åbningstid", reports.UnitCount, 0, ""),
	kpi("talk_seconds_mean", "Samtaletid", reports.UnitSeconds, 0, ""),
	kpi("wrap_up_seconds_mean", "Efterbehandling", reports.UnitSeconds, 0, ""),
	kpi("handling_seconds_mean", "Behandlingstid", reports.UnitSeconds, 0, ""),
	kpi("calls_per_1000_inhabitants", "Opkald pr. 1.000 indbyggere", reports.UnitPer1000, 1, ""),
	kpi("handled_for_others", "Besvaret for andre kommuner", reports.UnitCount, 0, ""),
	kpi("helped_by_others", "Besvaret af andre kommuner", reports.UnitCount, 0, ""),
	kpi("guide_views", "Guidevisninger", reports.UnitCount, 0, ""),
	kpi("guide_sends", "Sendt fra guider", reports.UnitCount, 0, ""),
	kpi("logged_on_hours", "Logget på", reports.UnitHours, 1, ""),
	kpi("ready_hours", "Klar", reports.UnitHours, 1, ""),
	kpi("pause_hours", "Pause", reports.UnitHours, 1, ""),
}

func kpi(id, label string, unit reports.Unit, decimals int, direction reports.Direction) leader.KPI {
	return leader.KPI{
		ID: id, Label: label, Format: reports.Format{Unit: unit, Decimals: decimals}, Direction: direction,
		Definition: "Opfundet definition af " + label + ", som er så lang, at den fylder mere end én linje i en smal kolonne.",
		Formula:    "tæller / nævner",
	}
}

var targets = map[string]float64{"wait_seconds_mean": 60, "first_contact_resolution": 0.70, "satisfaction_mean": 7}

// sample is an invented quarter of an invented Holbæk, the same every time.
func sample() leader.Data {
	random := rand.New(rand.NewPCG(1, 2))
	period := mustPeriod("2026K3")
	data := leader.Data{
		Period: period,
		Municipality: leader.Municipality{
			Code: "0316", Name: "Holbæk", Region: "Region Sjælland", Network: "Øst",
			Population: 75000, PopulationDate: date(2026, 1, 1), IsMember: true,
		},
		About: leader.About{
			DataUntil: time.Date(2026, 10, 8, 2, 0, 0, 0, time.UTC), Run: "20261008T020000Z",
			ProgramVersion: "v1.2.3", Simulated: true, Contact: "Sekretariatet, statistik@example.dk",
		},
		Catalogue: catalogue,
	}
	for p := period; len(data.Trend) < 13; p = p.Previous() {
		data.Trend = append([]leader.Moment{{
			Period: p, Own: figures(random, 2400), Agents: figures(random, 2100),
			Network: figures(random, 16000), Total: figures(random, 57000),
		}}, data.Trend...)
	}
	data.Previous, data.LastYear = data.Trend[11], data.Trend[8]
	own := data.Trend[12].Own
	own["wait_seconds_mean"] = figure("wait_seconds_mean", 47.3, 3, 2310)
	own["first_contact_resolution"] = figure("first_contact_resolution", 0.684, 0.019, 2310)
	own["satisfaction_mean"] = figure("satisfaction_mean", 8.12, 0.3, 214)
	for i, name := range []string{"Aarhus", "Holbæk", "Odsherred", "Ærø", "Skive", "Ukendt"} {
		data.Municipalities = append(data.Municipalities, leader.Group{
			Key: fmt.Sprintf("09%02d", i), Label: name, Now: figures(random, 1000+500*i),
		})
	}
	data.Municipalities[3].Now["satisfaction_mean"] = leader.Figure{
		Value: math.NaN(), N: 3, Status: reports.IsSuppressed, Lower: math.NaN(), Upper: math.NaN(), Target: 7,
	}
	data.Municipalities[5].Key = "unknown"
	always := []leader.Stretch{{From: date(2000, 1, 1), To: date(9999, 12, 31)}}
	data.Memberships = map[string][]leader.Stretch{
		"0316": always, "0900": always, "0901": always, "0903": always,
		"0902": {{From: date(2026, 8, 15), To: date(9999, 12, 31)}},
	}
	for i, name := range []string{"Anna Eksempel", "Bo Prøvesen", "Åse Opdigtet", "=Øjvind Formel"} {
		data.Agents = append(data.Agents, leader.Group{Key: fmt.Sprint(100 + i), Label: name, Now: figures(random, 400)})
	}
	data.OpenDays = map[string]int64{data.Agents[2].Key: 2}
	for _, agent := range data.Agents {
		usual := agent.Now["first_contact_resolution"]
		usual.Expected = "inside"
		agent.Now["first_contact_resolution"] = usual
	}
	unusual := figure("first_contact_resolution", 0.42, 0.05, 400)
	unusual.Expected = "below"
	data.Agents[1].Now["first_contact_resolution"] = unusual
	data.Agents[2].Now["satisfaction_mean"] = figure("satisfaction_mean", 9, 0, 4)
	for i, title := range []string{"Pas og kørekort", "Flytning", "Affald og genbrug i Holbæk"} {
		guide := leader.Guide{Scope: "national", Category: "Borgerservice"}
		guide.Group = leader.Group{Key: fmt.Sprint(i), Label: title, Now: figures(random, 100+50*i), Before: figures(random, 90)}
		data.Guides = append(data.Guides, guide)
	}
	data.Guides[2].Scope = "local"
	for i, topic := range []string{"Pas", "Folkepension", "Boligstøtte"} {
		data.Topics = append(data.Topics, leader.Group{Key: fmt.Sprint(i), Label: topic, Now: figures(random, 300-50*i)})
	}
	for i, department := range []string{"Borgerservice", "Jobcenter", "Ydelser", "Teknik og miljø"} {
		data.Transfers = append(data.Transfers, leader.Group{
			Key: fmt.Sprintf("+457236000%d", i), Label: department,
			Now: leader.Figures{"calls_transferred_back": {Value: float64(400 / (i + 1)), N: int64(400 / (i + 1)), Status: reports.NoTarget}},
		})
	}
	data.Hours, data.TotalHours = week(1), week(30)
	data.Exchanges = []leader.Exchange{
		{Key: "0316", Label: "Holbæk", Given: 26, Received: 25},
		{Key: "0306", Label: "Odsherred", Given: 40, Received: 12},
		{Key: "0751", Label: "Aarhus", Given: 79, Received: 150},
		{Key: "unknown", Label: "Ukendt", Given: 90, Received: 3},
		{Key: "0900", Label: "Nabo", Given: 0, Received: 52},
	}
	return data
}

// week is a Monday and a Friday of 8-11, of which the Friday closes an hour before,
// and a Saturday on which somebody called in vain. The busiest hour is the Monday's
// second one; the Friday's last has few calls.
func week(times int64) []leader.Hour {
	hours := []leader.Hour{
		{Weekday: 1, Clock: 7, Calls: leader.Calls{Outside: 2}},
		{Weekday: 1, Clock: 8, Calls: leader.Calls{Offered: 40, Answered: 36, OnLine: 36, Abandoned: 3, WaitSeconds: 1800, OpenMinutes: 780}},
		{Weekday: 1, Clock: 9, Calls: leader.Calls{Offered: 65, Answered: 60, OnLine: 60, Abandoned: 4, WaitSeconds: 6000, OpenMinutes: 780, Outside: 1}},
		{Weekday: 1, Clock: 10, Calls: leader.Calls{Offered: 33, Answered: 30, OnLine: 30, WaitSeconds: 900, OpenMinutes: 780}},
		{Weekday: 5, Clock: 8, Calls: leader.Calls{Offered: 31, Answered: 30, OnLine: 30, Abandoned: 1, WaitSeconds: 1500, OpenMinutes: 780}},
		{Weekday: 5, Clock: 9, Calls: leader.Calls{Offered: 11, Answered: 10, OnLine: 10, WaitSeconds: 3000, OpenMinutes: 780}},
		{Weekday: 5, Clock: 10, Calls: leader.Calls{Outside: 4}},
		{Weekday: 6, Clock: 23, Calls: leader.Calls{Outside: 1}},
	}
	for i := range hours {
		c := &hours[i].Calls
		for _, n := range []*int64{&c.Offered, &c.Answered, &c.OnLine, &c.Abandoned, &c.WaitSeconds, &c.Outside} {
			*n *= times
		}
	}
	return hours
}

// figures invents a figure for every KPI of the catalogue around plausible values.
func figures(random *rand.Rand, calls int) leader.Figures {
	noise := func(around, width float64) float64 { return around + width*(random.Float64()-0.5) }
	answered := int64(noise(0.9, 0.1) * float64(calls))
	values := map[string]float64{
		"calls_offered": float64(calls), "calls_answered": float64(answered),
		"answer_rate": float64(answered) / float64(calls), "wait_seconds_mean": noise(58, 50),
		"answered_within_60s": noise(0.75, 0.2), "first_contact_resolution": noise(0.68, 0.12),
		"calls_transferred_back": math.Round(noise(0.3, 0.1) * float64(answered)), "satisfaction_mean": noise(7.8, 1),
		"talk_seconds_mean": noise(190, 60), "wrap_up_seconds_mean": noise(40, 20), "handling_seconds_mean": noise(230, 60),
		"calls_abandoned": math.Round(0.05 * float64(calls)), "calls_outside_hours": math.Round(0.02 * float64(calls)),
		"calls_per_1000_inhabitants": noise(34, 10), "handled_for_others": math.Round(0.8 * float64(answered)),
		"helped_by_others": math.Round(0.85 * float64(answered)), "guide_views": math.Round(noise(0.5, 0.2) * float64(calls)),
		"guide_sends":     math.Round(noise(0.1, 0.05) * float64(calls)),
		"logged_on_hours": 0.12 * float64(answered), "ready_hours": 0.04 * float64(answered), "pause_hours": 0.01 * float64(answered),
	}
	out := leader.Figures{}
	for _, kpi := range catalogue {
		n := answered
		if kpi.ID == "satisfaction_mean" {
			n /= 10
		}
		if strings.HasSuffix(kpi.ID, "_hours") {
			n /= 30
		}
		out[kpi.ID] = figure(kpi.ID, values[kpi.ID], 0.02*values[kpi.ID], n)
	}
	return out
}

func figure(id string, value, margin float64, n int64) leader.Figure {
	f := leader.Figure{
		Value: value, Lower: value - margin, Upper: value + margin, Target: math.NaN(), N: n, Status: reports.NoTarget,
	}
	if target, has := targets[id]; has {
		f.Target, f.Status = target, reports.Missed
		if (id == "wait_seconds_mean") == (value <= target) {
			f.Status = reports.Met
		}
	}
	return f
}

func mustPeriod(key string) reports.Period {
	period, err := reports.ParsePeriod(key)
	if err != nil {
		panic(err)
	}
	return period
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
