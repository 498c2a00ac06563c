package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// textTable prints aligned columns; text/tabwriter counts bytes of wide letters
// right but draws no line under the header, which tables of figures want.
type textTable struct {
	out  io.Writer
	rows [][]string
}

func (a *app) table(header ...string) *textTable {
	return &textTable{out: a.stdout, rows: [][]string{header}}
}

func (t *textTable) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *textTable) print() error {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range t.rows {
		if err := t.line(row, widths); err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		rule := make([]string, len(widths))
		for i, w := range widths {
			rule[i] = strings.Repeat("─", w)
		}
		if err := t.line(rule, widths); err != nil {
			return err
		}
	}
	return nil
}

func (t *textTable) line(cells []string, widths []int) error {
	var b strings.Builder
	for i, cell := range cells {
		b.WriteString(cell)
		if i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
	}
	_, err := fmt.Fprintln(t.out, strings.TrimRight(b.String(), " "))
	return err
}
