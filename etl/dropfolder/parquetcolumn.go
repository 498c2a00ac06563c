package dropfolder

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/den-digitale-hotline/ddh/etl"
)

// parquetColumn is how the values of a column are meant. What a file's types say is
// settled once per column, never per cell.
type parquetColumn struct {
	name   string
	wall   bool          // times show a wall clock, though the reader may call it UTC
	unit   time.Duration // what a length of time is counted in
	exact  float64       // whole numbers below it, of either sign, are told apart; 0: no limit
	nested bool          // lists and structures hold no value that a row could have
}

// parquetColumns looks the file's columns over. A nested column that the contract reads
// is a fault; times whose kind the file does not tell are a notice.
func (d *delivery) parquetColumns(in *file.Reader, arrows *pqarrow.FileReader, fields []arrow.Field) ([]parquetColumn, error) {
	pandas := pandasTimes(in)
	columns := make([]parquetColumn, len(fields))
	for i, field := range fields {
		c := parquetColumn{name: field.Name, unit: time.Second}
		if strings.HasSuffix(strings.ToLower(field.Name), "_ms") {
			c.unit = time.Millisecond
		}
		fed := d.fedBy(field.Name)
		if c.nested = arrow.IsNested(field.Type.ID()); c.nested && len(fed) > 0 {
			return nil, etl.Fault{
				Column:  field.Name,
				Message: fmt.Sprintf("the column holds %s, where each row must have one value", field.Type),
				Try:     "export the table with plain columns",
			}
		}
		if slices.ContainsFunc(fed, d.identifies) {
			c.exact = exactBelow(field.Type)
		}
		if kind, ok := field.Type.(*arrow.TimestampType); ok && !c.nested {
			leaf := in.MetaData().Schema.Column(arrows.Manifest.Fields[i].ColIndex)
			var doubt bool
			if c.wall, doubt = isWall(leaf, kind, pandas[field.Name]); doubt && len(fed) > 0 {
				d.notice(etl.Notice{
					Column: field.Name, Rule: "time-kind-unknown",
					Message: "the file does not tell whether the column's times are in UTC; they are read as Danish wall clock",
					Try:     "export the column with a logical type, isAdjustedToUTC true or false",
				})
			}
		}
		columns[i] = c
	}
	return columns, nil
}

// fedBy are the contract columns that a delivered column feeds.
func (d *delivery) fedBy(name string) []etl.Column {
	name = strings.TrimSpace(name)
	var fed []etl.Column
	for _, c := range d.batch.Table.Columns {
		names := c.Sources()
		if mapped, ok := d.names()[c.Name]; ok {
			names = append(slices.Clone(names), mapped)
		}
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			fed = append(fed, c)
		}
	}
	return fed
}

// identifies reports whether two values of a column that are nearly the same make two
// things one.
func (d *delivery) identifies(c etl.Column) bool {
	return c.Type == etl.Identifier || slices.ContainsFunc(d.batch.Table.Placing(), func(p etl.Column) bool { return p.Name == c.Name })
}

// exactBelow is where a type's whole numbers begin to be rounded; 0 for never.
func exactBelow(t arrow.DataType) float64 {
	switch t.ID() {
	case arrow.FLOAT64:
		return 1 << 53
	case arrow.FLOAT32:
		return 1 << 24
	case arrow.FLOAT16:
		return 1 << 11
	}
	return 0
}

// tooLarge faults a file whose identifiers have been rounded: several would be one.
func (c parquetColumn) tooLarge(values arrow.Array) error {
	if c.exact == 0 {
		return nil
	}
	for row := range values.Len() {
		var value float64
		switch v := values.(type) {
		case *array.Float64:
			value = v.Value(row)
		case *array.Float32:
			value = float64(v.Value(row))
		case *array.Float16:
			value = float64(v.Value(row).Float32())
		}
		if !values.IsNull(row) && math.Abs(value) >= c.exact {
			return etl.Fault{
				Column: c.name,
				Message: fmt.Sprintf("the column holds decimal numbers (%s), and %s is one that they cannot tell from the next: "+
					"identifiers have been rounded, and several have become one", values.DataType(), floatText(value, 64)),
				Try: "export the column as text, whole numbers or DECIMAL; pandas keeps it with dtype_backend=\"pyarrow\" or as str",
			}
		}
	}
	return nil
}

// isWall tells whether a column's times show a wall clock. INT96 has no zone, and what
// the source wrote is what its clock showed. Old writers' converted types do not tell
// either; of them pandas' own notes do.
func isWall(leaf *schema.Column, kind *arrow.TimestampType, pandas string) (wall, doubt bool) {
	if leaf.PhysicalType() == parquet.Types.Int96 {
		return pandas != "datetimetz", false
	}
	stamp, ok := leaf.LogicalType().(schema.TimestampLogicalType)
	if !ok || !stamp.IsFromConvertedType() {
		return kind.TimeZone == "", false
	}
	if pandas == "" {
		return true, true
	}
	return pandas != "datetimetz", false
}

// pandasTimes are the types that pandas notes for its columns: "datetime" without a
// zone, "datetimetz" with one.
func pandasTimes(in *file.Reader) map[string]string {
	types := map[string]string{}
	text := in.MetaData().KeyValueMetadata().FindValue("pandas")
	if text == nil {
		return types
	}
	var notes struct {
		Columns []struct {
			Name any    `json:"field_name"`
			Old  any    `json:"name"`
			Type string `json:"pandas_type"`
		} `json:"columns"`
	}
	if json.Unmarshal([]byte(*text), &notes) != nil {
		return types
	}
	for _, c := range notes.Columns {
		for _, name := range []any{c.Name, c.Old} {
			if name, ok := name.(string); ok {
				types[name] = c.Type
			}
		}
	}
	return types
}
