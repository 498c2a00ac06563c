package docs_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/den-digitale-hotline/ddh/reports/docs"
)

func sample() docs.Catalogue {
	seventy := 0.7
	return docs.Catalogue{
		Program: "1.2.3",
		KPIs: []docs.KPI{{
			ID: "first_contact_resolution", Label: "Straksafklaring", Definition: "Andel <uden> retur & omveje.",
			Formula: "a / b", Unit: reports.UnitShare, Direction: "max", Target: &seventy,
			Citizen: []string{"total", "queue"}, Agent: []string{"agent"}, Exclusions: []string{"Uden for åbningstid"},
		}},
		Tables: []docs.Table{
			{Schema: "raw", Name: "calls", Columns: []docs.Column{{Name: "source", Unit: "text", Note: "only a keyed pseudonym is written"}}},
			{Schema: "raw", Name: "lonely"},
			{Schema: "staging", Name: "stg_calls", Doc: "One row per call.", Grain: "call_id", Build: "view", Reads: []string{"raw.calls"}},
			{Schema: "marts", Name: "dim_day"},
			{
				Schema: "marts", Name: "fct_calls", Doc: "One row per call, judged.", Grain: "call_id", Build: "table",
				Reads:  []string{"staging.stg_calls", "marts.dim_day"},
				Checks: []docs.Check{{Text: "wait_seconds >= 0", Warns: true}},
			},
		},
		Checks: []docs.Check{{Name: "calls_add_up", Text: "Nothing is counted twice."}},
		Spine:  []string{"raw.calls", "staging.stg_calls", "marts.fct_calls"},
	}
}

func written(t *testing.T, c docs.Catalogue) string {
	t.Helper()
	var b bytes.Buffer
	if err := docs.Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPageTellsAll looks for what a reader must find.
func TestPageTellsAll(t *testing.T) {
	page := written(t, sample())
	for _, want := range []string{
		`<html lang="da">`, "Straksafklaring", "mindst\u00a070\u00a0%", "Andel &lt;uden&gt; retur &amp; omveje.",
		`<span class="side">Borger</span> hele DDH, kø`, `<span class="side">Medarbejder</span> medarbejder`,
		"Uden for åbningstid", `<article class="table" id="staging-stg_calls">`, `<a href="#raw-calls">raw.calls</a>`,
		`<th scope="row"><code>source</code></th>`, "only a keyed pseudonym is written",
		"<code>wait_seconds &gt;= 0</code> <span class=\"warn\">warns</span>", "Nothing is counted twice.", "■ stops publication",
		`lang="en"`, "@media print", "prefers-color-scheme: dark",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, unwanted := range []string{"<script", "http://", "https://", "url("} {
		if strings.Contains(page, unwanted) {
			t.Errorf("the page has %q: it must stand alone", unwanted)
		}
	}
}

// TestLinksLeadSomewhere follows every link of the page.
func TestLinksLeadSomewhere(t *testing.T) {
	page := written(t, sample())
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("the id %q is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to %q, which is not there", m[1])
		}
	}
}

// TestDrawingIsWellFormed reads the SVG as XML.
func TestDrawingIsWellFormed(t *testing.T) {
	page := written(t, sample())
	start, end := strings.Index(page, "<svg"), strings.Index(page, "</svg>")
	d := xml.NewDecoder(strings.NewReader(page[start : end+len("</svg>")]))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSameCatalogueSamePage(t *testing.T) {
	once, again := written(t, sample()), written(t, sample())
	if once != again {
		t.Error("two pages of one catalogue differ")
	}
}

// TestDrawing places tables from source to reader, marks the spine, and leaves out
// what has no lines.
func TestDrawing(t *testing.T) {
	g := docs.Draw(sample().Tables, sample().Spine)
	x := map[string]int{}
	marked := 0
	for _, n := range g.Nodes {
		x[n.Label] = n.X
		if n.Spine {
			marked++
		}
		if n.X < 0 || n.Y < 0 || n.X+n.Width() > g.Width || n.Y+n.Height() > g.Height {
			t.Errorf("%s lies outside of the drawing", n.Name)
		}
	}
	if x["calls"] >= x["stg_calls"] || x["stg_calls"] >= x["dim_day"] || x["dim_day"] >= x["fct_calls"] {
		t.Errorf("the columns are out of order: %v", x)
	}
	if _, drawn := x["lonely"]; drawn {
		t.Error("a table without lines is drawn")
	}
	if marked != 3 {
		t.Errorf("%d tables are marked, want 3", marked)
	}
	last := g.Nodes[len(g.Nodes)-1]
	if len(last.Edges) != 2 || !last.Edges[0].Spine || !strings.Contains(last.Edges[0].Path, "H") {
		t.Errorf("the marked line does not pass the columns between: %+v", last.Edges)
	}
}
