package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Document is one report as values. Every text in it is meant for Danish readers.
type Document struct {
	Title        string    `json:"title"`
	Subtitle     string    `json:"subtitle,omitempty"`
	Municipality string    `json:"municipality,omitempty"` // name; "" for a report over all of DDH
	Period       Period    `json:"period"`
	Language     string    `json:"language"`        // "da"
	Creator      string    `json:"creator"`         // who issues it, for the file's properties
	Issued       time.Time `json:"issued"`          // until when the data reach; also the files' own time stamp
	Release      string    `json:"release"`         // run or release id the figures come from
	Flags        []string  `json:"flags,omitempty"` // printed on every page, e.g. "Simulerede data"
	Facts        []Fact    `json:"facts,omitempty"` // "Data til og med", "Kontakt", …
	Sections     []Section `json:"sections"`
}

// Fact is one labelled line about the report or its subject.
type Fact struct {
	Label string `json:"label"`
	Value Value  `json:"value"`
}

// Section is one chapter. The first section of a document is its page one.
type Section struct {
	Name    string   `json:"name"` // stable, ASCII, unique in the document
	Heading string   `json:"heading"`
	Finding string   `json:"finding,omitempty"` // one sentence: what the reader should take away
	Tiles   []Tile   `json:"tiles,omitempty"`
	Tables  []Table  `json:"tables,omitempty"`
	Charts  []Chart  `json:"charts,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// Tile is one key figure as page one shows it.
type Tile struct {
	KPI       string    `json:"kpi"` // id in the catalogue
	Label     string    `json:"label"`
	Value     Value     `json:"value"`
	Target    Value     `json:"target"`
	Direction Direction `json:"direction"`
	Status    Status    `json:"status"`
	Previous  Change    `json:"previous"`
	LastYear  Change    `json:"last_year"`
	N         int64     `json:"n"`
	NLabel    string    `json:"n_label"` // what n counts, e.g. "besvarede opkald"
	Finding   string    `json:"finding"` // one sentence
}

// Change sets a tile's value beside that of another period.
type Change struct {
	Against    string `json:"against"` // the other period's label
	Value      Value  `json:"value"`
	Difference string `json:"difference"` // as Difference prints it
}

// Direction is which way a target is good.
type Direction string

// A target with direction min is an upper limit, one with max a lower limit.
const (
	NoDirection Direction = ""
	Min         Direction = "min"
	Max         Direction = "max"
)

// TargetText prints a target with its direction: "højst 1:00", "mindst 70 %".
func (d Direction) TargetText(target Value) string {
	switch {
	case target.IsMissing():
		return "intet mål"
	case d == Min:
		return "højst " + target.shortest()
	case d == Max:
		return "mindst " + target.shortest()
	}
	return target.shortest()
}

// Status is how a figure stands against its target, as the warehouse says it.
type Status string

// The statuses of marts.kpi_values.
const (
	Met          Status = "met"
	Missed       Status = "missed"
	NoTarget     Status = "no_target"
	NoData       Status = "no_data"
	IsSuppressed Status = "suppressed"
)

// Unsettled is what a report says in place of Met and Missed where the target lies
// inside the figure's 95 % interval (DOMAIN §4).
const Unsettled Status = "unsettled"

// Text gives the status by shape and word, never by colour alone (DOMAIN §7):
// "● opfyldt", "▲ under mål", "■ ingen data". A missed upper limit reads "▲ ikke
// opfyldt": "under" would be the wrong way round, and "over" sounds like praise.
func (s Status) Text(d Direction) string {
	switch s {
	case Met:
		return "● opfyldt"
	case Missed:
		if d == Min {
			return "▲ ikke opfyldt"
		}
		return "▲ under mål"
	case Unsettled:
		return "◆ usikkert"
	case NoTarget:
		return "○ intet mål"
	case IsSuppressed:
		return "■ vises ikke (få svar)"
	}
	return "■ ingen data"
}

// Table is rows under typed columns. A row has exactly one Value per column.
type Table struct {
	Name    string    `json:"name"` // stable, ASCII, unique in the document
	Title   string    `json:"title"`
	Short   string    `json:"short"`             // for a tab: at most 31 characters, unique in the document
	Finding string    `json:"finding,omitempty"` // in place of the section's
	Columns []Column  `json:"columns"`
	Rows    [][]Value `json:"rows"`
	Totals  [][]Value `json:"totals,omitempty"` // rows below, which no reader sorts or filters with the others
	Heat    Heat      `json:"heat,omitzero"`
	Empty   string    `json:"empty,omitempty"` // sentence shown in place of no rows
	Notes   []string  `json:"notes,omitempty"`
}

// Heat shades the cells of neighbouring columns by their size, all compared with each
// other and the largest darkest, so that many like figures can be read as a map. The
// shade stands behind the number and never in place of it. The zero Heat is none.
type Heat struct {
	From string `json:"from"` // key of the first column
	To   string `json:"to"`   // key of the last column
}

// Column is one typed column. Labels are unique within a table, in any case of
// letters: a spreadsheet insists.
type Column struct {
	Key         string `json:"key"` // stable, ASCII, unique in the table
	Label       string `json:"label"`
	Unit        Unit   `json:"unit"`
	Description string `json:"description,omitempty"`
}

// Index returns the position of the column with that key, or -1.
func (t Table) Index(key string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
}

// Chart is a drawing of columns of one table of the same document, so that every
// chart has its data table and neither can differ from the other.
type Chart struct {
	Name     string   `json:"name"` // stable, ASCII, unique in the document
	Title    string   `json:"title"`
	Table    string   `json:"table"`    // name of the table
	Category string   `json:"category"` // key of the column along the axis
	Series   []Series `json:"series"`
	Format   Format   `json:"format"`        // of the value axis
	First    int      `json:"first"`         // draw only the first rows; 0 = all
	Finding  string   `json:"finding"`       // one sentence
	Alt      string   `json:"alt,omitempty"` // text alternative
}

// SeriesKind is how a series is drawn.
type SeriesKind string

// A target is a dashed line without markers.
const (
	Columns SeriesKind = "columns"
	Bars    SeriesKind = "bars"
	Line    SeriesKind = "line"
	Target  SeriesKind = "target"
)

// Series is one column of the chart's table.
type Series struct {
	Column string     `json:"column"` // key
	Kind   SeriesKind `json:"kind"`
}

// Table finds a table by name.
func (d Document) Table(name string) (Table, bool) {
	for _, section := range d.Sections {
		for _, table := range section.Tables {
			if table.Name == name {
				return table, true
			}
		}
	}
	return Table{}, false
}

// Check reports the first fault in the document's make-up: names that are not
// unique, rows of the wrong width, charts that refer to what is not there. Encoders
// call it first, so that a builder's mistake is an error and not a broken file.
func (d Document) Check() error {
	seen := map[string]bool{}
	for _, section := range d.Sections {
		if err := once(seen, "section", section.Name); err != nil {
			return err
		}
		for _, table := range section.Tables {
			if err := once(seen, "table", table.Name); err != nil {
				return err
			}
			if err := once(seen, "short title", table.Short); err != nil {
				return err
			}
			if err := table.check(); err != nil {
				return err
			}
		}
		for _, chart := range section.Charts {
			if err := once(seen, "chart", chart.Name); err != nil {
				return err
			}
			if err := d.checkChart(chart); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t Table) check() error {
	keys, labels := map[string]bool{}, map[string]bool{}
	for _, column := range t.Columns {
		if err := once(keys, "column", column.Key); err != nil {
			return fmt.Errorf("table %q: %w", t.Name, err)
		}
		if err := once(labels, "label", strings.ToLower(column.Label)); err != nil {
			return fmt.Errorf("table %q: %w", t.Name, err)
		}
	}
	for i, row := range slices.Concat(t.Rows, t.Totals) {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells for %d columns", t.Name, i+1, len(row), len(t.Columns))
		}
	}
	if t.Heat != (Heat{}) && (t.Index(t.Heat.From) < 0 || t.Index(t.Heat.To) < t.Index(t.Heat.From)) {
		return fmt.Errorf("table %q: shades from column %q to %q", t.Name, t.Heat.From, t.Heat.To)
	}
	return nil
}

func (d Document) checkChart(chart Chart) error {
	table, found := d.Table(chart.Table)
	if !found {
		return fmt.Errorf("chart %q refers to table %q, which is not in the document", chart.Name, chart.Table)
	}
	for _, key := range append([]string{chart.Category}, chart.columns()...) {
		if table.Index(key) < 0 {
			return fmt.Errorf("chart %q refers to column %q, which table %q has not", chart.Name, key, chart.Table)
		}
	}
	return nil
}

func (c Chart) columns() []string {
	keys := make([]string, len(c.Series))
	for i, series := range c.Series {
		keys[i] = series.Column
	}
	return keys
}

func once(seen map[string]bool, what, name string) error {
	id := what + " " + name
	if name == "" {
		return fmt.Errorf("a %s has no name", what)
	}
	if seen[id] {
		return fmt.Errorf("%s %q occurs twice", what, name)
	}
	seen[id] = true
	return nil
}
