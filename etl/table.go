package etl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Type is what a column's text must read as. One Type has one Arrow type in the
// landing and one DuckDB type in the warehouse.
type Type uint8

const (
	Text       Type = iota // any text
	Integer                // 64-bit signed; "1", "-3", "5.0", "true"/"false" read as 1/0
	Identifier             // SQL Server numeric(19,0): 0..18446744073709551615, exceeds int64
	Decimal                // float64 with a decimal point
	Boolean                // 0/1, true/false, t/f, yes/no
	LocalTime              // wall clock in Denmark without offset, microseconds
	Instant                // a point in time with zone or offset, kept as UTC microseconds
	Date                   // calendar date
)

// String names the type as error messages print it.
func (t Type) String() string {
	return [...]string{"text", "integer", "identifier", "decimal", "boolean", "local time", "instant", "date"}[t]
}

// Arrow returns the Arrow type a column of this type has in the landing.
func (t Type) Arrow() arrow.DataType {
	switch t {
	case Integer:
		return arrow.PrimitiveTypes.Int64
	case Identifier:
		return arrow.PrimitiveTypes.Uint64
	case Decimal:
		return arrow.PrimitiveTypes.Float64
	case Boolean:
		return arrow.FixedWidthTypes.Boolean
	case LocalTime:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case Instant:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Date:
		return arrow.FixedWidthTypes.Date32
	default:
		return arrow.BinaryTypes.String
	}
}

// SQL returns the DuckDB type a column of this type has in the warehouse.
func (t Type) SQL() string {
	return [...]string{"varchar", "bigint", "ubigint", "double", "boolean", "timestamp", "timestamptz", "date"}[t]
}

// Treatment is what happens to a value before it is written anywhere (DOMAIN §6).
type Treatment uint8

const (
	Keep      Treatment = iota // written as it is
	Pseudonym                  // a phone number: only its keyed pseudonym is written
	Number                     // a phone number that is no citizen's: E.164 in clear
	Masked                     // a phone number: E.164 with its last four digits starred
	Scrub                      // free text: CPR numbers, phone numbers and e-mail addresses are masked
	Drop                       // nothing is written
)

// Column is one column of a contract.
type Column struct {
	Name     string
	From     []string // names under which a source delivers it, first found wins; empty means Name
	Type     Type
	Required bool // a file or result without the column is refused
	NotNull  bool // a row without a value is quarantined
	Treat    Treatment
	// Choose, where set, picks the treatment row by row: some columns hold a
	// citizen's number in one kind of row and a department's in another. get
	// returns the row's raw text of a source column, "" where it is absent.
	Choose func(get func(column string) string) Treatment
	// Derive, where set, turns the source text into the text that is stored; it
	// sees the text before scrubbing and must not let personal data through.
	Derive func(text string) string
	// Spare says that no figure reads the column: a cell of it that does not read is left
	// out and reported, and its row stays. (A test holds it against the staging models.)
	Spare bool
	Look  Look
	Doc   string
}

// Look is what more than its type is known of a column's texts.
type Look struct {
	Codes   []string // all there are; a row with another is quarantined
	Prose   bool     // people's own words: "None" or "-" in it is a word, not a missing value
	Failed  bool     // a spreadsheet's "#N/A" in it says that something was looked for and not found: it is kept
	Most    int64    // of a number: a row with a larger one is quarantined; 0 for no bound
	Ahead   bool     // a time that may lie in the future, such as one that was agreed on
	Address bool     // it may be an e-mail address that is no citizen's, such as an agent's user name
}

// Sources returns the names under which the column may be delivered.
func (c Column) Sources() []string {
	if len(c.From) > 0 {
		return c.From
	}
	return []string{c.Name}
}

// Replace is the rule by which a later batch replaces what an earlier one
// brought. Its texts are SQL expressions over the table's columns. In Key and Row
// a NULL equals a NULL, but a row whose Key is NULL throughout has no key.
type Replace struct {
	Key     []string // what is replaced as a whole: "call_id" replaces whole calls
	Row     []string // what tells two rows of one key apart; empty: all columns
	Updated string   // the column whose larger value is the newer version; empty: the later batch wins
	Day     string   // aggregate over one key giving the local date it belongs to; empty: no day
	// Session tells which visit of one key a row belongs to, and At is the column that
	// says when the row happened. Rows of a key that share neither a session nor a time
	// with its earlier version are another thing under a key that was used again. Empty:
	// keys are never used again.
	Session, At string
}

// Table is the contract of one source table: what a source must deliver, what is
// done to it on the way, and how it is replaced.
type Table struct {
	Owner   string // package that owns the contract, e.g. "puzzel"
	Name    string // name in the source and of drop files, e.g. "call_events"
	Aliases []string
	Version int // raised whenever Columns change meaning; kept in every landing file
	Columns []Column
	// Ignored are the columns that the source is known to deliver and that are left
	// out on purpose: they are no drift.
	Ignored []string
	Replace Replace
}

// RawName is the table's name in the warehouse's raw schema.
func (t Table) RawName() string { return fmt.Sprintf("raw.%s__%s", t.Owner, t.Name) }

// Named returns the columns that SQL expressions speak of, in the contract's order.
func (t Table) Named(expressions ...string) []Column {
	words := map[string]bool{}
	for _, e := range expressions {
		for _, word := range strings.FieldsFunc(e, notInName) {
			words[word] = true
		}
	}
	var named []Column
	for _, c := range t.Columns {
		if words[c.Name] {
			named = append(named, c)
		}
	}
	return named
}

func notInName(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// Placing lists the columns that tell what a row belongs to: those of its key and its
// session.
func (t Table) Placing() []Column {
	return t.Named(append(slices.Clone(t.Replace.Key), t.Replace.Session)...)
}

// RowColumn is the landing column that holds a row's number in its source, from 1.
const RowColumn = "_row"

// Schema is the Arrow schema of the table's landing files: the contract's columns
// in order, then RowColumn.
func (t Table) Schema() *arrow.Schema {
	fields := make([]arrow.Field, 0, len(t.Columns)+1)
	for _, c := range t.Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
	}
	fields = append(fields, arrow.Field{Name: RowColumn, Type: arrow.PrimitiveTypes.Int64})
	return arrow.NewSchema(fields, nil)
}
