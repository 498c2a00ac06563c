package world

import (
	"fmt"
	"math"

	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
)

// Every invented number is "+45 1" and seven digits; these are the first digits of
// the ranges, which do not overlap.
const (
	accessBase     = 10_100_000
	departmentBase = 10_200_000
	agentBase      = 11_900_000
	callerBase     = 12_000_000
	callerRange    = 7_000_000
)

// ServiceNumber is the hotline's own number in the phone system.
const ServiceNumber = "+4510000112"

func e164(n int) string { return fmt.Sprintf("+45%08d", n) }

// CallerNumber returns the number of the caller with that index, without country
// code; different callers have different numbers.
func CallerNumber(caller int) int {
	return callerBase + int(uint64(caller)*4_111_117%callerRange)
}

// AgentPhone returns the number of an agent's own phone.
func (w *World) AgentPhone(agent int) string { return e164(agentBase + agent) }

var departmentNames = []string{
	"Borgerservice", "Jobcenter", "Ydelse", "Sundhed og omsorg", "Børn og unge", "Teknik og miljø", "Pladsanvisning",
}

func (w *World) addNumbers(d *dice.Dice) {
	w.local = make([][]int, len(w.Municipalities))
	for i, m := range w.Municipalities {
		// Only two municipalities outside the contact centre still lead calls to it.
		caller := m.Network != "" || m.Code == "0270" || m.Code == "0846"
		if caller {
			w.addAccess(i, m)
		}
		for k, name := range departmentNames {
			if m.Network != "" && (k < 4 || d.Chance(0.6)) {
				w.local[i] = append(w.local[i], w.addDepartment(KindMunicipality, i, name, true))
			}
		}
		if m.Network != "" && i%4 == 1 {
			w.local[i] = append(w.local[i], w.addDepartment(KindMunicipality, i, "Ukendt lokalnummer", false))
		}
	}
	w.Access = append(w.Access, Access{Number: e164(accessBase + 900), Municipality: None, weight: w.totalWeight() * 0.012})
	for _, name := range []string{"Udbetaling Danmark", "Skattestyrelsen", "MitID-supporten", "Borger.dk"} {
		w.authorities = append(w.authorities, w.addDepartment(KindAuthority, None, name, true))
	}
	w.team = w.addDepartment(KindDDH, None, "DDH vagtleder", true)
	weights := make([]float64, len(w.Access))
	for i, a := range w.Access {
		weights[i] = a.weight
	}
	w.callers = dice.NewWeighted(weights)
}

// addAccess gives a municipality its number. Big municipalities call a little less
// per inhabitant; those outside the contact centre hardly at all.
func (w *World) addAccess(i int, m Municipality) {
	a := Access{Number: e164(accessBase + i), Municipality: i, weight: math.Pow(float64(m.Population), 0.85)}
	if m.Network == "" {
		a.weight *= 0.05
	}
	if m.Code == joinerCode {
		a.From = w.Joins
	}
	w.Access = append(w.Access, a)
}

func (w *World) totalWeight() (sum float64) {
	for _, a := range w.Access {
		sum += a.weight
	}
	return sum
}

func (w *World) addDepartment(kind string, municipality int, name string, mapped bool) int {
	n := len(w.Departments)
	w.Departments = append(w.Departments, Department{e164(departmentBase + n), kind, municipality, name, mapped})
	return n
}

// Local draws a department of a municipality, the first ones more often. A caller
// of unknown municipality is sent to any municipality.
func (w *World) Local(d *dice.Dice, municipality int) Department {
	for municipality == None || len(w.local[municipality]) == 0 {
		municipality = d.Below(len(w.local))
	}
	list := w.local[municipality]
	return w.Departments[list[min(d.Below(len(list)), d.Below(len(list)))]]
}

// Authority draws the number of another authority.
func (w *World) Authority(d *dice.Dice) Department { return w.Departments[dice.Pick(d, w.authorities)] }

// Team is the hotline's own external number, which is no municipality's.
func (w *World) Team() Department { return w.Departments[w.team] }
