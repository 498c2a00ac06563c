package etl

import "fmt"

// Notice is something in a delivery that was read, but that somebody must look at: a
// cell left out, times without seconds, a character that is none. The rows are loaded
// and the figures made; the notice is a warning for as long as rows of the delivery are
// in use. One Notice stands for all cells of a column that one rule concerns.
type Notice struct {
	Column  string `json:",omitempty"` // as the source calls it; "" for the delivery as a whole
	Rule    string // stable name, e.g. "cell-left-out"
	Message string // one sentence without the place and without a full stop
	Count   int64  `json:",omitempty"` // cells or rows; 0 where there is nothing to count
	Line    int64  `json:",omitempty"` // of the first of them, from 1; 0 where there are no lines
	Sample  string `json:",omitempty"` // what the first of them says, fit to be written and shown
	Try     string `json:",omitempty"` // what the user can do, without "Try: "
}

// About is the notice as one sentence that names the delivery:
// "calls.csv:12: alert_ms: 5 values do not read …, the first is \"12.345\"".
func (n Notice) About(origin string) string {
	text := Fault{Origin: origin, Line: n.Line, Column: n.Column, Message: n.Message}.Error()
	if n.Sample != "" {
		text += fmt.Sprintf(", the first is %q", n.Sample)
	}
	return text
}
