package web

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/records"
)

// AddJSON adds the rows of a JSON answer: an array of objects, alone or as a member
// of an object. An array that is null is empty. The error is an *etl.Trouble or the
// context's: Passing where the answer is cut off, Contract where it is something else.
func (r *Rows) AddJSON(a *Answer) error {
	if a.None {
		return nil
	}
	in := bufio.NewReader(a.Body)
	if err := a.skipMark(in); err != nil {
		return err
	}
	reader := jsonRows{Rows: r, before: r.mark()}
	err := records.Walk(in, records.Visitor{Array: reader.array, Object: reader.object, Other: reader.other})
	if err != nil {
		return a.broken(err)
	}
	if err := reader.chosen(a); err != nil {
		return err
	}
	return r.recognise(a)
}

// skipMark passes over a byte-order mark and sees that there is anything at all.
func (a *Answer) skipMark(in *bufio.Reader) error {
	mark := []byte("\ufeff")
	start, err := in.Peek(len(mark))
	if bytes.Equal(start, mark) {
		_, err = in.Discard(len(mark))
		return err
	}
	switch {
	case len(bytes.TrimSpace(start)) == 0 && errors.Is(err, io.EOF):
		return a.cut("the answer is empty")
	case err != nil && !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// broken classes what keeps a document from being read.
func (a *Answer) broken(err error) error {
	var broken *records.BrokenError
	switch {
	case errors.As(err, new(*records.NoObjectError)):
		return a.contract("its JSON array holds something else than objects", "let the service send each row as an object")
	case !errors.As(err, &broken):
		return err
	case broken.Cut:
		return a.cut("the answer is cut off")
	}
	return a.contract("the answer is not valid JSON: "+broken.Err.Error(), "check the address and the format")
}

// jsonRows reads one document. Which array holds the rows may be known only at its
// end: the only one is read, until one with the right name comes.
type jsonRows struct {
	*Rows
	before   mark     // what earlier documents brought
	arrays   []string // met
	nulls    []string // members that are null
	read     string   // the array whose rows were taken
	anything bool     // one was
}

func (j *jsonRows) array(name string) error {
	j.arrays = append(j.arrays, name)
	chosen, ok := j.shape.array(j.arrays)
	if !ok || chosen != name {
		return records.ErrSkip
	}
	j.reset(j.before)
	j.read, j.anything = name, true
	return nil
}

func (j *jsonRows) object(_ string, o records.Object) error {
	row := make([]string, 0, len(j.columns))
	for _, member := range slices.Sorted(maps.Keys(o)) { // so that the same answer gives the same rows
		if at := j.column(strings.TrimSpace(member)); at >= 0 {
			row = j.put(row, at, records.Text(o[member]))
		}
	}
	j.add(row)
	return nil
}

func (j *jsonRows) other(member string, null bool) {
	if null {
		j.nulls = append(j.nulls, member)
	}
}

// chosen sees that the rows came from the right array. The names of others are not
// told: they are the service's, and could be anything.
func (j *jsonRows) chosen(a *Answer) error {
	wanted := j.shape.Array
	if wanted == "" {
		wanted = j.shape.Table.Name
	}
	name, ok := j.shape.array(j.arrays)
	switch {
	case ok && j.anything && j.read == name:
		return nil
	case !j.anything:
		if _, null := j.shape.array(j.nulls); null {
			return nil
		}
		return a.contract("its JSON holds no array "+wanted, "check the address and what the service is set to send")
	}
	return a.contract("its JSON holds several arrays, and it is not clear which has the rows", "let the service name one of them "+wanted)
}
