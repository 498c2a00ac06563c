package xlsx

import (
	"fmt"
	"math"

	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/xuri/excelize/v2"
)

// Size of a chart in excelize's pixels. Three stand side by side where the table
// above them is wide enough, else they stand below each other. A chart of a narrow
// table stands beside it: there it is seen without scrolling past the last row.
const (
	chartHeight  = 300
	tallChart    = 520
	besideWidth  = 560
	narrowTable  = 72.0 // characters: three numbers beside the longest name of a municipality
	chartGap     = 24
	chartLeast   = 400
	chartMost    = 1000
	chartPerRow  = 3
	pixelsPerRow = 20
)

// charts draws a section's charts beside the table or from the given row on, and then
// no wider than the table.
func (b *book) charts(sheet string, charts []reports.Chart, row int, widths []float64) {
	if len(charts) == 1 && isNarrow(widths) {
		b.chart(sheet, charts[0], name(len(widths)+2, headerRow), besideWidth, tallChart)
		return
	}
	slots := chartSlots(len(charts), widths)
	for i, chart := range charts {
		slot := slots[i%len(slots)]
		at := row + i/len(slots)*(chartHeight/pixelsPerRow+2)
		b.chart(sheet, chart, name(slot.column, at), slot.width, chartHeight)
	}
}

func isNarrow(widths []float64) bool { return sum(widths) <= narrowTable }

// slot is a place for a chart: the column, from 1, at whose left edge it begins, and
// its width in pixels.
type slot struct{ column, width int }

// chartSlots shares the width of a table among the charts of one row. Each begins at
// the edge of a column, because Excel cuts an offset into a column that is narrower
// on its screen than excelize thinks.
func chartSlots(charts int, widths []float64) []slot {
	edges := []int{0}
	for _, width := range widths {
		edges = append(edges, edges[len(edges)-1]+pixels(width))
	}
	total := edges[len(edges)-1]
	perRow := min(charts, chartPerRow)
	if perRow > 1 && total/perRow < chartLeast {
		perRow = 1
	}
	var slots []slot
	for i := range perRow {
		from, to := nearest(edges, i*total/perRow), nearest(edges, (i+1)*total/perRow)
		width := edges[to] - edges[from]
		if i < perRow-1 {
			width -= chartGap
		}
		slots = append(slots, slot{column: from + 1, width: min(max(width, chartLeast), chartMost)})
	}
	return slots
}

// pixels is the width of a column of so many characters as excelize reckons it when
// it turns a chart's size into cells.
func pixels(characters float64) int { return int(characters*8 + 0.5) }

// nearest is the index of the edge closest to a distance.
func nearest(edges []int, distance int) int {
	best := 0
	for i, edge := range edges {
		if abs(edge-distance) < abs(edges[best]-distance) {
			best = i
		}
	}
	return best
}

func abs(x int) int { return max(x, -x) }

func (b *book) chart(sheet string, chart reports.Chart, cell string, width, height int) {
	table, _ := b.doc.Table(chart.Table) // Check has seen to that
	parts := b.chartParts(chart, table)
	if len(parts) == 0 {
		return
	}
	first := parts[0]
	first.Title = excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{
		Text: clean(chart.Title), Font: &excelize.Font{Size: 12, Bold: true, Color: navy, Family: fontFamily},
	}}}
	first.Legend = excelize.ChartLegend{Position: "bottom", Font: &excelize.Font{Size: 10, Color: ink}}
	if len(chart.Series) == 1 {
		first.Legend.Position = "none"
	}
	first.Dimension = excelize.ChartDimension{Width: uint(width), Height: uint(height)}
	// Not "oneCell": there excelize writes an end inside the first cell, to which
	// Excel shrinks the chart.
	first.Format = excelize.GraphicOptions{AltText: clean(chart.Alt), Name: clean(chart.Title), Positioning: "absolute"}
	b.try(b.file.AddChart(sheet, cell, first, parts[1:]...))
}

// chartParts makes one Excel chart per kind of series, in the order in which they
// are drawn over each other.
func (b *book) chartParts(chart reports.Chart, table reports.Table) []*excelize.Chart {
	var parts []*excelize.Chart
	for _, series := range chart.Series {
		if isLine(series.Kind) && hasGap(table, series.Column, b.chartRows(chart)) {
			// Excel draws the text "-" of a missing cell as zero. A column of no
			// height is right; a line that dives to zero would be a lie.
			continue
		}
		part := b.part(chart, table, series)
		if part != nil && len(parts) > 0 && parts[len(parts)-1].Type == part.Type {
			last := parts[len(parts)-1]
			last.Series = append(last.Series, part.Series...)
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

func (b *book) part(chart reports.Chart, table reports.Table, series reports.Series) *excelize.Chart {
	gap := uint(60)
	part := &excelize.Chart{
		Series:       []excelize.ChartSeries{b.series(chart, table, series)},
		XAxis:        excelize.ChartAxis{Font: excelize.Font{Size: 10, Color: ink}},
		YAxis:        valueAxis(chart, table),
		ShowBlanksAs: "gap",
	}
	switch series.Kind {
	case reports.Bars:
		part.Type, part.GapWidth, part.XAxis.ReverseOrder = excelize.Bar, &gap, true
	case reports.Columns:
		part.Type, part.GapWidth = excelize.Col, &gap
	default:
		part.Type = excelize.Line
	}
	return part
}

// valueAxis begins at zero and prints round numbers without decimals.
func valueAxis(chart reports.Chart, table reports.Table) excelize.ChartAxis {
	whole := chart.Format
	whole.Decimals = 0
	axis := excelize.ChartAxis{
		MajorGridLines: true,
		Font:           excelize.Font{Size: 10, Color: ink},
		NumFmt:         excelize.ChartNumFmt{CustomNumFmt: numberFormat(whole)},
		Minimum:        new(0.0),
	}
	if chart.Format.Unit == reports.UnitSeconds {
		axis.MajorUnit = secondsStep(largest(chart, table)) / secondsPerDay
	}
	return axis
}

// secondsStep is a step that reads well on a clock: Excel itself would take tenths
// of a day's fraction.
func secondsStep(most float64) float64 {
	const marks = 8
	for _, step := range []float64{5, 10, 15, 30, 60, 120, 300, 600} {
		if most/step <= marks {
			return step
		}
	}
	return math.Ceil(most/marks/600) * 600
}

func largest(chart reports.Chart, table reports.Table) float64 {
	most := 0.0
	for _, series := range chart.Series {
		for _, row := range table.Rows {
			most = max(most, row[table.Index(series.Column)].Number)
		}
	}
	return most
}

func (b *book) series(chart reports.Chart, table reports.Table, series reports.Series) excelize.ChartSeries {
	out := excelize.ChartSeries{
		Name:       b.reference(chart, table.Index(series.Column), headerRow, headerRow),
		Categories: b.reference(chart, table.Index(chart.Category), headerRow+1, headerRow+b.chartRows(chart)),
		Values:     b.reference(chart, table.Index(series.Column), headerRow+1, headerRow+b.chartRows(chart)),
	}
	switch series.Kind {
	case reports.Target:
		out.Line, out.Fill = line(2, excelize.LineDashDash), solid(rust)
		out.Marker = excelize.ChartMarker{Symbol: "none"}
	case reports.Line:
		out.Line, out.Fill = line(1.75, excelize.LineDashSolid), solid(sky)
		out.Marker = excelize.ChartMarker{Symbol: "diamond", Size: 6, Fill: solid(sky)}
	default:
		out.Fill = solid(barColour(chart, series))
	}
	return out
}

// barColour tells the bars of one series from those beside them, as light from dark.
func barColour(chart reports.Chart, series reports.Series) string {
	for _, other := range chart.Series {
		if other.Kind == series.Kind {
			if other == series {
				return navy
			}
			break
		}
	}
	return shade
}

// line has no colour of its own: excelize takes that from the series' fill.
func line(width float64, dash excelize.LineDashType) excelize.LineOptions {
	return excelize.LineOptions{Type: excelize.LineSolid, Dash: dash, Width: width}
}

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// reference is an absolute range of one column of the chart's table.
func (b *book) reference(chart reports.Chart, column, from, to int) string {
	letter, err := excelize.ColumnNumberToName(column + 1)
	b.try(err)
	sheet := quote(b.places[chart.Table].sheet)
	if from == to {
		return fmt.Sprintf("%s!$%s$%d", sheet, letter, from)
	}
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", sheet, letter, from, letter, to)
}

func (b *book) chartRows(chart reports.Chart) int {
	rows := b.places[chart.Table].rows
	if chart.First > 0 {
		return min(rows, chart.First)
	}
	return rows
}

func isLine(kind reports.SeriesKind) bool { return kind == reports.Line || kind == reports.Target }

func hasGap(table reports.Table, column string, rows int) bool {
	at := table.Index(column)
	for _, row := range table.Rows[:min(rows, len(table.Rows))] {
		if row[at].Kind != reports.IsNumber {
			return true
		}
	}
	return len(table.Rows) == 0
}
