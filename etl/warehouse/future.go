package warehouse

import (
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// timeInTheFuture is the rule of a row that tells of what had not happened when it was
// read: a clock that jumped, day and month the wrong way round. It would be the newest
// version of its key for ever, and the day up to which there are figures.
const timeInTheFuture = "time-in-the-future"

// tooLate is the condition of a row whose time is later than its batch can tell of
// (etl.Batch.Latest); "" for a column without such times. It hangs on nothing but the
// batch, so that a rebuild years later decides the same.
func (s *stage) tooLate(c etl.Column) string {
	if c.Look.Ahead || c.Type != etl.LocalTime && c.Type != etl.Instant {
		return ""
	}
	limits := make([]string, len(s.filled))
	first := ""
	for i, f := range s.filled {
		limits[i] = "null::" + c.Type.SQL()
		if latest, ok := f.file.Batch.Latest(); ok {
			layout := wallLayout
			if c.Type == etl.Instant {
				layout += "+00"
			}
			limits[i] = c.Type.SQL() + " " + literal(latest.UTC().Format(layout))
			if first == "" || limits[i] < first {
				first = limits[i]
			}
		}
	}
	switch {
	case first == "":
		return ""
	case len(limits) == 1:
		return fmt.Sprintf("%s > %s", ident(c.Name), first)
	}
	return fmt.Sprintf("%[1]s > %[2]s and %[1]s > ([%[3]s])[_b + 1]", ident(c.Name), first, strings.Join(limits, ", "))
}
