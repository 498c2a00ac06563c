package dropfolder

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// element is one object of a JSON array: member name to value.
type element map[string]json.RawMessage

// readJSON reads an array of objects, alone or as a member of an object, as the
// Survey API answers (SOURCES §2). It reads the file twice: for the names of all
// members, which become the header, and for the rows.
func readJSON(ctx context.Context, d *delivery) error {
	members := map[string]map[string]bool{} // array name to member names
	var arrays []string
	err := d.walk(ctx, func(name string, e element) error {
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
	plan, err := d.begin(header, 0, convert.Format{})
	if err != nil {
		return err
	}
	taken := d.rows(plan)
	fields := make([]string, len(header))
	err = d.walk(ctx, func(name string, e element) error {
		if name != chosen || e == nil {
			return nil
		}
		for i, member := range header {
			fields[i] = jsonText(e[member])
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

// visit receives each array once with a nil element, and then each of its objects.
// The array that is the whole file has the name "".
type visit func(array string, e element) error

// walk goes through the file's arrays.
func (d *delivery) walk(ctx context.Context, v visit) error {
	in, err := d.input.openText(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	w := walker{Decoder: json.NewDecoder(in), visit: v}
	err = w.file()
	var syntax *json.SyntaxError
	message, position := "the file is cut off", int64(math.MaxInt64)
	switch {
	case errors.As(err, &syntax):
		if !strings.Contains(syntax.Error(), "unexpected end") {
			message, position = "the file is not valid JSON: "+syntax.Error(), w.InputOffset()
		}
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		return err
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

// walker reads a JSON file token by token.
type walker struct {
	*json.Decoder
	visit visit
}

func (w walker) file() error {
	token, err := w.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		return w.array("")
	case json.Delim('{'):
		return w.object()
	}
	return nil
}

// object visits the arrays among an object's members.
func (w walker) object() error {
	for w.More() {
		key, err := w.Token()
		if err != nil {
			return err
		}
		value, err := w.Token()
		if err != nil {
			return err
		}
		switch value {
		case json.Delim('['):
			err = w.array(fmt.Sprint(key))
		case json.Delim('{'):
			err = w.skip()
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Token()
	return err
}

// skip passes over the rest of an object.
func (w walker) skip() error {
	for depth := 1; depth > 0; {
		token, err := w.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// array visits the objects of an array whose bracket has been read.
func (w walker) array(name string) error {
	if err := w.visit(name, nil); err != nil {
		return err
	}
	for number := 1; w.More(); number++ {
		var e element
		err := w.Decode(&e)
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) || err == nil && e == nil {
			return etl.Fault{
				Message: fmt.Sprintf("element %d of the array %q is no object", number, name),
				Try:     "export the rows as JSON objects",
			}
		}
		if err != nil {
			return err
		}
		if err := w.visit(name, e); err != nil {
			return err
		}
	}
	_, err := w.Token()
	return err
}

// jsonText is a value as text: strings without quotes, null as nothing, and
// anything else as written.
func jsonText(value json.RawMessage) string {
	if len(value) == 0 || bytes.Equal(value, []byte("null")) {
		return ""
	}
	if value[0] != '"' {
		return string(value)
	}
	var plain string
	if err := json.Unmarshal(value, &plain); err != nil { // the decoder has checked it
		return ""
	}
	return plain
}
