package world

import (
	"path/filepath"
	"slices"
	"strconv"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
	"github.com/den-digitale-hotline/ddh/etl/simulate/sheet"
)

// WriteReference writes the reference files of DESIGN §6 that describe the world.
func (w *World) WriteReference(dir string) error {
	for _, f := range []struct {
		name   string
		header []string
		rows   func(put func(fields ...string))
	}{
		{"members", []string{"municipality_code", "service", "network", "valid_from", "valid_to"}, w.memberRows},
		{"access_numbers", []string{"number", "municipality_code", "valid_from", "valid_to"}, w.accessRows},
		{"agent_groups", []string{"usergroup_name", "municipality_code", "valid_from", "valid_to"}, w.groupRows},
		{"agents", []string{"agent_id", "municipality_code", "sbnu_user", "valid_from", "valid_to"}, w.agentRows},
		{"queues", []string{"queue_key", "kind", "label"}, w.queueRows},
		{"transfer_numbers", []string{"number", "kind", "municipality_code", "department"}, w.departmentRows},
		{"opening_hours", []string{"weekday", "opens", "closes", "valid_from", "valid_to"}, w.hourRows},
		{"special_days", []string{"date", "opens", "closes", "note"}, w.specialRows},
		{"targets", []string{"kpi", "target", "direction", "valid_from", "valid_to"}, targetRows},
		{"access", []string{"user_principal_name", "municipality_code"}, w.readerRows},
		{"events", []string{"date", "label"}, w.eventRows},
		// The populations built into the program are the ones the truth uses.
		{"population", []string{"municipality_code", "population", "population_date"}, func(func(...string)) {}},
	} {
		if err := writeTable(filepath.Join(dir, f.name+".csv"), f.header, f.rows); err != nil {
			return err
		}
	}
	return nil
}

func writeTable(path string, header []string, rows func(put func(fields ...string))) error {
	s, err := sheet.Create(path, ',', header...)
	if err != nil {
		return err
	}
	rows(func(fields ...string) {
		for _, f := range fields {
			s.Text(f)
		}
		s.End()
	})
	return s.Close()
}

// date is a day as reference files hold it; the zero day is empty.
func date(d clock.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func (w *World) memberRows(put func(...string)) {
	for i, m := range w.Municipalities {
		if m.Network != "" {
			from := clock.Day(0)
			if m.Code == joinerCode {
				from = w.Joins
			}
			put(m.Code, "contact_centre", m.Network, date(from), "")
		}
		if m.Network == "" || i%4 != 0 {
			put(m.Code, "chatbot", "", "", "")
		}
	}
}

func (w *World) accessRows(put func(...string)) {
	for _, a := range w.Access {
		if a.Municipality != None {
			put(a.Number, w.Municipalities[a.Municipality].Code, date(a.From), "")
		}
	}
}

func (w *World) groupRows(put func(...string)) {
	for i, m := range w.Municipalities {
		if m.Network == "" {
			continue
		}
		put(m.GroupName(false), m.Code, "", "")
		if w.switchboard[i] != None {
			put(m.GroupName(true), m.Code, "", "")
		}
	}
}

func (w *World) agentRows(put func(...string)) {
	for i := range w.Agents {
		a := &w.Agents[i]
		if !a.Known {
			continue
		}
		user := ""
		if a.SbnuUser != a.Email {
			user = a.SbnuUser
		}
		id, from := strconv.Itoa(a.ID), clock.Day(0)
		if a.moves != 0 {
			put(id, w.Municipalities[a.before].Code, user, "", date(a.moves-1))
			from = a.moves
		}
		put(id, w.Municipalities[a.Municipality(w.To)].Code, user, date(from), "")
	}
}

func (w *World) queueRows(put func(...string)) {
	for _, q := range w.Queues {
		if q.Listed {
			put(q.Key, q.Kind, q.Label)
		}
	}
}

func (w *World) departmentRows(put func(...string)) {
	for _, d := range w.Departments {
		code := ""
		if d.Municipality != None {
			code = w.Municipalities[d.Municipality].Code
		}
		if d.Mapped {
			put(d.Number, d.Kind, code, d.Name)
		}
	}
}

// hourRows: the hours of today since the simulation begins; before, others.
func (w *World) hourRows(put func(...string)) {
	for weekday := 1; weekday <= 5; weekday++ {
		put(strconv.Itoa(weekday), "08:00", "18:00", "", date(w.From-1))
	}
	for weekday, hours := range week {
		for _, h := range hours {
			put(strconv.Itoa(weekday), minutes(h.Opens), minutes(h.Closes), date(w.From), "")
		}
	}
}

func minutes(second int) string { return string(clock.Local(second).AppendTime(nil)[:5]) }

func (w *World) specialRows(put func(...string)) {
	days := make([]clock.Day, 0, len(w.special))
	for d := range w.special {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days {
		s := w.special[d]
		if len(s.Hours) == 0 {
			put(date(d), "", "", s.Note)
		}
		for _, h := range s.Hours {
			put(date(d), minutes(h.Opens), minutes(h.Closes), s.Note)
		}
	}
}

// targetRows are the targets of DOMAIN §2.
func targetRows(put func(...string)) {
	put("wait_seconds_mean", "60", "min", "", "")
	put("first_contact_resolution", "0.70", "max", "", "")
	put("satisfaction_mean", "7", "max", "", "")
}

func (w *World) readerRows(put func(...string)) {
	for _, m := range w.Municipalities {
		if m.Network != "" {
			put("leder@"+slug(m.Name)+".example", m.Code)
		}
	}
}

func (w *World) eventRows(put func(...string)) {
	for _, m := range w.Municipalities {
		if m.Code == joinerCode {
			put(date(w.Joins), m.Name+" indtræder i kontaktcentret")
		}
	}
}
