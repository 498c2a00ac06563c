package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	pointerFile = "current" // holds the name of the copy that readers open
	anewFile    = "anew"    // there after a rebuild: the next copy is made from nothing
	copyPrefix  = "kpi-"
	copySuffix  = ".duckdb"
	copyCatalog = "ddh_publication" // name under which the copy is attached while it is made
)

// Publish copies every table and view of the schemas, and the single tables named
// in extra ("meta.batches"), into a read copy, and then points readers to it. A view
// that reads nothing but those schemas stays a view, any other becomes a table.
// Comments come along. Readers of the copy before are not
// disturbed: it stays until the next Publish. The path of the new copy is returned.
func (w *Warehouse) Publish(ctx context.Context, run string, schemas, extra []string) (string, error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	path, err := w.publish(ctx, run, schemas, extra)
	if err != nil {
		return "", fmt.Errorf("publish run %s: %w", run, err)
	}
	return path, nil
}

func (w *Warehouse) publish(ctx context.Context, run string, schemas, extra []string) (string, error) {
	dir := w.options.PublishedDir
	if run == "" || run != filepath.Base(run) {
		return "", errors.New("the run id cannot be part of a file name")
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	if err := sweepPublished(dir); err != nil {
		return "", err
	}
	before, err := readPointer(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	path, err := freeName(dir, run)
	if err != nil {
		return "", err
	}
	temp, model := path+".tmp", before
	if _, err := os.Stat(filepath.Join(dir, anewFile)); err == nil {
		model = ""
	}
	if err := w.makeCopy(ctx, temp, model, run, schemas, extra); err != nil {
		return "", errors.Join(err, discard(temp))
	}
	if err := errors.Join(syncPath(temp), rename(temp, path)); err != nil {
		return "", err
	}
	name := filepath.Base(path)
	if err := writeFile(filepath.Join(dir, pointerFile), name+"\n"); err != nil {
		return "", err
	}
	return path, errors.Join(removeFile(filepath.Join(dir, anewFile)), removeCopies(dir, name, before))
}

// publishAnew has the next copy made from nothing. A clone's file keeps, in room that its
// tables gave up, bytes of rows that are gone; a rebuild is what makes rows go for good.
func publishAnew(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, anewFile), "")
}

// freeName is a path no copy has had yet: a file that a reader may have open is
// never replaced, not even when a run publishes twice.
func freeName(dir, run string) (string, error) {
	for n := 1; ; n++ {
		name := copyPrefix + run + copySuffix
		if n > 1 {
			name = fmt.Sprintf("%s%s-%d%s", copyPrefix, run, n, copySuffix)
		}
		path := filepath.Join(dir, name)
		_, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// makeCopy makes the copy at path from a clone of the one before it, if there is one.
// Where that does not work out, as with a copy that is damaged, it is made from nothing.
func (w *Warehouse) makeCopy(ctx context.Context, path, before, run string, schemas, extra []string) error {
	if before != "" {
		err := cloneFile(filepath.Join(w.options.PublishedDir, before), path)
		if err == nil {
			err = w.copyTo(ctx, path, run, schemas, extra)
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		if err := discard(path); err != nil {
			return err
		}
	}
	return w.copyTo(ctx, path, run, schemas, extra)
}

var errWorn = errors.New("the copy has more room than rows")

// copyTo brings the file at path, which need not be there, up to the warehouse in one
// transaction, which sees one state of the warehouse.
func (w *Warehouse) copyTo(ctx context.Context, path, run string, schemas, extra []string) (err error) {
	conn, err := w.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // goes back to the pool
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("attach %s as %s", literal(path), copyCatalog)); err != nil {
		return err
	}
	defer func() {
		// Also when ctx is done: an attached file would stay open, and attached.
		_, undone := conn.ExecContext(context.WithoutCancel(ctx), "detach "+copyCatalog)
		err = errors.Join(err, undone)
	}()
	if worn, err := isWorn(ctx, conn); err != nil || worn {
		return errors.Join(err, errWorn)
	}
	err = inTransaction(ctx, conn, func(tx *sql.Tx) error {
		relations, err := relationsOf(ctx, tx, schemas, extra)
		if err != nil {
			return err
		}
		relations = copyOrder(relations, schemas)
		stay, err := dropOld(ctx, tx, relations)
		if err != nil {
			return err
		}
		comments, err := commentsOfCopy(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range relations {
			if date, stays := stay[r.schema+"."+r.name]; stays {
				err = r.renew(ctx, tx, date)
			} else {
				err = r.create(ctx, tx)
			}
			if err == nil {
				err = r.comment(ctx, tx, comments)
			}
			if err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "drop table if exists publish_parts"); err != nil {
			return err
		}
		return w.sign(ctx, tx, run)
	})
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "checkpoint "+copyCatalog)
	return err
}

// sign writes into the copy which run made it.
func (w *Warehouse) sign(ctx context.Context, tx *sql.Tx, run string) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`
		create schema if not exists %[1]s.meta;
		create or replace table %[1]s.meta.published (run varchar not null, published_at timestamptz not null)`, copyCatalog))
	if err == nil {
		_, err = tx.ExecContext(ctx, fmt.Sprintf("insert into %s.meta.published values (?, ?)", copyCatalog),
			run, w.options.Now().UTC())
	}
	return err
}

// sweepPublished removes what an interrupted Publish left.
func sweepPublished(dir string) error {
	return removeWhere(dir, func(name string) bool {
		return strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".tmp.wal")
	})
}

// removeCopies removes all copies but those named; readers may be about to open the
// one before.
func removeCopies(dir string, keep ...string) error {
	return removeWhere(dir, func(name string) bool {
		return strings.HasPrefix(name, copyPrefix) && strings.HasSuffix(name, copySuffix) && !slices.Contains(keep, name)
	})
}

func removeWhere(dir string, goes func(name string) bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !goes(e.Name()) {
			continue
		}
		if err := removeFile(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
