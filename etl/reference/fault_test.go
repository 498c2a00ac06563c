package reference

import "testing"

// TestFaults shows one fault a case: the file, what is said of it, and the advice.
func TestFaults(t *testing.T) {
	const (
		members  = "municipality_code,service,network,valid_from,valid_to\n"
		numbers  = "number,municipality_code,valid_from,valid_to\n"
		hours    = "weekday,opens,closes,valid_from,valid_to\n"
		agents   = "agent_id,municipality_code,sbnu_user,valid_from,valid_to\n"
		targets  = "kpi,target,direction,valid_from,valid_to\n"
		special  = "date,opens,closes,note\n"
		transfer = "number,kind,municipality_code,department\n"
	)
	for _, c := range []struct{ name, file, text, want, try string }{
		{"missing column", "queues", "queue_key,label\n", "queues.csv:1: kind: the column is missing", "the header is queue_key,kind,label"},
		{"misspelled column", "queues", "queue_key,kind,label,lable\n", `queues.csv:1: the column "lable" is unknown`, "rename it to label"},
		{"unknown column", "queues", "queue_key,kind,label,colour\n", `queues.csv:1: the column "colour" is unknown`, "the header is queue_key,kind,label"},
		{"column twice", "queues", "queue_key,kind,label,kind\n", "queues.csv:1: kind: the column stands in the header twice", ""},
		{"empty file", "queues", " \n", "queues.csv: the file is empty", "begin it with the header queue_key,kind,label"},
		{"quotes", "queues", "queue_key,kind,label\na,ddh,\"x\ny\n", "queues.csv:2: the quotes of this record do not match", `write a quote inside a quoted field twice: ""`},
		{"too many values", "queues", "queue_key,kind,label\na,ddh,Hoved, fælles\n", "queues.csv:2: the line has 4 values, the header 3 columns", "put values that contain the separator in quotes"},
		{"missing value", "members", members + ",contact_centre,,,\n", "members.csv:2: municipality_code: a value is missing", ""},
		{"misspelled municipality", "members", members + "Holbek,contact_centre,,,\n", `members.csv:2: municipality_code: there is no municipality "Holbek"`, "0316 is Holbæk"},
		{"line after quoted newline", "queues", "queue_key,kind,label\na,ddh,\"x\ny\"\nb,ddhh,\n", `queues.csv:4: kind: "ddhh" is not one of ddh, municipality, other`, "write ddh"},
		{"dates swapped", "members", members + "0751,chatbot,,2026-02-01,2026-01-31\n", "members.csv:2: valid_from: 2026-02-01 is after valid_to 2026-01-31", "swap the two dates; both are inclusive"},
		{"overlap", "members", members + "0751,chatbot,,2024-01-01,\n0316,chatbot,,,\n0751,chatbot,,,2024-01-01\n", "members.csv:4: valid_from: the period ..2024-01-01 overlaps that of line 2, 2024-01-01..", "end the older row the day before the newer one begins"},
		{"overlap of three", "access_numbers", numbers + "70112233,0751,,\n70112234,0751,,\n+4570112233,0316,2025-01-01,2025-02-01\n", "access_numbers.csv:4: valid_from: the period 2025-01-01..2025-02-01 overlaps that of line 2, ..", "end the older row the day before the newer one begins"},
		{"twice the same", "members", members + "0751,chatbot,,,\n751,chatbot,,,\n", "members.csv:3: valid_from: this stands on line 2 already", "delete one of the two"},
		{"bad number", "access_numbers", numbers + "4.57E+09,0751,,\n", `access_numbers.csv:2: number: "4.57E+09" is not a phone number`, "write it as +45 and eight digits; a spreadsheet may have rounded it"},
		{"bad agent", "agents", agents + "A12,0751,,,\n", `agents.csv:2: agent_id: "A12" is not a whole number`, ""},
		{"one user, two agents", "agents", agents + "1,0751,abc,,\n2,0751,abc,2025-01-01,\n", "agents.csv:3: sbnu_user: abc belongs to agent 1 on line 2 in the same period", ""},
		{"groups differ in case", "agent_groups", "usergroup_name,municipality_code,valid_from,valid_to\nAarhus DDH,0751,,\naarhus ddh,0316,,\n", "agent_groups.csv:3: valid_from: this stands on line 2 already", "delete one of the two"},
		{"weekday", "opening_hours", hours + "8,08:00,16:00,,\n", "opening_hours.csv:2: weekday: 8 is not between 1 and 7", ""},
		{"time", "opening_hours", hours + "1,8,16:00,,\n", `opening_hours.csv:2: opens: "8" is not a time of day`, "write it as 08:00; midnight at the end of the day is 24:00"},
		{"past midnight", "opening_hours", hours + "1,20:00,02:00,,\n", "opening_hours.csv:2: closes: 02:00 is not after opens 20:00", "split hours that pass midnight into two rows"},
		{"hours overlap", "opening_hours", hours + "1,08:00,16:00,,\n1,15:00,20:00,2026-01-01,\n", "opening_hours.csv:3: opens: 15:00-20:00 overlaps 08:00-16:00 of line 2 on the same weekday and dates", "end the older row the day before the newer one begins"},
		{"half a pair", "special_days", special + "2026-05-01,08:00,,\n", "special_days.csv:2: opens: opens and closes belong together", "leave both empty for a closed day"},
		{"open and closed", "special_days", special + "2026-05-01,08:00,12:00,\n2026-05-01,,,\n", "special_days.csv:3: opens: line 2 says otherwise: a day is either open or closed", ""},
		{"closed twice", "special_days", special + "2026-12-24,,,\n2026-12-24,,,Jul\n", "special_days.csv:3: date: the day is closed on line 2 already", "delete one of the two"},
		{"special hours overlap", "special_days", special + "2026-05-01,08:00,12:00,\n2026-05-01,11:00,13:00,\n", "special_days.csv:3: opens: 11:00-13:00 overlaps 08:00-12:00 of line 2", ""},
		{"unknown KPI", "targets", targets + "wait_second_mean,60,min,,\n", `targets.csv:2: kpi: there is no KPI "wait_second_mean"`, "write wait_seconds_mean"},
		{"per cent", "targets", targets + "first_contact_resolution,70 %,max,,\n", `targets.csv:2: target: "70 %" is not a number`, "write 0.7, not 70 %"},
		{"target in per cent", "targets", targets + "first_contact_resolution,70,max,,\n", "targets.csv:2: target: 70 is not between 0 and 1, and first_contact_resolution is a share", "write 0.7 for 70 %"},
		{"target below zero", "targets", targets + "wait_seconds_mean,60,min,,\nfirst_contact_resolution,-0.7,max,,\n", "targets.csv:3: target: -0.7 is not between 0 and 1, and first_contact_resolution is a share", ""},
		{"direction", "targets", targets + "wait_seconds_mean,60,down,,\n", `targets.csv:2: direction: "down" is not one of min, max`, ""},
		{"year", "events", "date,label\n1026-01-01,x\n", `events.csv:2: date: the year of "1026-01-01" is before 1900`, ""},
		{"user", "access", "user_principal_name,municipality_code\nmona,0751\n", `access.csv:2: user_principal_name: "mona" is not a user principal name`, "write it as name@municipality.dk"},
		{"number twice", "transfer_numbers", transfer + "70112233,municipality,0751,\n70 11 22 33,authority,,Skat\n", "transfer_numbers.csv:3: number: this stands on line 2 already", "delete one of the two"},
		{"population", "population", "municipality_code,population,population_date\n0751,0,2026-01-01\n", "population.csv:2: population: 0 is not between 1 and 2147483647", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := Read(folder(map[string]string{c.file + ".csv": c.text}), testOptions(t))
			if len(faults) != 1 {
				t.Fatalf("got %d faults %v, want one", len(faults), faults)
			}
			if got := faults[0].Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := faults[0].Try; got != c.try {
				t.Errorf("advice %q, want %q", got, c.try)
			}
		})
	}
}

func TestNoFaults(t *testing.T) {
	for name, file := range map[string][2]string{
		"periods that touch":           {"members", "municipality_code,service,network,valid_from,valid_to\n0751,chatbot,,,2024-12-31\n0751,chatbot,,2025-01-01,\n"},
		"hours that touch":             {"special_days", "date,opens,closes,note\n2026-05-01,08:00,10:00,\n2026-05-01,10:00,12:00,\n"},
		"one user under two periods":   {"agents", "agent_id,municipality_code,sbnu_user,valid_from,valid_to\n1,0751,abc,,2024-12-31\n2,0751,abc,2025-01-01,\n"},
		"agents without guide users":   {"agents", "agent_id,municipality_code,sbnu_user,valid_from,valid_to\n1,0751,,,\n2,0751,,,\n"},
		"trailing separators of sheet": {"queues", "queue_key;kind;label;;\na;ddh;;;\n;;;;\n"},
		"shares and seconds":           {"targets", "kpi,target,direction,valid_from,valid_to\nfirst_contact_resolution,1,max,,2024-12-31\nfirst_contact_resolution,0.7,max,2025-01-01,\nwait_seconds_mean,60,min,,\n"},
		"header in capitals":           {"queues", " Queue_Key , KIND,Label\na,DDH,x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, faults := Read(folder(map[string]string{file[0] + ".csv": file[1]}), testOptions(t)); len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}
