package model

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// sheet is a CSV file in memory: seeds and the tables of cases, some hundred rows.
type sheet struct {
	header []string
	rows   [][]string
	lines  []int // line of the file on which each row starts
}

// readSheet parses CSV and drops the blanks around cells. Lines that begin with
// comment are passed over; 0 for none.
func readSheet(data []byte, comment rune) (sheet, error) {
	var s sheet
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comment, r.TrimLeadingSpace = comment, true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		for i := range record {
			record[i] = strings.TrimSpace(record[i])
		}
		if s.header == nil {
			s.header = record
			continue
		}
		line, _ := r.FieldPos(0)
		s.rows, s.lines = append(s.rows, record), append(s.lines, line)
	}
}

// insert adds the sheet's rows to a table, each cell cast to its column's type;
// "" is NULL. file names the sheet in errors.
func (s sheet) insert(ctx context.Context, db querier, file, table string, columns []typedColumn) error {
	const perStatement = 200
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	for chunk := range slices.Chunk(s.rows, perStatement) {
		tuples := make([]string, len(chunk))
		for i, row := range chunk {
			tuples[i] = tuple(columns, row)
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf(
			"insert into %s (%s) values\n%s", quoteFull(table), quoteAll(names), strings.Join(tuples, ",\n"))); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// fits names the first cell that does not read as its column's type. It asks
// before anything is inserted, because a failed statement ends a transaction.
func (s sheet) fits(ctx context.Context, db querier, file string, columns []typedColumn) error {
	for i, c := range columns {
		if strings.EqualFold(c.dataType, "varchar") {
			continue
		}
		var cells []string
		for j, row := range s.rows {
			if row[i] != "" {
				cells = append(cells, fmt.Sprintf("(%d, %s)", j, stringLiteral(row[i])))
			}
		}
		if len(cells) == 0 {
			continue
		}
		first := -1
		err := db.QueryRowContext(ctx, fmt.Sprintf(
			"select coalesce(min(i), -1) from (values %s) as t(i, cell) where try_cast(cell as %s) is null",
			strings.Join(cells, ", "), c.dataType)).Scan(&first)
		if err != nil {
			return fmt.Errorf("%s:1: %s: %w", file, c.name, err)
		}
		if first >= 0 {
			return fmt.Errorf("%s:%d: %s: %q does not read as %s", file, s.lines[first], c.name, s.rows[first][i], strings.ToLower(c.dataType))
		}
	}
	return nil
}

func tuple(columns []typedColumn, row []string) string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = "null"
		if row[i] != "" {
			cells[i] = "cast(" + stringLiteral(row[i]) + " as " + c.dataType + ")"
		}
	}
	return "(" + strings.Join(cells, ", ") + ")"
}
