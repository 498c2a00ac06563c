package explain

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// The kinds of rows a KPI counts.
const (
	factCalls   = "calls"         // calls; in the agent's perspective calls and agents
	factMembers = "member_calls"  // calls of the municipalities that are members on the period's last day
	factActions = "guide_actions" // guides used and messages sent from them
	factDays    = "agent_days"    // days on which an agent logged on
)

// Rules say for every KPI which rows its numerator and denominator add up. They
// are the one place outside the models where that is written, and a test holds
// them against every published figure.
type Rules struct {
	rules      map[string]rule
	exclusions []exclusion // in the order in which they are asked
}

// rule is one line of kpi_calls.csv. Numerator and denominator are SQL over the
// columns of rowsSQL, "" where the KPI has none; a condition counts as 1.
type rule struct {
	kpi, fact, numerator, denominator string
	exclusions                        []string
}

// exclusion is one line of kpi_exclusions.csv: a reason why a row does not count.
// Those of one family have a common name, for where all of them are left out.
type exclusion struct{ id, label, family, condition string }

// ReadRules reads kpi_calls.csv and kpi_exclusions.csv from the seeds.
func ReadRules(seeds fs.FS) (Rules, error) {
	r := Rules{rules: map[string]rule{}}
	err := readSeed(seeds, "kpi_exclusions.csv", []string{"sort_order", "exclusion", "label", "family", "condition"}, func(cells []string) error {
		r.exclusions = append(r.exclusions, exclusion{id: cells[1], label: cells[2], family: cells[3], condition: cells[4]})
		return nil
	})
	if err != nil {
		return Rules{}, err
	}
	err = readSeed(seeds, "kpi_calls.csv", []string{"kpi", "fact", "numerator", "denominator", "exclusions"}, func(cells []string) error {
		k := rule{kpi: cells[0], fact: cells[1], numerator: cells[2], denominator: cells[3], exclusions: strings.Fields(cells[4])}
		if !slices.Contains([]string{factCalls, factMembers, factActions, factDays}, k.fact) {
			return fmt.Errorf("there is no fact %q", k.fact)
		}
		for _, id := range k.exclusions {
			if !slices.ContainsFunc(r.exclusions, func(e exclusion) bool { return e.id == id }) {
				return fmt.Errorf("there is no exclusion %q", id)
			}
		}
		r.rules[k.kpi] = k
		return nil
	})
	return r, err
}

// readSeed hands every row of a CSV file with exactly these columns to take.
func readSeed(seeds fs.FS, name string, header []string, take func(cells []string) error) error {
	file, err := seeds.Open(name)
	if err != nil {
		return fmt.Errorf("read the rules: %w", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		return fmt.Errorf("%s:1: the columns must be %s", name, strings.Join(header, ","))
	}
	for i, cells := range rows[1:] {
		if err := take(cells); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+2, err)
		}
	}
	return nil
}

// reasons are the rule's exclusions in the order in which they are asked: the first
// that fits a row is the reason why it is left out.
func (r Rules) reasons(k rule) []exclusion {
	var out []exclusion
	for _, e := range r.exclusions {
		if slices.Contains(k.exclusions, e.id) {
			out = append(out, e)
		}
	}
	return out
}

// reasonSQL is the reason of a row, NULL for those that count.
func reasonSQL(reasons []exclusion) string {
	if len(reasons) == 0 {
		return "cast(null as varchar)"
	}
	var b strings.Builder
	b.WriteString("case")
	for _, e := range reasons {
		fmt.Fprintf(&b, " when %s then '%s'", e.condition, e.id)
	}
	b.WriteString(" else null end")
	return b.String()
}

// amountSQL is what a row adds to a sum, NULL where the KPI has no such sum.
func amountSQL(expression string) string {
	if expression == "" {
		return "cast(null as bigint)"
	}
	return "coalesce(cast((" + expression + ") as bigint), 0)"
}

// Reasons are the Danish names of why a row does not count in a KPI, in order, for
// people: a family goes by its own name, and where all but some of it are left out,
// by "andre".
func (r Rules) Reasons(kpi string) []string {
	reasons := r.reasons(r.rules[kpi])
	var names []string
	for _, e := range reasons {
		name := e.label
		switch left := size(reasons, e.family); {
		case left < 2:
		case left == size(r.exclusions, e.family):
			name = e.family
		default:
			name = "Andre " + strings.ToLower(e.family)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// size counts the members of a family; nothing is a member of no family.
func size(all []exclusion, family string) int {
	n := 0
	for _, e := range all {
		if e.family == family && family != "" {
			n++
		}
	}
	return n
}
