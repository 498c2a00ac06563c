package dropfolder_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
)

// mornings are visits, of which at gives the time of each day of January.
func mornings(days []int, at func(day int) string) string {
	var out strings.Builder
	out.WriteString("id,at\n")
	for i, day := range days {
		fmt.Fprintf(&out, "%d,%s\n", i+1, at(day))
	}
	return out.String()
}

// The order of day and month is settled by all rows of a file, and what they do not
// settle is held.
func TestDayAndMonth(t *testing.T) {
	early, late := []int{3, 4, 5}, []int{3, 4, 25}
	dmy := func(day int) string { return fmt.Sprintf("%02d/01/2026 10:00:01", day) }
	mdy := func(day int) string { return fmt.Sprintf("1/%d/2026 10:00:01 AM", day) }
	short := func(day int) string { return fmt.Sprintf("%d-01-26 10:00:01", day) }
	points := func(day int) string { return fmt.Sprintf("%d.1.2026 10.00.01", day) }
	yearFirst := func(day int) string { return fmt.Sprintf("26-01-%02d 10:00:01", day) }
	for name, c := range map[string]struct {
		content string
		formats etl.Formats
		fault   string // "" where all is read
	}{
		"a day above 12 comes first in one row": {content: mornings(late, dmy)},
		"it comes second":                       {content: mornings(late, mdy)},
		"points are Danish":                     {content: mornings(early, points)},
		"a short year":                          {content: mornings(late, short)},
		"a short year first":                    {content: mornings(early, yearFirst)},
		"nothing tells":                         {content: mornings(early, dmy), fault: `"03/01/2026 10:00:01" is 3 January 2026 or 1 March 2026`},
		"nothing tells, month first":            {content: mornings(early, mdy), fault: `"1/3/2026 10:00:01 AM" is 1 March 2026 or 3 January 2026`},
		"the configuration tells":               {content: mornings(early, dmy), formats: etl.Formats{DayMonth: "dmy"}},
		"of this column": {content: mornings(early, mdy), formats: etl.Formats{
			DayMonth: "dmy", Columns: map[string]map[string]string{"visits": {"at": "mdy"}},
		}},
		"it is contradicted": {
			content: mornings(late, mdy), formats: etl.Formats{DayMonth: "dmy"},
			fault: `the configuration says "dmy", but "1/25/2026 10:00:01 AM" can only be month first`,
		},
		"both in one column": {
			content: mornings(late, dmy) + "4,01/26/2026 10:00:01\n",
			fault:   `the column mixes two orders of dates: "25/01/2026 10:00:01" can only be day first and "01/26/2026 10:00:01" only month first`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := folder(t, map[string]string{"visits.csv": c.content}, func(o *dropfolder.Options) { o.Formats = c.formats })
			source.SetChunkSize(64 << 10)
			sink, pulled := pull(t, source)
			if c.fault != "" {
				if len(pulled.Faults) != 1 || !strings.Contains(pulled.Faults[0].Error(), c.fault) || len(sink.batches) != 0 {
					t.Errorf("faults %v, want %s", pulled.Faults, c.fault)
				}
				return
			}
			if len(pulled.Faults) > 0 || len(sink.batches[0].rejects) > 0 {
				t.Fatal(pulled.Faults, sink.batches)
			}
			if row := sink.batches[0].rows[0]; !strings.HasPrefix(row, "id=1 at=2026-01-03T10:00:01") {
				t.Errorf("row 1 is %s", row)
			}
		})
	}
}

// What contradicts the first rows may come late: nothing of the file lands before it is
// seen.
func TestOrderIsSettledByTheWholeFile(t *testing.T) {
	content := "id,at\n" + strings.Repeat("1,2026-01-05 10:00:01\n", 5000) + "2,03/01/2026 10:00:01\n" +
		strings.Repeat("3,04/01/2026 10:00:01\n", 5000) + "4,25/01/2026 10:00:01\n"
	source := folder(t, map[string]string{"visits.csv": content})
	source.SetChunkSize(4 << 10)
	sink, pulled := pull(t, source)
	if len(pulled.Faults) > 0 || len(sink.batches) != 1 || sink.aborted != 1 {
		t.Fatal(pulled.Faults, sink.aborted)
	}
	if row := sink.batches[0].rows[5000]; row != "id=2 at=2026-01-03T10:00:01 _row=5001" {
		t.Errorf("got %s", row)
	}
}

// In October a reading that puts calls into December is ruled out, and that is said.
func TestTheCalendarRulesAReadingOut(t *testing.T) {
	content := mornings([]int{3, 4, 12}, func(day int) string { return fmt.Sprintf("08/%02d/2026 10:00:01", day) }) +
		"4,08/12/2026 11:00:01\n5,08/12/2026 12:00:01\n"
	sink, pulled := pull(t, folder(t, map[string]string{"visits.csv": content}, func(o *dropfolder.Options) {
		o.Now = func() time.Time { return time.Date(2026, 10, 5, 6, 0, 0, 0, time.UTC) }
	}))
	if len(pulled.Faults) > 0 || !strings.Contains(sink.batches[0].rows[0], "2026-08-03T10:00:01") {
		t.Fatal(pulled.Faults, sink.batches)
	}
	if notices := rules(pulled); notices != "at:dates-told-by-the-calendar:5" {
		t.Error(notices)
	}
}

// rules are the notices of the only batch.
func rules(pulled etl.Pulled) string {
	var all []string
	for _, n := range pulled.Batches[0].Drift.Notices {
		all = append(all, fmt.Sprintf("%s:%s:%d", n.Column, n.Rule, n.Count))
	}
	return strings.Join(all, " ")
}

// The marks of numbers are settled per column; what stays open is no number.
func TestMarksOfNumbers(t *testing.T) {
	for name, c := range map[string]struct{ weights, want string }{
		"a decimal elsewhere":   {"12.345 12.5", "12.345 12.5"},
		"thousands elsewhere":   {"12.345 1.234.567", "12345 1.234567e+06"},
		"both marks elsewhere":  {`12.345 "1.234,5"`, "12345 1234.5"},
		"a comma that is none":  {`"12,345" "0,5"`, "12.345 0.5"},
		"nothing tells":         {"12.345 9", "ambiguous-number 9"},
		"both, contradictingly": {"12.345 1.5 1.234.567", "ambiguous-number 1.5 1.234567e+06"},
	} {
		t.Run(name, func(t *testing.T) {
			content := "id,at,weight\n"
			for i, weight := range strings.Fields(c.weights) {
				content += fmt.Sprintf("%d,2026-01-05 10:00:01,%s\n", i+1, weight)
			}
			sink, _ := pull(t, folder(t, map[string]string{"visits.csv": content}))
			got := map[string]string{}
			for _, row := range sink.batches[0].rows {
				id, rest, _ := strings.Cut(strings.TrimPrefix(row, "id="), " ")
				_, weight, _ := strings.Cut(rest, "weight=")
				got[id], _, _ = strings.Cut(weight, " ")
			}
			for _, r := range sink.batches[0].rejects {
				got[fmt.Sprint(r.Row)] = r.Rule
			}
			var all []string
			for i := range strings.Fields(c.weights) {
				all = append(all, got[fmt.Sprint(i+1)])
			}
			if strings.Join(all, " ") != c.want {
				t.Errorf("got %s, want %s", all, c.want)
			}
		})
	}
}

// Whatever tools leave round the rows of a file, the rows are the same.
func TestTracesOfTools(t *testing.T) {
	const rows = "1,2026-01-05 10:00:01,a,\n2,2026-01-06 10:00:01,b,2.5\n"
	const plain = "id,at,note,weight\n" + rows
	want := []string{"id=1 at=2026-01-05T10:00:01 note=a", "id=2 at=2026-01-06T10:00:01 note=b weight=2.5"}
	semicolons := strings.NewReplacer(",", ";").Replace(plain)
	for name, content := range map[string]string{
		"sep line":                   "sep=;\n" + semicolons,
		"sep line in quotes":         "\"sep=;\"\r\n" + semicolons,
		"sep line after a mark":      "\ufeffsep=,\n" + plain,
		"bars":                       strings.ReplaceAll(plain, ",", "|"),
		"carriage returns":           strings.ReplaceAll(plain, "\n", "\r"),
		"twice translated line ends": strings.ReplaceAll(plain, "\n", "\r\r\n"),
		"delimiters end the rows":    strings.ReplaceAll(plain, "\n", ",\n")[:len("id,at,note,weight")] + "\n" + strings.ReplaceAll(rows, "\n", ",,\n"),
		"delimiters end all":         strings.ReplaceAll(plain, "\n", ",\n"),
		"delimiters end the header":  strings.Replace(plain, "weight", "weight,,", 1),
		"a row of delimiters":        plain + ",,,\n",
		"Ctrl-Z":                     plain + "\x1a",
		"appended to each other":     "id,at,note,weight\n1,2026-01-05 10:00:01,a,\n\ufeffid,at,note,weight\n2,2026-01-06 10:00:01,b,2.5\n",
		"appended, with a sep line":  "sep=,\nid,at,note,weight\n1,2026-01-05 10:00:01,a,\nsep=,\nID,At,note,weight\n2,2026-01-06 10:00:01,b,2.5\n",
		"words for nothing":          strings.Replace(plain, "a,\n", "a,NaN\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{"visits.csv": content}))
			if len(pulled.Faults) > 0 || len(sink.batches[0].rejects) > 0 {
				t.Fatal(pulled.Faults, sink.batches)
			}
			var got []string
			for _, row := range sink.batches[0].rows {
				row, _, _ = strings.Cut(row, " _row=")
				got = append(got, row)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if notices := rules(pulled); notices != "" {
				t.Error(notices)
			}
		})
	}
}

// A second header with other columns would put what follows into the wrong ones.
func TestAnotherHeaderInTheMiddleIsAFault(t *testing.T) {
	sink, pulled := pull(t, folder(t, map[string]string{
		"visits.csv": "id,at,note\n1,2026-01-05 10:00:01,a\nnote,id,at\nb,2,2026-01-06 10:00:01\n",
	}))
	if len(sink.batches) != 0 || len(pulled.Faults) != 1 || pulled.Faults[0].Line != 3 ||
		!strings.Contains(pulled.Faults[0].Message, "another header stands here") {
		t.Errorf("%+v", pulled.Faults)
	}
}

// Quotes in a file that is written without quoting are characters; in one that quotes
// they must not take rows away; texts of several lines are texts.
func TestStrayQuotes(t *testing.T) {
	const header = "id,at,note,weight\n"
	line := func(id int, note string) string { return fmt.Sprintf("%d,2026-01-05 10:00:%02d,%s,1\n", id, id, note) }
	for name, c := range map[string]struct {
		content string
		rows    int
		rejects int
		notice  string
		fault   string
	}{
		"a pair over rows":      {content: header + line(1, `"haster`) + line(2, "") + line(3, `tilbage"`) + line(4, "x"), rows: 4, notice: "written-without-quoting"},
		"a pair over two rows":  {content: header + line(1, `"haster`) + line(2, `ring"`), rows: 2, notice: "written-without-quoting"},
		"one that never closes": {content: header + line(1, `"haster`) + line(2, "") + line(3, ""), rows: 3, notice: "written-without-quoting"},
		"one that goes on":      {content: header + line(1, `"Ja" sagde hun`) + line(2, ""), rows: 2, notice: "written-without-quoting"},
		"in a file that quotes": {
			content: header + line(1, `"ja, tak"`) + line(2, `"haster`) + line(3, "") + line(4, `tilbage"`),
			fault:   "visits.csv:3: a quoted field that begins in this record holds 3 lines",
		},
		"one that goes on in a file that quotes": {
			content: header + line(1, `"ja, tak"`) + line(2, `"Ja" sagde hun`) + line(3, ""), rows: 2, rejects: 1,
		},
		"a text of several lines": {content: header + line(1, "\"Husk:\n1, ring\n2, skriv \"\"Pas\"\", tak\"") + line(2, "x"), rows: 2},
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{"visits.csv": c.content}))
			if c.fault != "" {
				if len(pulled.Faults) != 1 || !strings.HasPrefix(pulled.Faults[0].Error(), c.fault) {
					t.Errorf("%v", pulled.Faults)
				}
				return
			}
			if len(pulled.Faults) > 0 {
				t.Fatal(pulled.Faults)
			}
			b := sink.batches[0]
			if len(b.rows) != c.rows || len(b.rejects) != c.rejects || !strings.Contains(rules(pulled), c.notice) || c.notice == "" && rules(pulled) != "" {
				t.Errorf("%q, %v, %s", b.rows, b.rejects, rules(pulled))
			}
		})
	}
}

// A cell of a column that no figure needs does not take its row away.
func TestSpareCellsAreLeftOut(t *testing.T) {
	table := visits()
	table.Columns[4].Spare = true
	sink, pulled := pull(t, folder(t, map[string]string{
		"visits.csv": "id,at,weight\n1,2026-01-05 10:00:01,tung\n2,2026-01-05 10:00:02,12.345\n3,2026-01-05 10:00:03,2.5kg\n4,2026-01-05 10:00:03,7\n",
	}, func(o *dropfolder.Options) { o.Tables = []etl.Table{table} }))
	if len(sink.batches[0].rows) != 4 || len(sink.batches[0].rejects) != 0 {
		t.Fatal(sink.batches[0])
	}
	n := pulled.Batches[0].Drift.Notices
	if len(n) != 1 || n[0].Count != 3 || n[0].Line != 2 || n[0].Column != "weight" || n[0].Rule != "cell-left-out" || n[0].Sample != "tung" {
		t.Errorf("%+v", n)
	}
}

// Times whose seconds were cut off are read, and said.
func TestTimesWithoutSeconds(t *testing.T) {
	times := func(second string) string {
		content := "id,at\n"
		for i := range 60 {
			content += fmt.Sprintf("%d,2026-01-05 10:%02d%s\n", i+1, i, second)
		}
		return content
	}
	for content, want := range map[string]string{
		times(""): "at:times-without-seconds:60", times(":00"): "at:times-without-seconds:60", times(":00") + "61,2026-01-05 11:00:01\n": "",
	} {
		_, pulled := pull(t, folder(t, map[string]string{"visits.csv": content}))
		if got := rules(pulled); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// One broken character is one bad cell; what another encoding mixed in is read, and both
// are said with their column.
func TestBadBytes(t *testing.T) {
	sink, pulled := pull(t, folder(t, map[string]string{
		"visits.csv": "id,at,note,titel\n1,2026-01-05 10:00:01,blåbær,\n2,2026-01-05 10:00:02,p\xe5,Pas p\xc3\n",
	}))
	if got := sink.batches[0].rows; len(got) != 2 || !strings.Contains(got[0], "note=blåbær") || !strings.Contains(got[1], "note=på") {
		t.Errorf("%q", got)
	}
	got := rules(pulled)
	for _, want := range []string{"note:mixed-encoding:1", "titel:broken-character:1"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %s", got, want)
		}
	}
}
