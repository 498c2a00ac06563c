package reference

import (
	"math"
	"strings"
	"time"
)

// firstDay and lastDay stand for an empty valid_from and valid_to. Both are inclusive.
var (
	firstDay = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDay  = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)

// spec is what a reference file holds.
type spec struct {
	name     string // of the file without ".csv", and of the table
	required bool
	without  string // what the figures are where a file that is not required is missing
	fields   []field
	checks   []check
}

// names are the columns of the file.
func (s spec) names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names
}

// header is the first line of the file.
func (s spec) header() string { return strings.Join(s.names(), ",") }

// columns are the columns of the table.
func (s spec) columns() []Column {
	var all []Column
	for _, f := range s.fields {
		all = append(all, f.columns...)
	}
	return all
}

// services are what a municipality can be a member of (DOMAIN §2).
var services = []string{"contact_centre", "chatbot", "ai"}

// targets is the file of the KPIs' targets.
const targets = "targets"

// specs are the reference files of DESIGN §6. The numbers given to the checks are
// positions among the table's columns.
var specs = []spec{
	{
		name: "members", required: true,
		fields: []field{
			municipalityField("municipality_code").must(), choiceField("service", "", services...).must(),
			textField("network"), validFrom, validTo,
		},
		checks: []check{periods(3, 0, 1)},
	},
	{
		name: "access_numbers", required: true,
		fields: []field{numberField("number").must(), municipalityField("municipality_code").must(), validFrom, validTo},
		checks: []check{periods(3, 0)},
	},
	{
		name:    "agent_groups",
		without: "no user group stands for a municipality, so agents that agents.csv does not name belong to none",
		fields:  []field{textField("usergroup_name").must(), municipalityField("municipality_code").must(), validFrom, validTo},
		checks:  []check{periods(2, 0)},
	},
	{
		name:    "agents",
		without: "agents belong to the municipality of their user group, and guide users are recognised by their e-mail address alone",
		fields: []field{
			integerField("agent_id", math.MinInt64, math.MaxInt64).must(), municipalityField("municipality_code"),
			textField("sbnu_user"), validFrom, validTo,
		},
		checks: []check{periods(3, 0), oneAgentPerUser},
	},
	{
		name:    "queues",
		without: "every queue counts as the hotline's own, those of municipalities too",
		fields:  []field{textField("queue_key").must(), choiceField("kind", "ddh", "ddh", "municipality", "other"), textField("label")},
		checks:  []check{unique("queue_key", 0)},
	},
	{
		name:    "transfer_numbers",
		without: "every outside number that a call is transferred to counts as sent back to the municipality",
		fields: []field{
			numberField("number").must(), choiceField("kind", "", "municipality", "authority", "ddh").must(),
			municipalityField("municipality_code"), textField("department"),
		},
		checks: []check{unique("number", 0)},
	},
	{
		name: "opening_hours", required: true,
		fields: []field{
			integerField("weekday", 1, 7).must(), clockField("opens").must(), clockField("closes").must(), validFrom, validTo,
		},
		checks: []check{orderedPeriods(3), openThenClose(1), openingHoursApart},
	},
	{
		name:    "special_days",
		without: "the hotline counts as open on holidays and on days with hours of their own, as on any weekday",
		fields:  []field{dateField("date", time.Time{}).must(), clockField("opens"), clockField("closes"), textField("note")},
		checks:  []check{openThenClose(1), specialDaysApart},
	},
	{
		name:    targets,
		without: "no KPI has a target, so none is said to be met or missed",
		fields: []field{
			kpiField("kpi").must(), decimalField("target").must(), choiceField("direction", "", "min", "max").must(), validFrom, validTo,
		},
		checks: []check{periods(3, 0)},
	},
	{
		name:   "access",
		fields: []field{principalField("user_principal_name").must(), municipalityField("municipality_code").must()},
		checks: []check{unique("user_principal_name", 0, 1)},
	},
	{
		name:   "events",
		fields: []field{dateField("date", time.Time{}).must(), textField("label").must()},
		checks: []check{unique("date", 0, 1)},
	},
	{
		name:   "accepted",
		fields: []field{choiceField("kind", "", acceptedKinds...).must(), textField("text").must(), textField("note")},
		checks: []check{unique("text", 0, 1)},
	},
	{
		name:    "population",
		without: "calls per 1,000 inhabitants are told of the built-in population alone, whatever the period",
		fields: []field{
			municipalityField("municipality_code").must(), integerField("population", 1, math.MaxInt32).must(),
			dateField("population_date", time.Time{}).must(),
		},
		checks: []check{unique("municipality_code", 0, 2)},
	},
}

var (
	validFrom = dateField("valid_from", firstDay)
	validTo   = dateField("valid_to", lastDay)
)

// principalField is a user's sign-in name, "name@domain" in lower case.
func principalField(name string) field {
	return field{name: name, columns: []Column{{Name: name, SQL: "varchar"}}, read: func(_ *reader, text string) ([]any, *problem) {
		user, domain, found := strings.Cut(text, "@")
		if !found || user == "" || !strings.Contains(domain, ".") || strings.ContainsAny(text, " <>,") {
			return nil, problemf("%q is not a user principal name", text).trying("write it as name@municipality.dk")
		}
		return []any{strings.ToLower(text)}, nil
	}}
}

// acceptedKinds are what accepted.csv can name: the kinds of ddh unknown (seeds/unknown_kinds.csv),
// and deliveries' notices and columns, the quarantine and checks.
var acceptedKinds = []string{
	"municipality", "guide_owner", "user_group", "agent", "sbnu_user", "access_number", "transfer_number", "queue",
	"guide", "guide_scope", "channel", "media_type", "media_label", "result_code", "ciq",
	"notice", "column", "quarantine", "check",
}
