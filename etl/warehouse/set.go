package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// sets puts batches together that one stage can take: those of one table whose files
// have the same columns, in order of arrival. A batch costs some twenty statements, a
// set not many more.
func (w *Warehouse) sets(ctx context.Context, tx *sql.Tx, fresh []*staged) ([]*stage, error) {
	columns, err := fileColumns(ctx, tx, fresh)
	if err != nil {
		return nil, err
	}
	var sets []*stage
	for _, f := range fresh {
		table, ok := w.tables[f.file.Batch.Table.RawName()]
		if !ok {
			return nil, fmt.Errorf("the warehouse has no contract for %s", f.file.Batch.Table.RawName())
		}
		have := columns[f.file.Path]
		at := slices.IndexFunc(sets, func(s *stage) bool {
			return s.table.RawName() == table.RawName() && slices.Equal(s.types, have)
		})
		if at < 0 {
			at = len(sets)
			sets = append(sets, &stage{ctx: ctx, tx: tx, table: table, types: have})
		}
		sets[at].batches = append(sets[at].batches, f)
	}
	for _, s := range sets {
		slices.SortStableFunc(s.batches, func(a, b *staged) int {
			return strings.Compare(arrived(a.file.Batch), arrived(b.file.Batch))
		})
	}
	return sets, nil
}

// fileColumn is a column of a landing file and its DuckDB type.
type fileColumn struct{ name, kind string }

// fileColumns reads the columns of landing files, by path. A file without rows is not
// looked at.
func fileColumns(ctx context.Context, tx *sql.Tx, fresh []*staged) (map[string][]fileColumn, error) {
	var paths []string
	for _, f := range fresh {
		if f.file.Counts.Landed > 0 {
			paths = append(paths, literal(f.file.Path))
		}
	}
	if len(paths) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`
		select file_name, name, duckdb_type from parquet_schema([%s])
		where duckdb_type is not null order by file_name, column_id`, strings.Join(paths, ", ")))
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err below is what tells
	columns := map[string][]fileColumn{}
	for rows.Next() {
		var path string
		var c fileColumn
		if err := rows.Scan(&path, &c.name, &c.kind); err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
		columns[path] = append(columns[path], c)
	}
	return columns, rows.Err()
}

// run takes the set through its steps; they must come in this order. A batch that is
// held is left out, and the rest begins anew: nothing but the stage's own tables has
// changed by then.
func (s *stage) run() error {
	for again := true; again; {
		s.filled = slices.DeleteFunc(slices.Clone(s.batches), func(f *staged) bool {
			return f.held != nil || f.file.Counts.Landed == 0
		})
		if len(s.filled) == 0 {
			break
		}
		var err error
		again, err = s.compare()
		if err == nil && !again {
			err = s.replace()
		}
		if err != nil {
			return err
		}
	}
	for _, f := range s.batches {
		if f.held == nil {
			if err := s.quarantineRejects(f); err != nil {
				return err
			}
		}
	}
	return s.drop()
}

// compare stages the set and finds out what each batch would change. It tells whether
// one of them is held.
func (s *stage) compare() (held bool, err error) {
	for _, step := range []func() error{
		s.prepare, s.fill, s.supersedeWithin, s.collectKeys, s.collectHeld, s.setReusedAside, s.judge,
	} {
		if err := step(); err != nil {
			return false, err
		}
	}
	return s.guard(), nil
}

// replace makes the change.
func (s *stage) replace() error {
	for _, step := range []func() error{
		s.letGo, s.boundDays, s.touch, s.remove, s.insert, s.quarantineFaults,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// guard holds the first batch that replaces many rows by far fewer, unless it is
// confirmed.
func (s *stage) guard() bool {
	for i, f := range s.filled {
		t := s.tally[i]
		if !f.confirmed && t.replaced >= heldFrom && 2*t.replacing < t.replaced {
			f.held = &HeldError{Batch: f.file.Batch, Replaced: t.replaced, Brought: t.replacing}
			return true
		}
	}
	for i, f := range s.filled {
		t := s.tally[i]
		f.done.Loaded, f.done.Replaced = t.living-t.lost, t.replaced
		f.done.Superseded = t.rows - t.faulty - f.done.Loaded
	}
	return false
}

// arrived is the text by which batches sort as they arrived, as arrival has it in SQL.
func arrived(b etl.Batch) string {
	parts := append(strings.Split(b.ID, "-"), "", "")
	return parts[0] + strings.Repeat("0", max(0, 9-len(parts[1]))) + parts[1] + parts[2]
}
