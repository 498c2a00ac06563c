package xlsx_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports"
)

type anchors struct {
	Anchors []struct {
		From corner `xml:"from"`
		To   corner `xml:"to"`
	} `xml:"twoCellAnchor"`
}

type corner struct {
	Col    int `xml:"col"`
	ColOff int `xml:"colOff"`
	Row    int `xml:"row"`
	RowOff int `xml:"rowOff"`
}

// A chart lies between two cells; Excel cuts an offset at the cell's own size, so a
// chart that ends in its first row would be one row high.
func TestChartsStandSideBySideBelowTheirTable(t *testing.T) {
	doc := report(t)
	section := &doc.Sections[1]
	table := &section.Tables[0]
	for i := range 8 { // wide enough for three
		table.Columns = append(table.Columns, reports.Column{Key: fmt.Sprint("more", i), Label: fmt.Sprint("Endnu en kolonne ", i)})
		for r := range table.Rows {
			table.Rows[r] = append(table.Rows[r], reports.Text("en tekst af nogen længde"))
		}
	}
	for i := range 3 {
		chart := section.Charts[0]
		chart.Name = fmt.Sprint("chart", i)
		section.Charts = append(section.Charts, chart)
	}
	section.Charts = section.Charts[1:]
	var drawing anchors
	if err := xml.Unmarshal([]byte(unzip(t, encode(t, doc))["xl/drawings/drawing1.xml"]), &drawing); err != nil {
		t.Fatal(err)
	}
	if len(drawing.Anchors) != 3 {
		t.Fatalf("%d charts", len(drawing.Anchors))
	}
	for i, anchor := range drawing.Anchors {
		from, to := anchor.From, anchor.To
		if from.Row <= 8 || to.Row-from.Row != 15 {
			t.Errorf("chart %d spans rows %d to %d", i, from.Row, to.Row)
		}
		if from.ColOff != 0 || to.Col <= from.Col {
			t.Errorf("chart %d begins %d into its column and ends in column %d of %d", i, from.ColOff, to.Col, from.Col)
		}
		if i > 0 && from.Col < drawing.Anchors[i-1].To.Col {
			t.Errorf("chart %d begins in column %d, before the one beside it ends", i, from.Col)
		}
	}
}

func TestSheetsSayHowFarTheyGo(t *testing.T) {
	sheet := unzip(t, encode(t, report(t)))["xl/worksheets/sheet4.xml"]
	if !strings.Contains(sheet, `<dimension ref="A1:D9">`) {
		t.Errorf("the sheet begins %.300s", sheet)
	}
}
