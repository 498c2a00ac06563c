package landing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Files lists every landed batch in order of arrival. See Unloaded.
func Files(ctx context.Context, dir string, tables []etl.Table) ([]etl.File, error) {
	return Unloaded(ctx, dir, tables, nil)
}

// Unloaded lists the landed batches whose ids are not in known, in order of arrival.
// Only their footers are read. A file that cannot be read, or is none of ours, does
// not hide the others: they are returned together with one joined error that names
// each such file. A landing that does not exist yet is empty.
func Unloaded(ctx context.Context, dir string, tables []etl.Table, known map[string]bool) ([]etl.File, error) {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	found, err := walk(dir)
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, path := range found.foreign {
		faults = append(faults, fmt.Errorf("landing file %s is not named as a batch is", path))
	}
	slices.SortFunc(found.batches, func(a, b name) int { return compareIDs(a.id.String(), b.id.String()) })
	c := newCatalog(tables)
	var files []etl.File
	for _, n := range found.batches {
		if known[n.id.String()] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := c.readWithRejects(n.path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		files = append(files, f)
	}
	return files, errors.Join(faults...)
}

// Files lists every batch of the landing. See the function Files.
func (l *Landing) Files(ctx context.Context) ([]etl.File, error) { return l.Unloaded(ctx, nil) }

// Unloaded lists the batches that are not in known. See the function Unloaded.
func (l *Landing) Unloaded(ctx context.Context, known map[string]bool) ([]etl.File, error) {
	tables := make([]etl.Table, 0, len(l.catalog))
	for _, t := range l.catalog {
		tables = append(tables, t)
	}
	return Unloaded(ctx, l.dir, tables, known)
}

// readWithRejects also sees that rejected rows, where there are any, are in place.
func (c catalog) readWithRejects(path string) (etl.File, error) {
	f, err := c.read(path)
	if err != nil || f.Rejects == "" {
		return f, err
	}
	_, rows, err := readFooter(f.Rejects)
	switch {
	case err != nil:
		return etl.File{}, fmt.Errorf("landing file %s cannot be read: %w", f.Rejects, err)
	case rows != f.Counts.Rejected:
		return etl.File{}, fmt.Errorf("landing file %s holds %d rows, %d were rejected", f.Rejects, rows, f.Counts.Rejected)
	}
	return f, nil
}
