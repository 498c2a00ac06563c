package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/den-digitale-hotline/ddh/etl"
)

const projectFile = "/project/ddh.toml"

// parsed is a configuration that must be free of faults.
func parsed(t *testing.T, text string) Config {
	t.Helper()
	c, faults := Parse([]byte(text), projectFile)
	for _, f := range faults {
		t.Errorf("%v (%s)", f, f.Try)
	}
	return c
}

// sentences are the faults as they are printed.
func sentences(faults []etl.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, strings.TrimPrefix(f.Error(), "/project/"))
	}
	return all
}

func TestShortestConfiguration(t *testing.T) {
	c := parsed(t, `pseudonym_key = "env:DDH_PSEUDONYM_KEY"`)
	if c.Timezone.String() != "Europe/Copenhagen" || c.DataDir != "/project/data" || c.ReportDir != "/project/reports" {
		t.Errorf("defaults are %v, %s, %s", c.Timezone, c.DataDir, c.ReportDir)
	}
	want := Matching{5 * time.Second, 72 * time.Hour, 30 * time.Minute, time.Minute, 30 * time.Second}
	if c.Matching != want {
		t.Errorf("matching is %v, want %v", c.Matching, want)
	}
	if c.PseudonymKey.String() != "env:DDH_PSEUDONYM_KEY" || len(c.Sources) != 0 {
		t.Errorf("key %v, sources %v", c.PseudonymKey, c.Sources)
	}
}

func TestFoldersAreTakenFromTheConfiguration(t *testing.T) {
	c := parsed(t, `
pseudonym_key = "file:secrets/key"
data_dir = "../data"
feed_dir = "/srv/feed"
[sources.puzzel]
kind = "folder"
folder = "inbox/puzzel"
`)
	source, _ := c.Source("puzzel")
	got := []string{c.DataDir, c.FeedDir, c.ReferenceDir, source.Folder, c.PseudonymKey.file, c.WarehousePath()}
	want := []string{"/data", "/srv/feed", "/project/reference", "/project/inbox/puzzel", "/project/secrets/key", "/data/warehouse.duckdb"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryKindOfSource(t *testing.T) {
	c := parsed(t, `
pseudonym_key = "env:KEY"
[sources.guides]
kind = "http"
url = "https://guides.example.dk/export?from={from}&to={to}"
format = "csv"
token = "env:GUIDES_TOKEN"
columns.guide_views.viewed_at = "Tidspunkt"
[sources.survey]
kind = "api"
url = "https://survey.example.com/survey/rs/service/17"
token_url = "https://login.example.com/oauth/ro"
token_fields.client_id = "abc"
username = "env:SURVEY_USER"
password = "file:survey.password"
since = "2026-01-01"
schedule = "5 * * * *"
[sources.puzzel]
kind = "sqlserver"
dsn = "env:DDH_PUZZEL_DSN"
certificate_host = "db.example.com"
rows_per_second = 5000
authority = "ca.pem"
overlap = "4h"
schedule = "*/15 7-21 * * *"
`)
	want := []Source{
		{Name: "puzzel", Kind: SQLServer, Overlap: 4 * time.Hour,
			DSN: Secret{variable: "DDH_PUZZEL_DSN", written: "env:DDH_PUZZEL_DSN"}, CertificateHost: "db.example.com",
			RowsPerSecond: 5000, Authority: "/project/ca.pem"},
		{Name: "survey", Kind: API, Overlap: 72 * time.Hour,
			URL:      "https://survey.example.com/survey/rs/service/17",
			TokenURL: "https://login.example.com/oauth/ro", TokenFields: map[string]string{"client_id": "abc"},
			Since:    time.Date(2026, 1, 1, 0, 0, 0, 0, c.Timezone),
			Username: Secret{variable: "SURVEY_USER", written: "env:SURVEY_USER"},
			Password: Secret{file: "/project/survey.password", written: "file:survey.password"}},
		{Name: "guides", Kind: HTTP, Overlap: 24 * time.Hour, Format: "csv",
			URL:     "https://guides.example.dk/export?from={from}&to={to}",
			Token:   Secret{variable: "GUIDES_TOKEN", written: "env:GUIDES_TOKEN"},
			Columns: map[string]map[string]string{"guide_views": {"viewed_at": "Tidspunkt"}}},
	}
	diff := cmp.Diff(want, c.Sources, cmp.AllowUnexported(Secret{}), cmpopts.IgnoreFields(Source{}, "Schedule"))
	if diff != "" {
		t.Error(diff)
	}
	after := time.Date(2026, 3, 2, 21, 50, 0, 0, c.Timezone)
	if next := c.Sources[0].Schedule.Next(after); next.Hour() != 7 || next.Day() != 3 {
		t.Errorf("the schedule is next due at %v", next)
	}
}

func TestAllFaultsComeAtOnceInOrderOfLine(t *testing.T) {
	_, faults := Parse([]byte(`timezone = "Europe/Kopenhagen"
data_dri = "data"
simulated = "yes"

[sources.puzzel]
kind = "sqlserver"
dsn = "sqlserver://sa:hunter2@db"
folder = "inbox"
overlap = "1h"
schedule = "every day"

[sources.surveys]
kind = "folder"

[sources.guides]
kind = "ftp"

[matching]
short_abandon = 5
survey_window = "3 days"
guide_grase = "1m"

[limits]
memory = "lots"
threads = 1000
`), projectFile)
	want := []string{
		"ddh.toml: pseudonym_key: the key is missing",
		`ddh.toml:1: timezone: "Europe/Kopenhagen" cannot be the time zone: the figures are made for the Danish clock`,
		`ddh.toml:2: data_dri: the key "data_dri" is unknown`,
		"ddh.toml:3: simulated: this must be true or false, not a text",
		"ddh.toml:7: sources.puzzel.dsn: a secret must not stand in the configuration itself",
		`ddh.toml:8: sources.puzzel.folder: a source of kind "sqlserver" has no such key`,
		"ddh.toml:9: sources.puzzel.overlap: 1h is not between 2h and 8784h",
		`ddh.toml:10: sources.puzzel.schedule: "every day" is not a schedule: expected exactly 5 fields, found 2: [every day]`,
		`ddh.toml:12: sources.surveys: the key "surveys" is unknown`,
		`ddh.toml:16: sources.guides.kind: "ftp" is not one of folder, http`,
		`ddh.toml:19: matching.short_abandon: this must be a duration in quotes, such as "30s", not a whole number`,
		`ddh.toml:20: matching.survey_window: "3 days" is not a duration`,
		`ddh.toml:21: matching.guide_grase: the key "guide_grase" is unknown`,
		`ddh.toml:24: limits.memory: "lots" is not an amount of memory`,
		"ddh.toml:25: limits.threads: 1000 is not between 0 and 256",
	}
	if diff := cmp.Diff(want, sentences(faults)); diff != "" {
		t.Error(diff)
	}
	for _, f := range faults {
		if strings.Contains(f.Error()+f.Try, "hunter2") {
			t.Errorf("%v shows a secret", f)
		}
	}
}

// What is wrong beside the kind must not wait for the next attempt.
func TestFaultsOfASourceOfUnknownKind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"misspelled kind", `[sources.survey]
kind = "apii"
url = "survey.example.com"
token_fields.scope = 5
username = "hunter2"
pasword = "file:survey.password"
dsn = "env:DSN"
since = "today"
overlap = "-1h"
schedule = "0 5 * * *"
columns.surveys.answer = "svar"
`, []string{
			`ddh.toml:2: sources.survey.kind: "apii" is not one of folder, puzzel, api`,
			"ddh.toml:3: sources.survey.url: this is not an address",
			"ddh.toml:4: sources.survey.token_fields.scope: this must be a text in quotes, not a whole number",
			"ddh.toml:5: sources.survey.username: a secret must not stand in the configuration itself",
			`ddh.toml:6: sources.survey.pasword: the key "pasword" is unknown`,
			"ddh.toml:7: sources.survey.dsn: no kind of [sources.survey] has such a key",
			`ddh.toml:8: sources.survey.since: "today" is not a date`,
			"ddh.toml:9: sources.survey.overlap: -1h is not between 0s and 8784h",
		}},
		{"no kind", `[sources.guides]
folder = 5
format = "xml"
url = "http://guides.example.dk"
authority = true
token = "env:T"
`, []string{
			"ddh.toml:1: sources.guides.kind: the key is missing",
			"ddh.toml:2: sources.guides.folder: this must be a text in quotes, not a whole number",
			`ddh.toml:3: sources.guides.format: "xml" is not one of json, csv`,
			"ddh.toml:4: sources.guides.url: the address must begin with https://",
			"ddh.toml:5: sources.guides.authority: this must be a text in quotes, not true or false",
		}},
		{"kind of another source", `[sources.puzzel]
kind = "api"
dsn = 1
certificate_host = 2
rows_per_second = -3
`, []string{
			`ddh.toml:2: sources.puzzel.kind: "api" is not one of folder, sqlserver`,
			"ddh.toml:3: sources.puzzel.dsn: this must be env:NAME or file:PATH in quotes, not a whole number",
			"ddh.toml:4: sources.puzzel.certificate_host: this must be a text in quotes, not a whole number",
			"ddh.toml:5: sources.puzzel.rows_per_second: -3 is not between 0 and 1000000",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := Parse([]byte(c.text+"[matching]\n"), projectFile)
			if len(faults) == 0 {
				t.Fatal("no faults")
			}
			if diff := cmp.Diff(append([]string{"ddh.toml: pseudonym_key: the key is missing"}, c.want...), sentences(faults)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMisspelledKeyOfASourceOfUnknownKindIsSuggested(t *testing.T) {
	_, faults := Parse([]byte("pseudonym_key = \"env:K\"\n[sources.survey]\nkind = \"apii\"\npasword = \"env:P\"\n"), projectFile)
	if len(faults) != 2 || faults[1].Try != "write password" {
		t.Errorf("got %v", faults)
	}
}

func TestFaults(t *testing.T) {
	const key = `pseudonym_key = "env:KEY"` + "\n"
	for _, c := range []struct{ name, text, want, try string }{
		{"not TOML", key + "data_dir = data\n", "ddh.toml:2: data_dir: the line is not valid TOML", `write key = "value", with the text in quotes, and every key once`},
		{"key twice", key + key, "ddh.toml:2: pseudonym_key: the line is not valid TOML", `write key = "value", with the text in quotes, and every key once`},
		{"misspelled key", key + "feeddir = \"x\"\n", `ddh.toml:2: feeddir: the key "feeddir" is unknown`, "write feed_dir"},
		{"another time zone", key + "timezone = \"Europe/Stockholm\"\n", `ddh.toml:2: timezone: "Europe/Stockholm" cannot be the time zone: the figures are made for the Danish clock`, `write "Europe/Copenhagen"`},
		{"no time zone", key + "timezone = \"\"\n", `ddh.toml:2: timezone: "" cannot be the time zone: the figures are made for the Danish clock`, `write "Europe/Copenhagen"`},
		{"misspelled source", key + "[sources.guide]\nkind = \"folder\"\n", `ddh.toml:2: sources.guide: the key "guide" is unknown`, "write guides"},
		{"no kind", key + "[sources.guides]\nfolder = \"x\"\n", "ddh.toml:2: sources.guides.kind: the key is missing", ""},
		{"no folder", key + "[sources.guides]\nkind = \"folder\"\n", "ddh.toml:2: sources.guides.folder: the key is missing", ""},
		{"kind of another source", key + "[sources.guides]\nkind = \"sqlserver\"\n", `ddh.toml:3: sources.guides.kind: "sqlserver" is not one of folder, http`, "use one of folder, http"},
		{"no table", key + "matching = 5\n", "ddh.toml:2: matching: this must be a table, not a whole number", "write it as [matching]"},
		{"list of tables", key + "[[limits]]\nthreads = 1\n", "ddh.toml:2: limits: this must be a table, not a list", "write it as [limits]"},
		{"plain http", key + "[sources.guides]\nkind = \"http\"\nurl = \"http://example.dk\"\n", "ddh.toml:4: sources.guides.url: the address must begin with https://", ""},
		{"password in address", key + "[sources.guides]\nkind = \"http\"\nurl = \"https://a:hunter2@example.dk\"\n", "ddh.toml:4: sources.guides.url: an address must not hold a user name or password", "name them under username and password"},
		{"no address", key + "[sources.guides]\nkind = \"http\"\nurl = \"example\"\n", "ddh.toml:4: sources.guides.url: this is not an address", `write it as "https://host/path"`},
		{"half a login", key + "[sources.guides]\nkind = \"http\"\nurl = \"https://example.dk\"\nusername = \"env:U\"\n", "ddh.toml:2: sources.guides: username and password belong together", "name both as env:NAME or file:PATH, or none"},
		{"two logins", key + "[sources.guides]\nkind = \"http\"\nurl = \"https://example.dk\"\nusername = \"env:U\"\npassword = \"env:P\"\ntoken = \"env:T\"\n", "ddh.toml:7: sources.guides.token: a token and a password are two ways to sign in", "keep one of them"},
		{"bad column table", key + "[sources.guides]\nkind = \"folder\"\nfolder = \"x\"\n[sources.guides.columns.guide_view]\nviewed_at = \"t\"\n", `ddh.toml:5: sources.guides.columns.guide_view: there is no table "guide_view" in this source`, "write guide_views"},
		{"bad column", key + "[sources.guides]\nkind = \"folder\"\nfolder = \"x\"\n[sources.guides.columns.guide_views]\nviewedat = \"t\"\n", `ddh.toml:6: sources.guides.columns.guide_views.viewedat: there is no column "viewedat" in the table guide_views`, "write viewed_at"},
		{"survey without puzzel", key + "[sources.survey]\nkind = \"puzzel\"\n", "ddh.toml:3: sources.survey.kind: there is no source puzzel to take the rows from", "add [sources.puzzel]"},
		{"secret of a number", "pseudonym_key = 1234\n", "ddh.toml:1: pseudonym_key: this must be env:NAME or file:PATH in quotes, not a whole number", ""},
		{"env without name", "pseudonym_key = \"env:\"\n", "ddh.toml:1: pseudonym_key: a secret must not stand in the configuration itself", `name it as "env:NAME" or "file:PATH"`},
		{"feed in the project folder", key + "feed_dir = \".\"\ndata_dir = \"../d\"\nreference_dir = \"../r\"\nrelease_dir = \"../l\"\nreport_dir = \"../o\"\n", "ddh.toml:2: feed_dir: the feed cannot be the project's own folder", "give it a folder of its own"},
		{"data in the feed", key + "data_dir = \"feed/data\"\n", "ddh.toml:2: data_dir: the folder lies in feed_dir, which is replaced as a whole", "give it a folder of its own"},
		{"empty folder", key + "data_dir = \" \"\n", "ddh.toml:2: data_dir: the path is empty", ""},
		{"negative duration", key + "[matching]\nguide_grace = \"-1s\"\n", "ddh.toml:3: matching.guide_grace: -1s is not between 0s and 8784h", ""},
		{"part of a second", key + "[matching]\nguide_grace = \"1500ms\"\n", "ddh.toml:3: matching.guide_grace: 1500ms is not a whole number of seconds", ""},
		{"unknown section", key + "[matchin]\nguide_grace = \"1s\"\n", `ddh.toml:2: matchin: the key "matchin" is unknown`, "write matching"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := Parse([]byte(c.text), projectFile)
			if len(faults) != 1 {
				t.Fatalf("got %q, want one fault", sentences(faults))
			}
			if got := sentences(faults)[0]; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if got := faults[0].Try; got != c.try {
				t.Errorf("advice %q, want %q", got, c.try)
			}
		})
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	_, faults := Load(filepath.Join(t.TempDir(), FileName))
	if len(faults) != 1 || faults[0].Try != "make one with ddh init, or name it with --config" {
		t.Errorf("got %v", faults)
	}
}

func TestNewProject(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	project := New{PseudonymKey: "0123456789abcdef0123456789abcdef", Simulated: true, Contact: `Sekretariatet "DDH"`}
	if err := project.Write(dir); err != nil {
		t.Fatal(err)
	}
	c, faults := Load(filepath.Join(dir, FileName))
	if len(faults) > 0 {
		t.Fatal(sentences(faults))
	}
	if !c.Simulated || c.Contact != project.Contact || len(c.Sources) != 3 {
		t.Errorf("read back %v, %q, %d sources", c.Simulated, c.Contact, len(c.Sources))
	}
	key, err := c.PseudonymKey.Resolve(os.Getenv)
	if err != nil || key != project.PseudonymKey || c.PseudonymKey.Exposed() {
		t.Errorf("the key is %q, %v, exposed %v", key, err, c.PseudonymKey.Exposed())
	}
	if err := project.Write(dir); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: %v", err)
	}
}

func TestTemplateSaysTheDefaults(t *testing.T) {
	written := parsed(t, New{}.Text())
	short := parsed(t, `pseudonym_key = "file:.pseudonym_key"`)
	ignore := cmpopts.IgnoreFields(Config{}, "Sources", "Timezone")
	if diff := cmp.Diff(short, written, ignore, cmp.AllowUnexported(Secret{})); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(template)
	f.Add("pseudonym_key = 'env:A'\n[sources]\npuzzel = {kind = \"folder\", folder = \"x\"}\n")
	f.Add("[sources.survey]\nkind = \"apii\"\npasword = \"x\"\noverlap = \"-1h\"\ntoken_fields = 5\n")
	f.Add("a = \"\"\"\n[b]\n\"\"\"\n'c.d' = [\n1,\n]\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, faults := Parse([]byte(text), projectFile)
		lines := int64(strings.Count(text, "\n") + 1)
		for i, fault := range faults {
			if fault.Message == "" || fault.Line < 0 || fault.Line > lines {
				t.Errorf("fault %v in a text of %d lines", fault, lines)
			}
			if i > 0 && fault.Line < faults[i-1].Line {
				t.Error("the faults are not in the order of the lines")
			}
		}
	})
}
