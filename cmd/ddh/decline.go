package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
)

// declinedSuffix is what the files of a declined batch end in. They stay in the
// landing, and neither a run nor a rebuild takes them for a batch any more. Without the
// suffix they are one again.
const declinedSuffix = ".declined"

// decline puts the declined batches aside and returns the others.
func (p *pipeline) decline(files []etl.File) ([]etl.File, error) {
	for _, id := range p.declined {
		at := slices.IndexFunc(files, func(f etl.File) bool { return f.Batch.ID == id })
		if at < 0 {
			return nil, &usageError{
				err: fmt.Errorf("no batch %q waits to be loaded", id),
				try: "ddh status, which names those that are held",
			}
		}
		f := files[at]
		if err := putAside(f); err != nil {
			return nil, fmt.Errorf("decline batch %s: %w", id, err)
		}
		p.outcome.declined++
		p.progress.done("batch %s (%s) with %d rows is declined and kept as %s", id, f.Batch.Origin, f.Counts.Read, f.Path+declinedSuffix)
		files = slices.Delete(files, at, at+1)
	}
	return files, nil
}

// putAside renames a batch's files. Rejected rows without their batch are swept away,
// and a batch without its rejected rows is an error: at no moment is there either.
func putAside(f etl.File) error {
	if f.Rejects != "" {
		err := os.Link(f.Rejects, f.Rejects+declinedSuffix)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	if err := os.Rename(f.Path, f.Path+declinedSuffix); err != nil {
		return err
	}
	if f.Rejects == "" {
		return nil
	}
	return os.Remove(f.Rejects)
}
