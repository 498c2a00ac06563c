package records_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl/records"
)

// tell walks through a document and writes down what it hears. The array "skip" is
// passed over.
func tell(r io.Reader) (heard []string, err error) {
	err = records.Walk(r, records.Visitor{
		Array: func(name string) error {
			heard = append(heard, "array "+name)
			if name == "skip" {
				return records.ErrSkip
			}
			return nil
		},
		Object: func(_ string, o records.Object) error {
			var all []string
			for member, value := range o {
				all = append(all, member+"="+records.Text(value))
			}
			slices.Sort(all)
			heard = append(heard, strings.Join(all, " "))
			return nil
		},
		Other: func(member string, null bool) { heard = append(heard, fmt.Sprint("other ", member, " ", null)) },
	})
	return heard, err
}

func TestWalk(t *testing.T) {
	for document, want := range map[string][]string{
		`[]`: {"array "},
		`[{"a": 1, "b": "x\ny", "c": null, "d": {"e": [2]}}, {}]`:      {"array ", "a=1 b=x\ny c= d={\"e\": [2]}", ""},
		`{"n": 1, "o": {"rows": [[]]}, "z": null, "rows": [{"a": 1}]}`: {"other n false", "other o false", "other z true", "array rows", "a=1"},
		`{"skip": [1, [2, {"a": 3}], "x"], "rows": [{"a": 1}]}` + "\n": {"array skip", "array rows", "a=1"},
		`7`: nil,
	} {
		heard, err := tell(iotest.OneByteReader(strings.NewReader(document)))
		if diff := cmp.Diff(want, heard); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", document, err, diff)
		}
	}
}

func TestWalkThroughWhatIsNone(t *testing.T) {
	for document, want := range map[string]string{
		``:                     "the document is cut off",
		`[{"a": 1}`:            "the document is cut off",
		`[{"a": "x`:            "the document is cut off",
		`{"rows"`:              "the document is cut off",
		`{"skip": [1, {`:       "the document is cut off",
		`[{a: 1}]`:             "the document is not valid JSON: invalid character 'a' looking for beginning of object key string",
		`[] []`:                "the document is not valid JSON: more follows after its end",
		`{"rows": []} x`:       "the document is not valid JSON: more follows after its end",
		`{"rows": [{}, null]}`: `element 2 of the array "rows" is no object`,
		`[[]]`:                 `element 1 of the array "" is no object`,
	} {
		if _, err := tell(strings.NewReader(document)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", document, err, want)
		}
	}
}

func TestWalkReturnsOthersErrorsAsTheyAre(t *testing.T) {
	want := errors.New("other")
	if _, err := tell(io.MultiReader(strings.NewReader("[{"), iotest.ErrReader(want))); err != want {
		t.Error(err)
	}
	err := records.Walk(strings.NewReader("[]"), records.Visitor{Array: func(string) error { return want }})
	if err != want {
		t.Error(err)
	}
}

// FuzzWalk compares with encoding/json: what it refuses is refused, and an array of
// objects has as many as it says.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{`[{"a": 1}]`, `{"rows": [{}], "skip": [1]}`, `[1]`, `{"a`, `[] 1`, `null`, `{"a": null}`, "[{}\x00]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		heard, err := tell(strings.NewReader(document))
		if err == nil && !json.Valid([]byte(document)) {
			t.Errorf("%q is accepted: %q", document, heard)
		}
		var all []map[string]json.RawMessage
		if json.Unmarshal([]byte(document), &all) == nil && all != nil && !slices.ContainsFunc(all, func(o map[string]json.RawMessage) bool { return o == nil }) {
			if err != nil || len(heard) != 1+len(all) {
				t.Errorf("%q: %v %q", document, err, heard)
			}
		}
	})
}
