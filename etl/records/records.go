// Package records reads the rows that a JSON document holds, one by one, whoever
// delivers it: an array of objects, alone or as a member of an object (SOURCES §2,
// §3). It knows no files, no services and no tables, and gives its errors as types,
// so that each reader can tell them in its own words.
package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Object is one element of an array: member name to value.
type Object map[string]json.RawMessage

// Visitor hears what a document holds, in the document's order. The array that is
// the whole document has the name "". An error ends the walk and is returned.
type Visitor struct {
	Array  func(name string) error            // an array begins
	Object func(array string, o Object) error // an element of the array
	// Other, where set, hears of the outermost object's members that are no arrays.
	Other func(member string, null bool)
}

// ErrSkip is what Visitor.Array returns for an array whose elements nobody wants;
// they may then be anything.
var ErrSkip = errors.New("skip this array")

// BrokenError is a document that is not valid JSON.
type BrokenError struct {
	Cut    bool  // the document ends too early; what there was of it was valid
	Offset int64 // where the fault was noticed, in bytes
	Err    error // never more of the document than one character; nil where Cut
}

func (e *BrokenError) Error() string {
	if e.Cut {
		return "the document is cut off"
	}
	return "the document is not valid JSON: " + e.Err.Error()
}

func (e *BrokenError) Unwrap() error { return e.Err }

// NoObjectError is an element that is no object.
type NoObjectError struct {
	Array  string
	Number int // of the element, from 1
}

func (e *NoObjectError) Error() string {
	return fmt.Sprintf("element %d of the array %q is no object", e.Number, e.Array)
}

// Walk goes through a document. The error is a *BrokenError, a *NoObjectError, the
// visitor's or the reader's; a reader that ends in io.ErrUnexpectedEOF counts as a
// document that is cut off.
func Walk(r io.Reader, v Visitor) error {
	w := walker{Decoder: json.NewDecoder(r), Visitor: v}
	err := w.document()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		if strings.Contains(syntax.Error(), "unexpected end") {
			return &BrokenError{Cut: true, Offset: w.InputOffset()}
		}
		return &BrokenError{Offset: w.InputOffset(), Err: syntax}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &BrokenError{Cut: true, Offset: w.InputOffset()}
	}
	return err
}

// walker reads a document token by token.
type walker struct {
	*json.Decoder
	Visitor
}

// errMore is a document with something behind it, which nobody would read.
var errMore = errors.New("more follows after its end")

func (w walker) document() error {
	token, err := w.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		err = w.array("")
	case json.Delim('{'):
		err = w.object()
	}
	if err != nil {
		return err
	}
	end := w.InputOffset()
	switch _, err = w.Token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil, errors.As(err, new(*json.SyntaxError)):
		return &BrokenError{Offset: end, Err: errMore}
	}
	return err
}

// object visits the members of the outermost object.
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
		name := fmt.Sprint(key)
		switch value {
		case json.Delim('['):
			err = w.array(name)
		case json.Delim('{'):
			w.other(name, false)
			err = w.skip()
		default:
			w.other(name, value == nil)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Token()
	return err
}

func (w walker) other(member string, null bool) {
	if w.Other != nil {
		w.Other(member, null)
	}
}

// skip passes over the rest of an object or array.
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
	switch err := w.Array(name); {
	case errors.Is(err, ErrSkip):
		return w.skip()
	case err != nil:
		return err
	}
	for number := 1; w.More(); number++ {
		var o Object
		err := w.Decode(&o)
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) || err == nil && o == nil {
			return &NoObjectError{Array: name, Number: number}
		}
		if err != nil {
			return err
		}
		if err := w.Object(name, o); err != nil {
			return err
		}
	}
	_, err := w.Token()
	return err
}

// Text is a value as text: strings without quotes, null and nothing as "", and
// anything else as written.
func Text(value json.RawMessage) string {
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
