package dropfolder

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// cellText writes out one value; a null is empty, and so is a number that is none: pandas
// writes NaN where a column of numbers has no value.
func (c parquetColumn) cellText(column arrow.Array, row int) string {
	if column.IsNull(row) {
		return ""
	}
	switch values := column.(type) {
	case *array.Dictionary:
		return c.cellText(values.Dictionary(), values.GetValueIndex(row))
	case array.ExtensionArray:
		return c.cellText(values.Storage(), row)
	case *array.String:
		return values.Value(row)
	case *array.LargeString:
		return values.Value(row)
	case *array.StringView:
		return values.Value(row)
	case *array.Binary:
		return bytesText(values.Value(row))
	case *array.LargeBinary:
		return bytesText(values.Value(row))
	case *array.FixedSizeBinary:
		return bytesText(values.Value(row))
	case *array.Int64:
		return strconv.FormatInt(values.Value(row), 10)
	case *array.Int32:
		return strconv.FormatInt(int64(values.Value(row)), 10)
	case *array.Uint64:
		return strconv.FormatUint(values.Value(row), 10)
	case *array.Float64:
		return floatText(values.Value(row), 64)
	case *array.Float32:
		return floatText(float64(values.Value(row)), 32)
	case *array.Decimal128:
		return values.Value(row).ToString(values.DataType().(*arrow.Decimal128Type).Scale)
	case *array.Decimal256:
		return values.Value(row).ToString(values.DataType().(*arrow.Decimal256Type).Scale)
	case *array.Date32:
		return values.Value(row).ToTime().Format(time.DateOnly)
	case *array.Date64:
		return values.Value(row).ToTime().Format(time.DateOnly)
	case *array.Timestamp:
		return c.timestampText(values, row)
	case *array.Duration:
		unit := values.DataType().(*arrow.DurationType).Unit.Multiplier()
		return floatText(float64(time.Duration(values.Value(row))*unit)/float64(c.unit), 64)
	default:
		return column.ValueStr(row)
	}
}

// floatText writes a number without exponent, as short as it reads back the same.
func floatText(value float64, bits int) string {
	if value != value {
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, bits)
}

// bytesText is text as it is, and sixteen bytes that are none as the GUID they make.
func bytesText(value []byte) string {
	if len(value) == 16 && !utf8.Valid(value) || len(value) == 16 && hasControl(value) {
		return fmt.Sprintf("%X-%X-%X-%X-%X", value[:4], value[4:6], value[6:8], value[8:10], value[10:])
	}
	return string(value)
}

func hasControl(value []byte) bool {
	for _, b := range value {
		if b < ' ' {
			return true
		}
	}
	return false
}

// timestampText writes a time as ISO 8601, with "Z" where the column holds instants.
func (c parquetColumn) timestampText(values *array.Timestamp, row int) string {
	kind := values.DataType().(*arrow.TimestampType)
	layout := "2006-01-02T15:04:05.999999999"
	if !c.wall {
		layout += "Z"
	}
	return values.Value(row).ToTime(kind.Unit).UTC().Format(layout)
}
