package windowed

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/den-digitale-hotline/ddh/etl"
)

// newRejects drops the rejected rows that have landed already, but for those of units
// that land again: without its rejected row a call would look whole.
func (l *landed) newRejects(a *answer, keys [][]uint64, isNews func(uint64) bool) []etl.Reject {
	old := func(r etl.Reject) bool { return l.rejects[l.reject(r)] }
	if !slices.ContainsFunc(a.rejects, old) {
		return a.rejects
	}
	again := map[string]bool{}
	for i, rec := range a.batches {
		for row, key := range keys[i] {
			if isNews(key) {
				again[l.unitOf(rec, row)] = true
			}
		}
	}
	return slices.DeleteFunc(a.rejects, func(r etl.Reject) bool {
		unit, known := l.unitOfReject(r)
		lands := again[unit] || !known && len(again) > 0 // who knows whose row it is
		return old(r) && !lands
	})
}

// unitOf writes the plain columns of a row's key out, as etl.Reject.Key has them.
func (l *landed) unitOf(rec arrow.RecordBatch, row int) string {
	parts := make([]string, len(l.keys))
	for i, at := range l.keys {
		switch column := rec.Column(at).(type) {
		case *array.Timestamp:
			layout := "2006-01-02 15:04:05.999999"
			if column.DataType().(*arrow.TimestampType).TimeZone != "" {
				layout += "+00"
			}
			if !column.IsNull(row) {
				parts[i] = time.UnixMicro(int64(column.Value(row))).UTC().Format(layout)
			}
		default:
			if !column.IsNull(row) {
				parts[i] = column.ValueStr(row)
			}
		}
	}
	return strings.Join(parts, "\x00")
}

// unitOfReject is unitOf of a rejected row; known is false where a part does not read.
func (l *landed) unitOfReject(r etl.Reject) (unit string, known bool) {
	var columns map[string]*string
	if json.Unmarshal([]byte(r.Key), &columns) != nil {
		return "", false
	}
	parts := make([]string, len(l.names))
	for i, name := range l.names {
		text, ok := columns[name]
		if !ok {
			return "", false
		}
		if text != nil {
			parts[i] = *text
		}
	}
	return strings.Join(parts, "\x00"), true
}
