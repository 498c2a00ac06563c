package warehouse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// key is the SQL of a contract's Replace.Key. The stage's tables hold its parts in
// the columns _k0, _k1, …
type key struct {
	parts   []string // expressions over the table's columns
	never   []bool   // parts that are never NULL in a row that keeps the contract
	ordered []bool   // parts that are a column whose values DuckDB keeps bounds of
	types   []string // DuckDB types of the parts that are columns
}

func newKey(t etl.Table) (key, error) {
	if len(t.Replace.Key) == 0 {
		return key{}, fmt.Errorf("the contract of %s has no key", t.RawName())
	}
	k := key{parts: t.Replace.Key}
	for _, part := range k.parts {
		at := slices.IndexFunc(t.Columns, func(c etl.Column) bool { return c.Name == part })
		// A row whose only part is NULL has no key, so there is none.
		k.never = append(k.never, len(k.parts) == 1 || at >= 0 && t.Columns[at].NotNull)
		k.ordered = append(k.ordered, at >= 0 && t.Columns[at].NotNull && t.Columns[at].Type != etl.Text)
		kind := ""
		if at >= 0 {
			kind = t.Columns[at].Type.SQL()
		}
		k.types = append(k.types, kind)
	}
	return k, nil
}

// name is the column of a part in the stage's tables, behind an alias where one is
// given.
func (k key) name(alias string, i int) string {
	if alias != "" {
		alias += "."
	}
	return fmt.Sprintf("%s_k%d", alias, i)
}

// names lists the key's columns.
func (k key) names(alias string) string {
	names := make([]string, len(k.parts))
	for i := range k.parts {
		names[i] = k.name(alias, i)
	}
	return strings.Join(names, ", ")
}

// selected lists the parts under their names in the stage's tables.
func (k key) selected() string {
	parts := make([]string, len(k.parts))
	for i, part := range k.parts {
		parts[i] = fmt.Sprintf("(%s) as %s", part, k.name("", i))
	}
	return strings.Join(parts, ", ")
}

// text is a key as quarantined rows are linked by: the only part as it is, several as a
// list; "" for no key.
func (k key) text(alias string) string {
	if len(k.parts) == 1 {
		return fmt.Sprintf("coalesce(%s::varchar, '')", k.name(alias, 0))
	}
	parts := make([]string, len(k.parts))
	for i := range k.parts {
		parts[i] = k.name(alias, i) + "::varchar"
	}
	return fmt.Sprintf("to_json([%s])::varchar", strings.Join(parts, ", "))
}

// missing is true of a row that has no key.
func (k key) missing() string {
	null := make([]string, len(k.parts))
	for i, part := range k.parts {
		null[i] = fmt.Sprintf("(%s) is null", part)
	}
	return strings.Join(null, " and ")
}

// match joins two of the stage's tables.
func (k key) match(left, right string) string {
	return k.compare(right, func(i int) string { return k.name(left, i) })
}

// matchTable joins rows of the contract's table, whose columns go by their plain
// names, to one of the stage's tables.
func (k key) matchTable(right string) string {
	return k.compare(right, func(i int) string { return "(" + k.parts[i] + ")" })
}

// compare lets NULL equal NULL where there can be one. DuckDB is faster, and passes
// over more, where there can be none.
func (k key) compare(right string, left func(i int) string) string {
	conditions := make([]string, len(k.parts))
	for i := range k.parts {
		operator := "is not distinct from"
		if k.never[i] {
			operator = "="
		}
		conditions[i] = fmt.Sprintf("%s %s %s", left(i), operator, k.name(right, i))
	}
	return strings.Join(conditions, " and ")
}

// each lists what is made of every part's column in the stage's tables.
func (k key) each(make func(name string) string) string {
	list := []string{}
	for i := range k.parts {
		list = append(list, make(k.name("", i)))
	}
	return strings.Join(list, ", ")
}
