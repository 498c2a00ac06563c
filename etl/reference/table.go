package reference

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Column is one column of a table in the warehouse.
type Column = etl.RelationColumn

// Table is one reference table as the warehouse stores it.
type Table = etl.Relation

// seal puts the rows into one order and takes their fingerprint.
func seal(t *Table) {
	keys := make(map[*any]string, len(t.Rows))
	for _, row := range t.Rows {
		keys[&row[0]] = rendered(row)
	}
	slices.SortStableFunc(t.Rows, func(a, b []any) int { return strings.Compare(keys[&a[0]], keys[&b[0]]) })
	sum := sha256.New()
	for _, c := range t.Columns {
		fmt.Fprintf(sum, "%s %s\n", c.Name, c.SQL)
	}
	for _, row := range t.Rows {
		fmt.Fprintln(sum, keys[&row[0]])
	}
	t.Fingerprint = hex.EncodeToString(sum.Sum(nil))
}

// rendered is a row as one text that no other row gives.
func rendered(row []any) string {
	var b strings.Builder
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			b.WriteString("null,")
		case time.Time:
			b.WriteString(v.Format(time.DateOnly) + ",")
		default:
			fmt.Fprintf(&b, "%#v,", v)
		}
	}
	return b.String()
}

// Settings are the matching rules and facts of the configuration that SQL models
// need (DESIGN §6).
type Settings struct {
	ShortAbandon time.Duration // an abandoned call below it is short
	SurveyWindow time.Duration // a reply within it after the question counts
	SurveyLink   time.Duration // a question belongs to a call that ended within it before
	GuideGrace   time.Duration // a guide view belongs to a call for so long after wrap-up
	GuideReload  time.Duration // the same guide again within it is the same use
	IsSimulated  bool
	Contact      string // whom readers of the figures can ask
}

// Table is the settings as a table of one row.
func (s Settings) Table() Table {
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	t := Table{
		Name: "settings",
		Columns: []Column{
			{Name: "short_abandon_seconds", SQL: "bigint"}, {Name: "survey_window_hours", SQL: "double"},
			{Name: "survey_link_minutes", SQL: "double"}, {Name: "guide_grace_seconds", SQL: "bigint"},
			{Name: "guide_reload_seconds", SQL: "bigint"}, {Name: "is_simulated", SQL: "boolean"}, {Name: "contact", SQL: "varchar"},
		},
		Rows: [][]any{{
			seconds(s.ShortAbandon), s.SurveyWindow.Hours(), s.SurveyLink.Minutes(),
			seconds(s.GuideGrace), seconds(s.GuideReload), s.IsSimulated, s.Contact,
		}},
	}
	seal(&t)
	return t
}
