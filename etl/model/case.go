package model

import (
	"context"
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// given is one table of a case.
type given struct {
	sheet
	file  string
	table string // schema.name
}

// trial is one case, read.
type trial struct {
	givens []given
	keep   map[string]bool
	want   sheet
	window Range
}

// CaseError is a case whose model brought other rows than wanted.
type CaseError struct {
	Model      string
	Columns    []string
	Missing    []string // wanted rows that did not come
	Unexpected []string // rows that came and were not wanted
}

// Error shows the difference as a diff, one row a line.
func (e *CaseError) Error() string {
	lines := []string{fmt.Sprintf("%s brings other rows than wanted (- wanted, + got):", e.Model), "  " + strings.Join(e.Columns, ",")}
	for _, row := range e.Missing {
		lines = append(lines, "- "+row)
	}
	for _, row := range e.Unexpected {
		lines = append(lines, "+ "+row)
	}
	return strings.Join(lines, "\n")
}

// Run tries a model on one case. The archive's comment says what the case shows;
// its files are
//
//	given/<schema>.<table>.csv   rows of a raw, reference or seeds table or of a
//	                             model that is read; columns left out are NULL
//	want.csv                     the rows the model shall have; only the columns
//	                             listed are compared, the order of rows is free
//	from, to                     optional: the window of an incremental model
//	keep                         optional: names of external tables, one a line,
//	                             that keep the rows they have (a catalogue in seeds)
//
// Empty cells are NULL, blanks around cells are dropped, lines that begin with #
// are comments. Tables that are not given are empty, and models between the given
// tables and the model are built. Wanted cells are read as the column's type, so
// 0.50 and 0.5 are the same. The error is a *CaseError where the rows differ.
func (b *Bench) Run(ctx context.Context, model string, archive *txtar.Archive) error {
	t, m, err := b.prepare(model, archive)
	if err != nil {
		return err
	}
	if len(t.want.header) == 0 {
		return fmt.Errorf("want.csv: a header is needed")
	}
	return b.in(ctx, t.keep, func(db querier) error {
		if err := b.play(ctx, db, m, t); err != nil {
			return err
		}
		got, err := textRows(ctx, db, m.FullName(), t.want.header)
		if err != nil {
			return m.failed(err)
		}
		want, err := b.canonical(ctx, db, m, t.want)
		if err != nil {
			return err
		}
		return compare(m, t.want.header, want, got)
	})
}

// Update returns the case with want.csv as the model brings it now, in the columns
// it lists, or in all columns where it lists none.
func (b *Bench) Update(ctx context.Context, model string, archive *txtar.Archive) (*txtar.Archive, error) {
	t, m, err := b.prepare(model, archive)
	if err != nil {
		return nil, err
	}
	header := t.want.header
	if len(header) == 0 {
		for _, c := range m.Columns {
			header = append(header, c.Name)
		}
	}
	var rows [][]string
	err = b.in(ctx, t.keep, func(db querier) error {
		if err := b.play(ctx, db, m, t); err != nil {
			return err
		}
		rows, err = textRows(ctx, db, m.FullName(), header)
		return err
	})
	if err != nil {
		return nil, err
	}
	data := []byte(strings.Join(csvLines(append([][]string{header}, rows...)), "\n") + "\n")
	updated := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if f.Name != "want.csv" {
			updated.Files = append(updated.Files, f)
		}
	}
	updated.Files = append(updated.Files, txtar.File{Name: "want.csv", Data: data})
	return updated, nil
}

func (b *Bench) prepare(model string, archive *txtar.Archive) (trial, *Model, error) {
	m, ok := b.graph.Lookup(model)
	if !ok {
		return trial{}, nil, fmt.Errorf("there is no model %s", model)
	}
	t, err := readTrial(archive)
	if err != nil {
		return t, nil, err
	}
	upstream := b.graph.Upstream(m.FullName())
	for _, g := range t.givens {
		if !slices.Contains(upstream, g.table) {
			return t, nil, fmt.Errorf("%s: %s does not rest on %s", g.file, m.FullName(), g.table)
		}
	}
	for name := range t.keep {
		if !slices.Contains(b.graph.externals, name) {
			return t, nil, fmt.Errorf("keep: %s is no external table that models read", name)
		}
	}
	for _, name := range t.want.header {
		if indexColumn(b.shape[m.FullName()].columns, name) < 0 {
			return t, nil, fmt.Errorf("want.csv: %s has no column %s", m.FullName(), name)
		}
	}
	return t, m, nil
}

// play puts the given tables in place and builds the model.
func (b *Bench) play(ctx context.Context, db querier, m *Model, t trial) error {
	for _, g := range t.givens {
		if err := b.put(ctx, db, g); err != nil {
			return err
		}
	}
	return b.build(ctx, db, m, t.names(), t.window)
}

// names are the tables that a case gives.
func (t trial) names() map[string]bool {
	names := make(map[string]bool)
	for _, g := range t.givens {
		names[g.table] = true
	}
	return names
}

func readTrial(archive *txtar.Archive) (trial, error) {
	t := trial{keep: make(map[string]bool), window: Range{firstDay, lastDay}}
	wanted := false
	for _, f := range archive.Files {
		var err error
		text := strings.TrimSpace(string(f.Data))
		dir, base := path.Split(f.Name)
		switch {
		case dir == "given/" && strings.HasSuffix(base, ".csv"):
			g := given{file: f.Name, table: strings.TrimSuffix(base, ".csv")}
			g.sheet, err = readSheet(f.Data, '#')
			t.givens = append(t.givens, g)
		case f.Name == "want.csv":
			wanted = true
			t.want, err = readSheet(f.Data, '#')
		case f.Name == "from":
			t.window.From, err = ParseDay(text)
		case f.Name == "to":
			t.window.To, err = ParseDay(text)
		case f.Name == "keep":
			for name := range strings.FieldsSeq(text) {
				t.keep[name] = true
			}
		default:
			err = fmt.Errorf("a case has given/<schema>.<table>.csv, want.csv, from, to and keep only")
		}
		if err != nil {
			return t, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if !wanted {
		return t, fmt.Errorf("want.csv is missing")
	}
	return t, nil
}

// canonical writes the wanted cells the way the database writes the model's.
func (b *Bench) canonical(ctx context.Context, db querier, m *Model, want sheet) ([][]string, error) {
	columns := make([]typedColumn, len(want.header))
	for i, name := range want.header {
		all := b.shape[m.FullName()].columns
		columns[i] = all[indexColumn(all, name)]
	}
	if err := want.fits(ctx, db, "want.csv", columns); err != nil {
		return nil, err
	}
	const table = "main.model_wanted"
	if err := b.empty(ctx, db, table, object{columns: columns}); err != nil {
		return nil, err
	}
	if err := want.insert(ctx, db, "want.csv", table, columns); err != nil {
		return nil, err
	}
	return textRows(ctx, db, table, want.header)
}

// textRows reads columns of a table as text, NULL as "", in the order of their values.
func textRows(ctx context.Context, db querier, full string, columns []string) ([][]string, error) {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = "coalesce(" + quote(c) + "::varchar, '')"
	}
	rows, err := db.QueryContext(ctx, fmt.Sprintf(
		"select %s from %s order by %s", strings.Join(cells, ", "), quoteFull(full), quoteAll(columns)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		row := make([]string, len(columns))
		targets := make([]any, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// compare finds the rows that are in one set only; a row that is wanted twice must
// come twice.
func compare(m *Model, header []string, want, got [][]string) error {
	wanted, came := csvLines(want), csvLines(got)
	missing, unexpected := subtract(wanted, came), subtract(came, wanted)
	if len(missing) == 0 && len(unexpected) == 0 {
		return nil
	}
	return &CaseError{m.FullName(), header, missing, unexpected}
}

func subtract(rows, others []string) []string {
	left := make(map[string]int)
	for _, row := range others {
		left[row]++
	}
	var out []string
	for _, row := range rows {
		if left[row] > 0 {
			left[row]--
			continue
		}
		out = append(out, row)
	}
	return out
}

// csvLines writes each record as one CSV line.
func csvLines(records [][]string) []string {
	lines := make([]string, len(records))
	for i, record := range records {
		var buf strings.Builder
		w := csv.NewWriter(&buf)
		// A strings.Builder takes everything, so the writer has no error to report.
		_ = w.Write(record)
		w.Flush()
		lines[i] = strings.TrimSuffix(buf.String(), "\n")
	}
	return lines
}
