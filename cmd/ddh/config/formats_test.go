package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
)

func TestFormats(t *testing.T) {
	c := parsed(t, `
pseudonym_key = "env:KEY"
[sources.puzzel]
kind = "folder"
folder = "inbox"
[sources.puzzel.formats]
day_month = "mdy"
decimal = ","
[sources.puzzel.formats.call_events]
dte_start = "dmy"
alert_ms = "."
[sources.puzzel.formats.surveys]
dte_sent = "dmy"
`)
	source, _ := c.Source("puzzel")
	want := etl.Formats{DayMonth: "mdy", Decimal: ",", Columns: map[string]map[string]string{
		"call_events": {"dte_start": "dmy", "alert_ms": "."}, "surveys": {"dte_sent": "dmy"},
	}}
	if diff := cmp.Diff(want, source.Formats); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsOfFormats(t *testing.T) {
	_, faults := Parse([]byte(`
pseudonym_key = "env:KEY"
[sources.puzzel]
kind = "folder"
folder = "inbox"
[sources.puzzel.formats]
day_month = "us"
[sources.puzzel.formats.call_events]
dte_start = ","
queue_key = "dmy"
`), projectFile)
	want := []string{
		`ddh.toml:7: sources.puzzel.formats.day_month: "us" is not one of dmy, mdy, ymd`,
		`ddh.toml:9: sources.puzzel.formats.call_events.dte_start: "," is not one of dmy, mdy, ymd`,
		`ddh.toml:10: sources.puzzel.formats.call_events.queue_key: there is no column "queue_key" with times or numbers in the table call_events`,
	}
	if diff := cmp.Diff(want, sentences(faults)); diff != "" {
		t.Error(diff)
	}
}
