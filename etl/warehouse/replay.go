package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// recordReplays notes which quarantined rows a batch has brought again. The rows that
// it took over from raw have numbers below one, which no quarantined row has.
func recordReplays(ctx context.Context, tx *sql.Tx, f etl.File) error {
	if f.Batch.Replays == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(
		"insert into meta.replays select distinct %s, %s, %s from read_parquet(%s) where %[2]s > 0",
		literal(f.Batch.Replays), etl.RowColumn, literal(f.Batch.ID), literal(f.Path)))
	if err != nil {
		return fmt.Errorf("note replayed rows: %w", err)
	}
	return nil
}

// Row is one row of a raw table: its texts, as the contract's types read them, in the
// order of the contract's columns; "" is NULL.
type Row = []string

// Mates returns what raw holds of the keys of some rows that were quarantined in a
// batch, as far as a replay must bring it again: a key is replaced as a whole, so a
// row that comes alone would push the rest of its key out (etl.Replace). These are
// the rows that came in the same batch, or with an earlier replay of it, and those of
// the same version of the key, whatever batch brought them.
func (w *Warehouse) Mates(ctx context.Context, table etl.Table, batch string, rows []Row) ([]Row, error) {
	k, err := newKey(table)
	if err != nil {
		return nil, err
	}
	updated, err := updatedSQL(table)
	if err != nil {
		return nil, err
	}
	var mates []Row
	err = w.transact(ctx, func(tx *sql.Tx) error {
		if err := stageReplayed(ctx, tx, table, rows); err != nil {
			return err
		}
		mates, err = selectMates(ctx, tx, table, k, updated, batch)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "drop table stage_replayed")
		return err
	})
	return mates, err
}

// Keys returns the key of each row, as Quarantined has it.
func (w *Warehouse) Keys(ctx context.Context, table etl.Table, rows []Row) (keys []string, err error) {
	k, err := newKey(table)
	if err != nil {
		return nil, err
	}
	err = w.transact(ctx, func(tx *sql.Tx) error {
		if err := stageReplayed(ctx, tx, table, rows); err != nil {
			return err
		}
		found, err := tx.QueryContext(ctx, fmt.Sprintf(
			"select case when %s then '' else %s end from (select rowid as place, %s, * from stage_replayed) as rows order by place",
			k.missing(), k.text("rows"), k.selected()))
		if err != nil {
			return fmt.Errorf("find keys: %w", err)
		}
		defer func() { _ = found.Close() }() // Err below is what tells
		for found.Next() {
			var key string
			if err := found.Scan(&key); err != nil {
				return fmt.Errorf("find keys: %w", err)
			}
			keys = append(keys, key)
		}
		if err := found.Err(); err != nil {
			return fmt.Errorf("find keys: %w", err)
		}
		_, err = tx.ExecContext(ctx, "drop table stage_replayed")
		return err
	})
	return keys, err
}

// stageReplayed puts the rows into a temporary table of the contract's columns.
func stageReplayed(ctx context.Context, tx *sql.Tx, table etl.Table, rows []Row) error {
	columns, values := make([]string, len(table.Columns)), make([]string, len(table.Columns))
	for i, c := range table.Columns {
		columns[i] = ident(c.Name) + " " + c.Type.SQL()
		values[i] = fmt.Sprintf("cast(nullif(?, '') as %s)", c.Type.SQL())
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("create or replace temp table stage_replayed (%s)", strings.Join(columns, ", ")))
	if err != nil {
		return fmt.Errorf("stage replayed rows: %w", err)
	}
	insert, err := tx.PrepareContext(ctx, fmt.Sprintf("insert into stage_replayed values (%s)", strings.Join(values, ", ")))
	if err != nil {
		return fmt.Errorf("stage replayed rows: %w", err)
	}
	defer func() { _ = insert.Close() }() // a statement that is not needed any more
	for _, row := range rows {
		texts := make([]any, len(row))
		for i, text := range row {
			texts[i] = text
		}
		if _, err := insert.ExecContext(ctx, texts...); err != nil {
			return fmt.Errorf("stage replayed rows: %w", err)
		}
	}
	return nil
}

func selectMates(ctx context.Context, tx *sql.Tx, table etl.Table, k key, updated, batch string) ([]Row, error) {
	texts := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		texts[i] = fmt.Sprintf("coalesce(cast(%s as varchar), '')", ident(c.Name))
	}
	found, err := tx.QueryContext(ctx, fmt.Sprintf(`
		with wanted as (
			select %[1]s, max(_u) as _u from (select %[2]s, %[3]s as _u from stage_replayed) group by %[1]s
		),
		held as not materialized (
			select *, %[2]s, %[3]s as _u from %[4]s where not (%[5]s)
		),
		versions as (
			select %[6]s, max(held._u) as held_u, any_value(wanted._u) as wanted_u,
				bool_or(held.%[7]s = %[8]s
					or held.%[7]s in (select replayed_by from meta.replays where batch = %[8]s)) as is_same_batch
			from held join wanted on %[9]s group by %[6]s
		)
		select [%[10]s] from held join versions on %[11]s
		where versions.is_same_batch or versions.held_u is not distinct from versions.wanted_u
		order by held.%[7]s, held.%[12]s`,
		k.names(""), k.selected(), updated, table.RawName(), k.missing(),
		k.names("held"), batchColumn, literal(batch), k.match("held", "wanted"),
		strings.Join(texts, ", "), k.match("held", "versions"), etl.RowColumn))
	if err != nil {
		return nil, fmt.Errorf("find the rest of the replayed keys: %w", err)
	}
	defer func() { _ = found.Close() }() // Err below is what tells
	var mates []Row
	for found.Next() {
		var list []any
		if err := found.Scan(&list); err != nil {
			return nil, fmt.Errorf("find the rest of the replayed keys: %w", err)
		}
		row := make(Row, len(list))
		for i, text := range list {
			row[i], _ = text.(string)
		}
		mates = append(mates, row)
	}
	return mates, found.Err()
}
