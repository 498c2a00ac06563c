package web_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/web"
)

// uses is a table as the guide library's.
var uses = etl.Table{
	Name: "uses", Aliases: []string{"useList"},
	Columns: []etl.Column{
		{Name: "at", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "guide", Required: true},
		{Name: "agent"},
	},
}

// shape maps a column, hides one, and leaves the rows of guide 99 out.
var shape = web.Shape{
	Table: uses, Names: map[string]string{"agent": "bruger"},
	Hidden: func(name string) bool { return name == "modtager" },
	Keep:   func(text func(string) string) bool { return text("guide") != "99" },
}

// out takes what is handed out, a line each.
type out struct{ lines []string }

func (o *out) Header(columns []string) error {
	o.lines = append(o.lines, strings.Join(columns, "|"))
	return nil
}
func (o *out) Row(fields []string) error {
	o.lines = append(o.lines, strings.Join(fields, "|"))
	return nil
}

// answer is a case of a reader: lines that are handed out, or the Trouble that is got.
type answer struct {
	body string
	want []string
	kind etl.Kind
	text string
}

func (c answer) check(t *testing.T, add func(*web.Rows, *web.Answer) error) {
	t.Helper()
	rows, got := shape.Collect(), &out{}
	err := add(rows, &web.Answer{Body: iotest.OneByteReader(strings.NewReader(c.body))})
	if err == nil {
		err = rows.HandOut(got)
	}
	var trouble *etl.Trouble
	switch {
	case c.text == "" && err != nil:
		t.Errorf("%s: %v", c.body, err)
	case c.text != "" && (!errors.As(err, &trouble) || trouble.Kind != c.kind || trouble.Message != "the service: "+c.text):
		t.Errorf("%s: got %v, want %v %q", c.body, err, c.kind, c.text)
	}
	if diff := cmp.Diff(c.want, got.lines); c.text == "" && diff != "" {
		t.Errorf("%s (-want +got):\n%s", c.body, diff)
	}
}

func TestJSON(t *testing.T) {
	two := []string{"at|bruger|guide", "2026-01-05|anna|7", "2026-01-06||8"}
	const rows = `[{"guide": 8, "at": "2026-01-06", "bruger": null}, {"at": "2026-01-05", "guide": "7", "bruger": "anna"}]`
	const cut, wrong = etl.Passing, etl.Contract
	for name, c := range map[string]answer{
		"an array":                        {body: rows, want: two},
		"with a byte-order mark":          {body: "\ufeff" + rows, want: two},
		"the only one":                    {body: `{"n": 2, "deep": {"uses": [1]}, "items": ` + rows + `}`, want: two},
		"the one with the name":           {body: `{"a": [{"guide": 1}], "uses": ` + rows + `, "b": [1, "x", null, [2]]}`, want: two},
		"an alias":                        {body: `{"a": [{"x": 1}], "UseList": ` + rows + `}`, want: two},
		"twice the same":                  {body: rows[:len(rows)-1] + "," + rows[1:], want: two},
		"a row nobody wants":              {body: rows[:len(rows)-1] + `, {"guide": 99}]`, want: two},
		"a column that is hidden":         {body: rows[:len(rows)-1] + `, {"guide": "99", "modtager": "20123456"}]`, want: two},
		"a name that is personal itself":  {body: `[{"guide": 9, "20123456": "x"}]`, want: []string{"guide", "9"}},
		"an unknown column shows no text": {body: `[{"guide": 9, "note": "Anna, 20123456"}]`, want: []string{"guide|note", "9|"}},
		"values of all kinds":             {body: `[{"guide": {"a": [1]}, "at": true, "bruger": 1.50}]`, want: []string{"at|bruger|guide", `true|1.50|{"a": [1]}`}},
		"no rows":                         {body: `[]`, want: []string{"at|guide|bruger"}},
		"rows without anything":           {body: `[{}, {}]`, want: []string{"at|guide|bruger"}},
		"null instead of an array":        {body: `{"uses": null}`, want: []string{"at|guide|bruger"}},
		"nothing":                         {body: ``, kind: cut, text: "the answer is empty"},
		"cut off in a row":                {body: rows[:30], kind: cut, text: "the answer is cut off"},
		"cut off after a row":             {body: rows[:len(rows)-1], kind: cut, text: "the answer is cut off"},
		"two documents":                   {body: rows + rows, kind: wrong, text: "the answer is not valid JSON: more follows after its end"},
		"a page":                          {body: `<html>Anna</html>`, kind: wrong, text: "the answer is not valid JSON: invalid character '<' looking for beginning of value"},
		"no objects":                      {body: `["Anna"]`, kind: wrong, text: "its JSON array holds something else than objects"},
		"no array":                        {body: `{"fejl": "Anna"}`, kind: wrong, text: "its JSON holds no array uses"},
		"no array at all":                 {body: `"Anna"`, kind: wrong, text: "its JSON holds no array uses"},
		"two arrays":                      {body: `{"a": [{"guide": 1}], "b": []}`, kind: wrong, text: "its JSON holds several arrays, and it is not clear which has the rows"},
		"other columns":                   {body: `[{"Anna": 1, "Bo": 2}]`, kind: wrong, text: "none of the 2 columns it sent is one of uses"},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, (*web.Rows).AddJSON) })
	}
}

func TestCSV(t *testing.T) {
	two := []string{"at|bruger|guide", "2026-01-05|anna|7", "2026-01-06|bo; den lille|8"}
	const cut, wrong = etl.Passing, etl.Contract
	for name, c := range map[string]answer{
		"semicolons":                      {body: "guide;at;bruger\n8;2026-01-06;\"bo; den lille\"\n7;2026-01-05;anna\n", want: two},
		"commas, no last line end":        {body: "guide,at,bruger\r\n8,2026-01-06,bo; den lille\r\n7,2026-01-05,anna", want: two},
		"tabs and a byte-order mark":      {body: "\ufeffguide\tat\tbruger\n8\t2026-01-06\tbo; den lille\n7\t2026-01-05\tanna\n", want: two},
		"Windows-1252":                    {body: "guide;bruger\n7;S\xf8ren\n", want: []string{"bruger|guide", "Søren|7"}},
		"twice the same":                  {body: "guide\n7\n7\n", want: []string{"guide", "7"}},
		"a hidden column":                 {body: "guide;modtager;bruger\n7;20123456;anna\n", want: []string{"bruger|guide", "anna|7"}},
		"an unknown column shows no text": {body: "guide;note\n7;Anna 20123456\n", want: []string{"guide|note", "7|"}},
		"rows of another width":           {body: "guide;modtager\n7;20123456;x\n7\n8;y\n", want: []string{"guide", "8", "", "|"}},
		"a header alone":                  {body: "guide;at\n", want: []string{"at|guide"}},
		"nothing":                         {body: "", kind: cut, text: "the answer is empty: it has not even a header"},
		"blank lines":                     {body: "\n\n", kind: cut, text: "the answer is empty: it has not even a header"},
		"cut off in a row":                {body: "guide;at\n7;2026-01-05\n8", kind: cut, text: "the answer ends inside a row"},
		"cut off in quotes":               {body: "guide;at\n7;\"2026-0", kind: cut, text: "the answer ends inside a quoted field"},
		"quotes that are not doubled":     {body: "guide;at\n7;\"a\"b\"\n\"c\";d\"\n", kind: wrong, text: "the answer is not valid CSV: extraneous or missing \" in quoted-field"},
		"a page":                          {body: "\n<html>Anna</html>", kind: wrong, text: "the answer is a web page, not CSV"},
		"JSON":                            {body: `[{"guide": "Anna"}]`, kind: wrong, text: "the answer is JSON, not CSV"},
		"no text":                         {body: "guide\n\x00", kind: wrong, text: "the answer is no text"},
		"no header":                       {body: "Anna;Hansen\nBo;Jensen\n", kind: wrong, text: "none of the 2 columns it sent is one of uses"},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, (*web.Rows).AddCSV) })
	}
}

// TestSeveralAnswers become one: the columns of all, and rows that came twice once.
func TestSeveralAnswers(t *testing.T) {
	rows, got := shape.Collect(), &out{}
	for _, body := range []string{`[{"guide": 1}]`, `{"x": [{"at": 3}], "uses": [{"bruger": "bo", "guide": 2}]}`, `[]`, `[{"guide": 1}]`} {
		if err := rows.AddJSON(&web.Answer{Body: strings.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.HandOut(got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"bruger|guide", "|1", "bo|2"}, got.lines); diff != "" {
		t.Error(diff)
	}
}

// TestTheArrayThatWasAskedFor is read whatever else there is, and no other for it.
func TestTheArrayThatWasAskedFor(t *testing.T) {
	named := shape
	named.Array = "callList"
	for body, want := range map[string]string{
		`{"callList": [{"guide": 7}], "manualList": [{"guide": 8}]}`: "[guide 7]",
		`{"manualList": [7, "x"], "callList": [{"guide": 7}]}`:       "[guide 7]",
		`{"callList": null, "manualList": [{"guide": 8}]}`:           "[at|guide|bruger]",
		`{"callList": [], "manualList": null}`:                       "[at|guide|bruger]",
		`{"manualList": [{"guide": 8}]}`:                             "the service: its JSON holds no array callList",
		`[{"guide": 8}]`:                                             "the service: its JSON holds no array callList",
	} {
		rows, got := named.Collect(), &out{}
		err := rows.AddJSON(&web.Answer{Body: strings.NewReader(body)})
		if err == nil {
			err = rows.HandOut(got)
		}
		text := fmt.Sprint(got.lines)
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s: %s, want %s", body, text, want)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	const rows = 20_000
	row := `{"id": 4483, "at": "2026-03-04T10:00:00.000+0100", "guide": "g17", "bruger": "anna", "note": "skal ikke med", "a": 1, "b": null, "c": "x"}`
	body := "[" + strings.Repeat(row+",", rows-1) + row + "]"
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := shape.Collect().AddJSON(&web.Answer{Body: strings.NewReader(body)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCSV(b *testing.B) {
	const rows = 20_000
	body := "id;at;guide;bruger;note;a;b;c\n" + strings.Repeat("4483;2026-03-04 10:00:00;g17;anna;skal ikke med;1;;x\n", rows)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := shape.Collect().AddCSV(&web.Answer{Body: strings.NewReader(body)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func TestReadersPassOnWhatTheBodySays(t *testing.T) {
	want := &etl.Trouble{Kind: etl.Passing, Message: "cut"}
	for body, add := range map[string]func(*web.Rows, *web.Answer) error{
		"": (*web.Rows).AddJSON, `[{"guide": 7}`: (*web.Rows).AddJSON, `[{"guide": 7}]`: (*web.Rows).AddJSON,
		"\n": (*web.Rows).AddCSV, "guide;at\n": (*web.Rows).AddCSV,
	} {
		a := &web.Answer{Body: iotest.DataErrReader(&failing{strings.NewReader(body), want})}
		var got *etl.Trouble
		if err := add(shape.Collect(), a); !errors.As(err, &got) || got != want {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// failing is a reader that ends in an error.
type failing struct {
	from *strings.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.from.Len() == 0 {
		return 0, f.err
	}
	return f.from.Read(p)
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[{"guide": 7, "at": "x"}]`, `{"uses": [{"bruger": null}], "b": [[]]}`, `{"a": [`, "\ufeff[]", `[{"guide": 1}] x`, `{"uses": null}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { fuzz(t, body, (*web.Rows).AddJSON) })
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"guide;at\n7;8\n", "guide,at\r\n\"a\"\"b\",c", "\ufeffguide\n\n\xf8\n", "guide;modtager\n7\n;;;\n", "\"guide", "at\tguide\n\"x\ny\"\tz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { fuzz(t, body, (*web.Rows).AddCSV) })
}

// fuzz sees that a reader either classes what it got or hands out rows, that a hidden
// column stays hidden, and that nothing depends on how the bytes arrive.
func fuzz(t *testing.T, body string, add func(*web.Rows, *web.Answer) error) {
	read := func(a *web.Answer) string {
		rows, got := shape.Collect(), &out{}
		err := add(rows, a)
		var trouble *etl.Trouble
		if err != nil && (!errors.As(err, &trouble) || trouble.Message == "") {
			t.Fatalf("not classed: %v", err)
		}
		if err == nil {
			err = rows.HandOut(got)
		}
		if len(got.lines) > 0 && slices.Contains(strings.Split(got.lines[0], "|"), "modtager") {
			t.Fatalf("a hidden column is handed out: %q", got.lines)
		}
		return fmt.Sprint(err, got.lines)
	}
	whole := read(&web.Answer{Body: strings.NewReader(body)})
	if pieces := read(&web.Answer{Body: iotest.HalfReader(strings.NewReader(body))}); pieces != whole {
		t.Errorf("whole: %s\nin pieces: %s", whole, pieces)
	}
}
