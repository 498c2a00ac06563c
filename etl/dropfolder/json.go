package dropfolder

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
	"github.com/den-digitale-hotline/ddh/etl/records"
)

// readJSON reads an array of objects, alone or as a member of an object, as the
// Survey API answers (SOURCES §2). It reads the file twice: for the names of all
// members, which become the header, and for the rows.
func readJSON(ctx context.Context, d *delivery) error {
	members := map[string]map[string]bool{} // array name to member names
	var arrays []string
	err := d.walk(ctx, func(name string, e records.Object) error {
		if members[name] == nil {
			members[name] = map[string]bool{}
			arrays = append(arrays, name)
		}
		for member := range e {
			members[name][member] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	chosen, err := d.choose(arrays)
	if err != nil {
		return err
	}
	header := slices.Sorted(maps.Keys(members[chosen]))
	if len(header) == 0 { // an answer without rows is no fault
		return d.open()
	}
	plan, err := d.begin(header, 0, convert.Format{Decimal: '.'})
	if err != nil {
		return err
	}
	taken := d.rows(plan)
	fields := make([]string, len(header))
	err = d.walk(ctx, func(name string, e records.Object) error {
		if name != chosen || e == nil {
			return nil
		}
		for i, member := range header {
			fields[i] = records.Text(e[member])
		}
		return taken.add(ctx, 0, fields)
	})
	if err != nil {
		return err
	}
	return taken.close()
}

// choose picks the array that is named like the table, or else the only one.
func (d *delivery) choose(arrays []string) (string, error) {
	for _, name := range append([]string{d.batch.Table.Name}, d.batch.Table.Aliases...) {
		for _, array := range arrays {
			if strings.EqualFold(array, name) {
				return array, nil
			}
		}
	}
	if len(arrays) == 1 {
		return arrays[0], nil
	}
	fault := etl.Fault{
		Message: "the file holds no array of objects",
		Try:     "export the rows as a JSON array",
	}
	if len(arrays) > 1 {
		fault.Message = fmt.Sprintf("the file holds several arrays, %s, and none is named like the table %s",
			strings.Join(arrays, ", "), d.batch.Table.Name)
	}
	return "", fault
}

// visit receives each array once with a nil object, and then each of its objects.
// The array that is the whole file has the name "".
type visit func(array string, e records.Object) error

// walk goes through the file's arrays.
func (d *delivery) walk(ctx context.Context, v visit) error {
	in, err := d.input.openText(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	content, notices, err := in.mended()
	if err != nil {
		return err
	}
	if d.plan == nil {
		d.drift.Notices = notices
	}
	err = records.Walk(content, records.Visitor{
		Array:  func(name string) error { return v(name, nil) },
		Object: v,
	})
	var broken *records.BrokenError
	var element *records.NoObjectError
	switch {
	case errors.As(err, &element):
		return etl.Fault{Message: element.Error(), Try: "export the rows as JSON objects"}
	case !errors.As(err, &broken):
		return err
	}
	message, position := "the file is cut off", int64(math.MaxInt64)
	if !broken.Cut {
		message, position = "the file is not valid JSON: "+broken.Err.Error(), broken.Offset
	}
	return etl.Fault{Line: d.lineAt(ctx, position), Message: message, Try: "export or copy it again"}
}

// lineAt returns the line of the first value after a position of the text, or the
// last line where there is none; 0 if it cannot say.
func (d *delivery) lineAt(ctx context.Context, position int64) int64 {
	in, err := d.input.openText(ctx)
	if err != nil {
		return 0
	}
	defer in.Close()
	counter := &lineCounter{}
	if _, err := io.CopyN(counter, in, position); err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	for rest := bufio.NewReader(in); ; {
		c, err := rest.ReadByte()
		if err != nil || !strings.ContainsRune(" \t\r\n,:", rune(c)) {
			return counter.lines + 1
		}
		if c == '\n' {
			counter.lines++
		}
	}
}

type lineCounter struct{ lines int64 }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += int64(bytes.Count(p, newline))
	return len(p), nil
}
