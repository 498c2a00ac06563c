package docs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The graph's measures, in units of its view box.
const (
	nodeWidth    = 160
	nodeHeight   = 17
	rowHeight    = 22
	columnGap    = 36
	columnWidth  = nodeWidth + columnGap
	headerHeight = 34
	margin       = 4
	sweeps       = 6 // passes in which nodes are moved towards their neighbours
)

// Graph is the drawing of what reads what, ready for SVG.
type Graph struct {
	Width, Height int
	Columns       []Heading
	Nodes         []Node
}

// Heading is the title over a column.
type Heading struct {
	X, Y  int
	Title string
}

// Node is one table with the lines that lead into it.
type Node struct {
	Name  string // full name
	Label string // bare name
	X, Y  int
	Kind  string // schema, for its colour
	Spine bool   // lies on the marked way
	Edges []Edge
}

// TextX and TextY place the label; Width and Height are those of the box.
func (n Node) TextX() int { return n.X + 7 }

// TextY is the label's base line.
func (n Node) TextY() int { return n.Y + 12 }

// Width of the box.
func (n Node) Width() int { return nodeWidth }

// Height of the box.
func (n Node) Height() int { return nodeHeight }

// Edge is one line, from what is read to what reads it.
type Edge struct {
	Path  string
	Spine bool
}

// columnTitles are the graph's columns. Marts take three: what describes, what
// happened, and what is counted.
var columnTitles = []string{"Kilder og reference", "Staging", "Intermediate", "Dimensioner", "Fakta", "Nøgletal", "Power BI-feed"}

// columnOf is the place of a table among the columns.
func columnOf(t Table) int {
	switch t.Schema {
	case "raw", "reference", "seeds":
		return 0
	case "staging":
		return 1
	case "intermediate":
		return 2
	case "marts":
		switch {
		case strings.HasPrefix(t.Name, "dim_"):
			return 3
		case strings.HasPrefix(t.Name, "kpi_"):
			return 5
		}
		return 4
	}
	return 6
}

// Draw lays the tables out in columns from source to reader, so that lines are
// short and cross little: each node is moved towards the middle of its neighbours a
// few times. Where the spine passes a column, room is left for it. Tables without any
// line are left out. The result depends on names only.
func Draw(tables []Table, spine []string) Graph {
	l := newLayout(tables, spine)
	for i := range sweeps {
		l.sweep(i%2 == 1)
	}
	return l.draw(spine)
}

// layout is a graph while it is being laid out.
type layout struct {
	tables     map[string]Table
	columns    [][]string // names from top to bottom
	neighbours map[string][]string
	place      map[string]float64 // middle, in rows
	passes     map[string][]pass  // by the name a marked line leads to
	rows       int                // of the longest column
}

// pass is a row that is kept free in a column for a line that crosses it.
type pass struct {
	column int
	name   string // stands in the column like a table's
}

func newLayout(tables []Table, spine []string) *layout {
	l := &layout{
		tables: map[string]Table{}, columns: make([][]string, len(columnTitles)),
		neighbours: map[string][]string{}, place: map[string]float64{}, passes: map[string][]pass{},
	}
	for _, t := range tables {
		for _, name := range t.Reads {
			l.join(name, t.FullName())
		}
	}
	for _, t := range tables {
		if len(l.neighbours[t.FullName()]) > 0 {
			l.tables[t.FullName()] = t
			l.columns[columnOf(t)] = append(l.columns[columnOf(t)], t.FullName())
		}
	}
	for i := 1; i < len(spine); i++ {
		l.reserve(spine[i-1], spine[i])
	}
	for i := range l.columns {
		slices.Sort(l.columns[i])
		l.rows = max(l.rows, len(l.columns[i]))
	}
	for i := range l.columns {
		l.spread(i)
	}
	return l
}

func (l *layout) join(a, b string) {
	l.neighbours[a] = append(l.neighbours[a], b)
	l.neighbours[b] = append(l.neighbours[b], a)
}

// reserve keeps a row free in every column between two tables.
func (l *layout) reserve(from, to string) {
	before := from
	for column := columnOf(l.tables[from]) + 1; column < columnOf(l.tables[to]); column++ {
		p := pass{column: column, name: fmt.Sprintf("%s %d %s", from, column, to)}
		l.columns[column] = append(l.columns[column], p.name)
		l.passes[to] = append(l.passes[to], p)
		l.join(before, p.name)
		before = p.name
	}
	l.join(before, to)
}

// spread sets a column's nodes under each other, in the middle of the drawing.
func (l *layout) spread(column int) {
	names := l.columns[column]
	top := float64(l.rows-len(names)) / 2
	for i, name := range names {
		l.place[name] = top + float64(i)
	}
}

// sweep orders every column by where the neighbours in other columns are.
func (l *layout) sweep(backwards bool) {
	for i := range l.columns {
		column := i
		if backwards {
			column = len(l.columns) - 1 - i
		}
		middle := map[string]float64{}
		for _, name := range l.columns[column] {
			middle[name] = l.middle(name)
		}
		slices.SortStableFunc(l.columns[column], func(a, b string) int {
			return cmp.Or(cmp.Compare(middle[a], middle[b]), cmp.Compare(a, b))
		})
		l.spread(column)
	}
}

// middle is the mean place of a node's neighbours, its own where it has none.
func (l *layout) middle(name string) float64 {
	sum, n := 0.0, 0
	for _, other := range l.neighbours[name] {
		if place, known := l.place[other]; known {
			sum += place
			n++
		}
	}
	if n == 0 {
		return l.place[name]
	}
	return sum / float64(n)
}

func (l *layout) x(name string) int { return margin + columnOf(l.tables[name])*columnWidth }
func (l *layout) y(name string) int { return headerHeight + int(l.place[name]*rowHeight) }

func (l *layout) draw(spine []string) Graph {
	g := Graph{
		Width:  2*margin + len(columnTitles)*columnWidth - columnGap + columnGap/2,
		Height: headerHeight + l.rows*rowHeight + margin,
	}
	for i, title := range columnTitles {
		g.Columns = append(g.Columns, Heading{X: margin + i*columnWidth, Y: 16, Title: title})
	}
	for _, names := range l.columns {
		for _, name := range names {
			if _, isTable := l.tables[name]; isTable {
				g.Nodes = append(g.Nodes, l.node(name, spine))
			}
		}
	}
	return g
}

func (l *layout) node(name string, spine []string) Node {
	t := l.tables[name]
	n := Node{Name: name, Label: t.Name, X: l.x(name), Y: l.y(name), Kind: t.Schema, Spine: slices.Contains(spine, name)}
	for _, from := range t.Reads {
		if _, known := l.tables[from]; known {
			at := slices.Index(spine, from)
			marked := at >= 0 && at+1 < len(spine) && spine[at+1] == name
			edge := Edge{Path: l.path(from, name), Spine: marked}
			if marked {
				edge.Path = l.through(from, name)
			}
			n.Edges = append(n.Edges, edge)
		}
	}
	return n
}

// path curves from the right end of one node to the left end of another; within a
// column it bows out to the right.
func (l *layout) path(from, to string) string {
	x1, y1 := l.x(from)+nodeWidth, l.y(from)+nodeHeight/2
	x2, y2 := l.x(to), l.y(to)+nodeHeight/2
	if x2 < x1 {
		bow := min(columnGap/2, 12+abs(y2-y1)/12)
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bow, y1, x1+bow, y2, x2+nodeWidth, y2)
	}
	return fmt.Sprintf("M%d %d", x1, y1) + bend(x1, y1, x2, y2)
}

// bend curves on from one point to another further right.
func bend(x1, y1, x2, y2 int) string {
	half := (x2 - x1) / 2
	return fmt.Sprintf("C%d %d %d %d %d %d", x1+half, y1, x2-half, y2, x2, y2)
}

// through leads a marked line along the rows that were kept free for it.
func (l *layout) through(from, to string) string {
	if len(l.passes[to]) == 0 {
		return l.path(from, to)
	}
	x, y := l.x(from)+nodeWidth, l.y(from)+nodeHeight/2
	path := fmt.Sprintf("M%d %d", x, y)
	for _, p := range l.passes[to] {
		left, middle := margin+p.column*columnWidth, l.y(p.name)+nodeHeight/2
		path += bend(x, y, left, middle) + fmt.Sprintf("H%d", left+nodeWidth)
		x, y = left+nodeWidth, middle
	}
	return path + bend(x, y, l.x(to), l.y(to)+nodeHeight/2)
}

func abs(n int) int { return max(n, -n) }
