package convert

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Format says what values may look like beyond what is understood everywhere. Of a
// delivery it holds what is known of all columns; what is left open is settled column by
// column (see Census).
type Format struct {
	// DayMonth is the order of dates whose form allows more than one.
	DayMonth Order
	// Decimal is the mark that begins decimals, '.' or ',', and Thousands the one that
	// parts thousands; 0 where it is not known.
	Decimal, Thousands byte
	// SerialEpoch is the day number of 1970-01-01 where times come as numbers of
	// days, as in spreadsheets; 0 where they do not.
	SerialEpoch int
}

// Options describe one delivery of one table.
type Options struct {
	Table   etl.Table
	Header  []string          // column names as delivered; case and blanks around do not matter
	Names   map[string]string // canonical column name to the name it is delivered under; may be nil
	Format  Format
	Protect *privacy.Key
	// Formats is what the configuration says of how Source, the name it has there, writes
	// its values.
	Formats etl.Formats
	Source  string
	Today   time.Time // a date after which nothing can have happened yet; zero where it is not known
}

// Plan is a contract bound to the columns of one delivery. Once it is settled it is
// read-only and shared by the Converters of all goroutines.
type Plan struct {
	table    etl.Table
	format   Format
	protect  *privacy.Key
	header   []string
	byName   map[string]int // lower-case name, delivered or canonical, to position
	schema   *arrow.Schema
	bindings []binding
	bound    []int   // of the bindings, those that read a delivered column
	placed   []int   // of the bindings, those that tell what a row belongs to
	guards   []guard // per delivered column: how a rejected row may show it
	drift    etl.Drift
	used     int // delivered columns that the contract reads
	options  Options
	ledger   *ledger
	settled  bool // nothing is left open that could be told by a look at all rows
}

// binding is a contract column and the delivered columns that feed it.
type binding struct {
	etl.Column
	format    Format // as far as it is settled
	said      Order  // the order of dates that the configuration gives
	wording   wording
	from      []int    // in the order of preference
	otherCode *problem // of a text that is none of the column's codes; nil where it has none
}

// NewPlan binds the contract to a header. Names that are unknown, or missing but
// optional, become the plan's Drift. The error is an etl.Fault without origin and
// line where the header is at fault: a required column is missing, two columns
// have one name, or no column is known.
func NewPlan(o Options) (*Plan, error) {
	if o.Protect == nil {
		return nil, errors.New("convert: a plan needs a pseudonym key")
	}
	p := &Plan{table: o.Table, format: o.Format, protect: o.Protect, schema: o.Table.Schema(), options: o, ledger: newLedger()}
	if err := p.readHeader(o.Header, o.Names); err != nil {
		return nil, err
	}
	p.bind(o.Names)
	p.placing()
	p.guard()
	return p, p.check()
}

// Drift is how the delivery's columns differ from the contract, sorted, and the notices
// of the rows that the Converters have flushed.
func (p *Plan) Drift() etl.Drift {
	drift := p.drift
	drift.Notices = p.ledger.notices(p)
	return drift
}

// Header is the header's names as delivered, without blanks round them.
func (p *Plan) Header() []string { return p.header }

// Width is the number of fields every row must have.
func (p *Plan) Width() int { return len(p.header) }

// Recognised counts the names of a header that the contract, or the map of names,
// knows. It serves to tell a right guess of a file's delimiter from a wrong one.
func Recognised(table etl.Table, header []string, names map[string]string) int {
	known := map[string]bool{}
	for _, column := range table.Columns {
		for _, name := range column.Sources() {
			known[fold(name)] = true
		}
	}
	for _, name := range names {
		known[fold(name)] = true
	}
	count := 0
	for _, name := range header {
		if known[fold(name)] {
			count++
		}
	}
	return count
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func folded(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[fold(name)] = true
	}
	return set
}

func (p *Plan) readHeader(header []string, names map[string]string) error {
	p.byName = make(map[string]int, len(header)+len(names))
	for i, name := range header {
		name = strings.TrimSpace(name)
		p.header = append(p.header, name)
		if name == "" {
			continue
		}
		if first, twice := p.byName[fold(name)]; twice {
			return etl.Fault{
				Column:  name,
				Message: fmt.Sprintf("the header has the column twice, as number %d and number %d", first+1, i+1),
				Try:     "remove or rename one of the two",
			}
		}
		p.byName[fold(name)] = i
	}
	delivered := maps.Clone(p.byName)
	for canonical, name := range names {
		if i, ok := delivered[fold(name)]; ok {
			p.byName[fold(canonical)] = i
		}
	}
	return nil
}

// bind finds the delivered columns of every contract column, and the drift.
func (p *Plan) bind(names map[string]string) {
	used, ignored := make([]bool, len(p.header)), folded(p.table.Ignored)
	for _, column := range p.table.Columns {
		b := binding{
			Column: column, otherCode: unknownCode(column.Look.Codes), wording: wordingOf(column),
		}
		b.format, b.said = p.configured(column.Name)
		for _, name := range sources(column, names) {
			if i, ok := p.byName[fold(name)]; ok && !slices.Contains(b.from, i) {
				b.from = append(b.from, i)
				used[i] = true
			}
		}
		if len(b.from) == 0 && !column.Required {
			p.drift.Missing = append(p.drift.Missing, column.Name)
		}
		if len(b.from) > 0 {
			p.bound = append(p.bound, len(p.bindings))
		}
		p.bindings = append(p.bindings, b)
	}
	for i, name := range p.header {
		if used[i] {
			p.used++
			continue
		}
		if ignored[fold(name)] {
			continue
		}
		if name == "" {
			name = fmt.Sprintf("(column %d)", i+1)
		}
		p.drift.Unknown = append(p.drift.Unknown, shownName(name))
	}
	slices.Sort(p.drift.Missing)
	slices.Sort(p.drift.Unknown)
}

// sources are the names a column may come under. A name that the configuration
// gives for the column itself goes first.
func sources(column etl.Column, names map[string]string) []string {
	if _, mapped := names[column.Name]; mapped && !slices.Contains(column.Sources(), column.Name) {
		return append([]string{column.Name}, column.Sources()...)
	}
	return column.Sources()
}

// check faults a header that knows nothing or lacks a required column.
func (p *Plan) check() error {
	if p.used == 0 {
		return etl.Fault{
			Message: fmt.Sprintf("none of the columns is one of %s: the header has %s", p.table.Name, list(p.shownHeader())),
			Try:     "put the column names in the first line, or rename the file after the table it holds",
		}
	}
	var missing []string
	for _, b := range p.bindings {
		if b.Required && len(b.from) == 0 {
			missing = append(missing, strings.Join(b.Sources(), " or "))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	column, verb := "column", "is"
	if len(missing) > 1 {
		column, verb = "columns", "are"
	}
	return etl.Fault{
		Column: missing[0],
		Message: fmt.Sprintf("the required %s %s %s missing: the header has %s",
			column, list(missing), verb, list(p.shownHeader())),
		Try: "export the table again with all its columns, or map the column's name in the configuration",
	}
}

// shownHeader is the header as messages may show it.
func (p *Plan) shownHeader() []string {
	shown := make([]string, len(p.header))
	for i, name := range p.header {
		shown[i] = shownName(name)
	}
	return shown
}

// longestName is as long, in bytes, as the name of a column gets.
const longestName = 40

// shownName is a column's delivered name where it looks like one. A file without header
// has a row of data there, which may be somebody's words or number.
func shownName(name string) string {
	if len(name) > longestName || strings.Count(name, " ") > 3 || privacy.Scrub(name) != name {
		return omitted
	}
	return name
}

// list prints names in quotes, and says how many are left out of a long list.
func list(names []string) string {
	const most = 60
	quoted := make([]string, 0, len(names))
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	if left := len(names) - most; left > 0 {
		quoted = append(quoted, fmt.Sprintf("and %d more", left))
	}
	return strings.Join(quoted, ", ")
}
