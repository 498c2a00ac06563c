package reference

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

// testOptions normalise like the real thing for the numbers used here.
func testOptions(t testing.TB) Options {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "sql", "seeds", "municipalities.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := ReadMunicipalities(file)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Municipalities: all,
		KPIs:           []string{"wait_seconds_mean", "first_contact_resolution", "satisfaction_mean"},
		Shares:         []string{"first_contact_resolution"},
		Normalise: func(text string) string {
			digits := strings.NewReplacer(" ", "", "+45", "").Replace(text)
			if len(digits) != 8 || strings.Trim(digits, "0123456789") != "" {
				return ""
			}
			return "+45" + digits
		},
		Pseudonym: func(number string) string { return "p" + number },
	}
}

// folder is a valid reference folder in which some files are replaced; "" removes one.
func folder(files map[string]string) fstest.MapFS {
	all := map[string]string{
		"members.csv":        "municipality_code,service,network,valid_from,valid_to\n0751,contact_centre,Midt,,\n",
		"access_numbers.csv": "number,municipality_code,valid_from,valid_to\n70 11 22 33,0751,,\n",
		"opening_hours.csv":  "weekday,opens,closes,valid_from,valid_to\n1,08:00,20:00,,\n",
	}
	for name, text := range files {
		all[name] = text
	}
	fsys := fstest.MapFS{}
	for name, text := range all {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

// table returns the named table of a set that must be free of faults.
func table(t *testing.T, fsys fstest.MapFS, name string) Table {
	t.Helper()
	set, faults := Read(fsys, testOptions(t))
	for _, f := range faults {
		t.Error(f)
	}
	for _, table := range set.Tables() {
		if table.Name == name {
			return table
		}
	}
	t.Fatalf("there is no table %s", name)
	return Table{}
}

func TestReadGivesTypedRowsWithDefaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]any
	}{
		{"members", "municipality_code,service,network,valid_from,valid_to\n751,contact_centre,Midt,2020-01-01,\nÅrhus Kommune,chatbot,,,2025-12-31\n", [][]any{
			{"0751", "chatbot", nil, firstDay, date(2025, 12, 31)},
			{"0751", "contact_centre", "Midt", date(2020, 1, 1), lastDay},
		}},
		{"access_numbers", "\ufeffnumber;municipality_code;valid_from;valid_to\r\n+45 70112233;Vesthimmerland;01-02-2024;\r\n", [][]any{
			{"+4570112233", "p+4570112233", "0820", date(2024, 2, 1), lastDay},
		}},
		{"agents", "agent_id,municipality_code,sbnu_user,valid_from,valid_to\n12,316,abc,,\n13,,def,,\n", [][]any{
			{int64(12), "0316", "abc", firstDay, lastDay},
			{int64(13), nil, "def", firstDay, lastDay},
		}},
		{"queues", "label,queue_key,kind\n\"Hoved, fælles\",ddh_hoved,\n,k_751,Municipality\n", [][]any{
			{"ddh_hoved", "ddh", "Hoved, fælles"},
			{"k_751", "municipality", nil},
		}},
		{"opening_hours", "weekday,opens,closes,valid_from,valid_to\n1,8:00,12.00,,\n1,12:00,24:00,,\n", [][]any{
			{int64(1), int64(480), int64(720), firstDay, lastDay},
			{int64(1), int64(720), int64(1440), firstDay, lastDay},
		}},
		{"special_days", "date,opens,closes,note\n2026-05-01,08:00,12:00,1. maj\n2026-12-24,,,\n", [][]any{
			{date(2026, 5, 1), int64(480), int64(720), "1. maj"},
			{date(2026, 12, 24), nil, nil, nil},
		}},
		{"targets", "kpi;target;direction;valid_from;valid_to\nfirst_contact_resolution;0,70;max;;\n", [][]any{
			{"first_contact_resolution", 0.7, "max", firstDay, lastDay},
		}},
		{"access", "user_principal_name,municipality_code\nMona@Aarhus.dk,Aarhus\n", [][]any{
			{"mona@aarhus.dk", "0751"},
		}},
		{"population", "municipality_code,population,population_date\n0751,380000,2026-01-01\n", [][]any{
			{"0751", int64(380000), date(2026, 1, 1)},
		}},
		{"events", "date,label\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := table(t, folder(map[string]string{c.name + ".csv": c.text}), c.name)
			if diff := cmp.Diff(c.want, got.Rows); diff != "" {
				t.Error(diff)
			}
			for _, row := range got.Rows {
				if len(row) != len(got.Columns) {
					t.Errorf("row %v has %d values, the table %d columns", row, len(row), len(got.Columns))
				}
			}
		})
	}
}

func TestFileInWindows1252(t *testing.T) {
	events := "date;label\n2026-01-02;\xc5bent hus p\xe5 r\xe5dhuset\n"
	got := table(t, folder(map[string]string{"events.csv": events}), "events")
	if diff := cmp.Diff([][]any{{date(2026, 1, 2), "Åbent hus på rådhuset"}}, got.Rows); diff != "" {
		t.Error(diff)
	}
}

func TestMissingOptionalFileIsAnEmptyTable(t *testing.T) {
	got := table(t, folder(nil), "queues")
	if len(got.Rows) != 0 || len(got.Columns) != 3 {
		t.Errorf("got %v", got)
	}
}

func TestMissingFilesThatChangeFiguresAreNoticed(t *testing.T) {
	set, faults := Read(folder(map[string]string{"queues.csv": "queue_key,kind,label\n"}), testOptions(t))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var files []string
	for _, m := range set.Missing() {
		files = append(files, m.File)
		if m.Meaning == "" || !strings.HasPrefix(m.Try, "make it with the header ") {
			t.Errorf("%+v says too little", m)
		}
	}
	want := []string{"agent_groups.csv", "agents.csv", "transfer_numbers.csv", "special_days.csv", "targets.csv", "population.csv"}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("missing files (-want +got):\n%s", diff)
	}
	const sentence = "targets.csv is missing: no KPI has a target, so none is said to be met or missed"
	if got := set.Missing()[4].String(); got != sentence {
		t.Errorf("got %q, want %q", got, sentence)
	}
}

func TestNewProjectMissesNoFile(t *testing.T) {
	files := map[string]string{}
	for name, text := range Template() {
		files[name] = text
	}
	o := testOptions(t)
	o.KPIs = nil
	set, faults := Read(folder(files), o)
	if len(faults) > 0 || len(set.Missing()) > 0 {
		t.Errorf("faults %v, missing %v", faults, set.Missing())
	}
}

func TestFingerprint(t *testing.T) {
	const header = "date,label\n"
	print := func(lines string) string {
		return table(t, folder(map[string]string{"events.csv": header + lines}), "events").Fingerprint
	}
	one := print("2026-01-02,Ny IVR\n2026-03-01,Kampagne\n")
	if other := print("2026-03-01,Kampagne\n\n2026-01-02,Ny IVR\n"); other != one {
		t.Error("the order of the lines changes the fingerprint")
	}
	if other := print("2026-01-02,Ny IVR\n2026-03-01,Kampagner\n"); other == one {
		t.Error("another label leaves the fingerprint as it was")
	}
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	_, faults := Read(folder(map[string]string{
		"members.csv":       "municipality_code,service,network,valid_from,valid_to\n0751,contact_center,Midt,,\n9999,chatbot,,2026-02-30,\n",
		"opening_hours.csv": "",
		"event.csv":         "date,label\n",
	}), testOptions(t))
	want := []string{
		"event.csv: this is not the name of a reference file",
		`members.csv:2: service: "contact_center" is not one of contact_centre, chatbot, ai`,
		`members.csv:3: municipality_code: there is no municipality "9999"`,
		`members.csv:3: valid_from: "2026-02-30" is not a date`,
		"opening_hours.csv: the file is missing",
	}
	if diff := cmp.Diff(want, sentences(faults)); diff != "" {
		t.Error(diff)
	}
}

// sentences are the faults as they are printed.
func sentences(faults []etl.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Error())
	}
	return all
}

func TestSettingsTable(t *testing.T) {
	got := Settings{
		ShortAbandon: 5 * time.Second, SurveyWindow: 72 * time.Hour, SurveyLink: 30 * time.Minute,
		GuideGrace: time.Minute, GuideReload: 30 * time.Second, Contact: "statistik@example.dk",
	}.Table()
	want := [][]any{{int64(5), 72.0, 30.0, int64(60), int64(30), false, "statistik@example.dk"}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	names := Files()
	for i, name := range names {
		f.Add(uint8(i), Template()[name+".csv"])
	}
	f.Add(uint8(6), "weekday;opens;closes;valid_from;valid_to\n1;08.00;24:00;;31-12-2025\n")
	f.Add(uint8(10), "date,label\n2026-01-01,\"open\n")
	options := testOptions(f)
	options.Municipalities = slices.DeleteFunc(options.Municipalities, func(m Municipality) bool {
		return m.Code != "0751" && m.Code != "0316" // the spellings of all would take most of the time
	})
	f.Fuzz(func(t *testing.T, file uint8, text string) {
		name := names[int(file)%len(names)]
		set, faults := Read(folder(map[string]string{name + ".csv": text}), options)
		if len(faults) == 0 && len(set.Tables()) == 0 {
			t.Error("neither tables nor faults")
		}
		if !slices.IsSortedFunc(faults, func(a, b etl.Fault) int { return int(a.Line - b.Line) }) {
			t.Error("the faults are not in the order of the lines")
		}
		for _, fault := range faults {
			if fault.Message == "" || strings.Contains(fault.Message, "\n") {
				t.Errorf("%v is not one sentence", fault)
			}
		}
	})
}
