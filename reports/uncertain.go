package reports

import "fmt"

// SmallestCertain is how many observations a share or a mean needs behind it: with
// fewer it is marked as uncertain (DOMAIN §4).
const SmallestCertain = 30

// UncertainMark follows an uncertain figure wherever a table shows one. It is a sign
// and no colour, so that it survives print-outs and is read aloud.
const UncertainMark = "*"

// UncertainLegend explains the mark; Table.Footnotes has it under every table with one.
var UncertainLegend = fmt.Sprintf("%s Usikkert tal: der er færre end %d opkald eller svar bag.", UncertainMark, SmallestCertain)

// From says how many observations lie behind a figure, and so marks it as uncertain
// or not. This is the only place that decides it. Counts and sums are what they are:
// only shares and means can be uncertain.
func (v Value) From(n int64) Value {
	v.Uncertain = v.Kind == IsNumber && v.Format.Unit.isEstimate() && n < SmallestCertain
	return v
}

func (u Unit) isEstimate() bool {
	switch u {
	case UnitSeconds, UnitShare, UnitScore, UnitPerCall:
		return true
	}
	return false
}

// Marked prints the cell as String does, with UncertainMark after an uncertain figure.
func (v Value) Marked() string {
	if v.Uncertain {
		return v.String() + UncertainMark
	}
	return v.String()
}

// TextFor is Text, with a word more where an uncertain value was judged: "● opfyldt,
// usikkert".
func (s Status) TextFor(value Value, d Direction) string {
	if value.Uncertain && (s == Met || s == Missed) {
		return s.Text(d) + ", usikkert"
	}
	return s.Text(d)
}

// HasUncertain tells whether any cell is marked.
func (t Table) HasUncertain() bool {
	for _, rows := range [][][]Value{t.Rows, t.Totals} {
		for _, row := range rows {
			for _, value := range row {
				if value.Uncertain {
					return true
				}
			}
		}
	}
	return false
}

// Footnotes are the table's notes and, where a figure is marked, what the mark means.
func (t Table) Footnotes() []string {
	notes := t.Notes[:len(t.Notes):len(t.Notes)]
	if t.HasUncertain() {
		notes = append(notes, UncertainLegend)
	}
	return notes
}

// Footnotes are the section's notes and, where a tile is marked and no table under it
// has told so already, what the mark means.
func (s Section) Footnotes() []string {
	notes := s.Notes[:len(s.Notes):len(s.Notes)]
	isMarked := false
	for _, tile := range s.Tiles {
		isMarked = isMarked || tile.isMarked()
	}
	for _, table := range s.Tables {
		isMarked = isMarked && !table.HasUncertain()
	}
	if isMarked {
		notes = append(notes, UncertainLegend)
	}
	return notes
}

func (t Tile) isMarked() bool {
	return t.Value.Uncertain || t.Previous.Value.Uncertain || t.LastYear.Value.Uncertain
}
