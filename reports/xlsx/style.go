package xlsx

import (
	"github.com/den-digitale-hotline/ddh/reports"
	"github.com/xuri/excelize/v2"
)

const fontFamily = "Calibri"

// The colours. Every text colour has a contrast of at least 4.5:1 on white and on
// the tint (WCAG 2.1 AA), and none carries meaning alone.
const (
	navy  = "1F3A5F" // headings, own figures
	ink   = "222B36" // text
	grey  = "56606B" // secondary text, comparison
	green = "1B6650" // met
	rust  = "A8430B" // missed, targets, flags
	blue  = "0B5CAD" // links
	sky   = "4A8FC2" // all of DDH in charts, beside navy
	tint  = "F2F5F8" // background of tiles
	rule  = "C3CBD4" // lines
	shade = "9CC3E4" // the largest of shaded cells
	white = "FFFFFF"
)

// style is what the layout asks for; equal styles share one entry in the file.
type style struct {
	size       float64 // points; 0 = 11
	bold       bool
	colour     string // of the text; "" = ink
	fill       string
	top        string // colour of a thick line above
	bottom     string // colour of a thin line below
	wrap       bool
	middle     bool // vertically; otherwise at the top
	horizontal string
	indent     int // from the side to which the text is aligned
	link       bool
	format     string // number format
	marked     bool   // some numbers of the column carry the mark of an uncertain one
}

func (b *book) style(s style) int {
	if id, made := b.styles[s]; made {
		return id
	}
	id, err := b.file.NewStyle(s.excel())
	b.try(err)
	b.styles[s] = id
	return id
}

func (s style) excel() *excelize.Style {
	out := &excelize.Style{
		Font:      &excelize.Font{Family: fontFamily, Size: s.size, Bold: s.bold, Color: s.colour},
		Alignment: &excelize.Alignment{WrapText: s.wrap, Vertical: "top", Horizontal: s.horizontal, Indent: s.indent},
	}
	if s.size == 0 {
		out.Font.Size = 11
	}
	if s.colour == "" {
		out.Font.Color = ink
	}
	if s.link {
		out.Font.Underline, out.Font.Color = "single", blue
	}
	if s.indent > 0 && s.horizontal == "" {
		out.Alignment.Horizontal = "left"
	}
	if s.middle {
		out.Alignment.Vertical = "center"
	}
	if s.fill != "" {
		out.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
	}
	if s.top != "" {
		out.Border = append(out.Border, excelize.Border{Type: "top", Color: s.top, Style: 5})
	}
	if s.bottom != "" {
		out.Border = append(out.Border, excelize.Border{Type: "bottom", Color: s.bottom, Style: 1})
	}
	if s.format != "" {
		out.CustomNumFmt = &s.format
	}
	return out
}

// statusColour goes with the shape and word of a status, never instead of them.
func statusColour(s reports.Status) string {
	switch s {
	case reports.Met:
		return green
	case reports.Missed:
		return rust
	}
	return grey
}
