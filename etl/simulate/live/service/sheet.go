package service

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Sheet is a table as text; "" is no value.
type Sheet struct {
	Columns []string
	Rows    [][]string
}

// ReadFolder reads a table out of a folder of CSV files, as the simulator writes them:
// all files of the name "<table>.csv" or "<table>_….csv", in their order.
func ReadFolder(dir, table string) (Sheet, error) {
	var all Sheet
	paths, err := filepath.Glob(filepath.Join(dir, table+"*.csv"))
	if err != nil {
		return Sheet{}, err
	}
	for _, path := range paths {
		rest := strings.TrimPrefix(filepath.Base(path), table)
		if rest != ".csv" && !strings.HasPrefix(rest, "_") {
			continue
		}
		if err := all.read(path); err != nil {
			return Sheet{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return all, nil
}

// read adds a file's rows.
func (s *Sheet) read(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	if first, _, _ := bytes.Cut(content, []byte("\n")); bytes.ContainsRune(first, ';') {
		in.Comma = ';'
	}
	header, err := in.Read()
	if err != nil {
		return err
	}
	if s.Columns == nil {
		s.Columns = header
	}
	if !slices.Equal(s.Columns, header) {
		return errors.New("its columns are not those of the files before it")
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.Rows = append(s.Rows, row)
	}
}

// column is the position of a column, -1 for none.
func (s Sheet) column(name string) int { return slices.Index(s.Columns, name) }

// spoil makes the faults that are in the rows.
func (s Sheet) spoil(fault Fault) Sheet {
	switch fault {
	case Renamed:
		s.Columns = append([]string{"x_" + s.Columns[0]}, s.Columns[1:]...)
	case Lacking:
		s.Columns = s.Columns[1:]
		rows := make([][]string, len(s.Rows))
		for i, row := range s.Rows {
			rows[i] = row[1:]
		}
		s.Rows = rows
	case Repeated:
		s.Rows = append(slices.Clone(s.Rows), s.Rows...)
	case Shuffled:
		s = s.reversed()
	}
	return s
}

func (s Sheet) reversed() Sheet {
	columns := slices.Clone(s.Columns)
	slices.Reverse(columns)
	rows := slices.Clone(s.Rows)
	slices.Reverse(rows)
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		slices.Reverse(rows[i])
	}
	return Sheet{columns, rows}
}

// csv is the sheet as CSV with semicolons.
func (s Sheet) csv() ([]byte, error) {
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	writer.Comma = ';'
	err := writer.Write(s.Columns)
	if err == nil {
		err = writer.WriteAll(s.Rows)
	}
	return out.Bytes(), err
}

// objects is the sheet as values for encoding/json; columns among numbers are written
// as such.
func (s Sheet) objects(numbers ...string) []map[string]any {
	all := make([]map[string]any, len(s.Rows))
	for i, row := range s.Rows {
		all[i] = make(map[string]any, len(row))
		for j, text := range row {
			switch {
			case text == "":
				all[i][s.Columns[j]] = nil
			case slices.Contains(numbers, s.Columns[j]):
				all[i][s.Columns[j]] = json.Number(text)
			default:
				all[i][s.Columns[j]] = text
			}
		}
	}
	return all
}
