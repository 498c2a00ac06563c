package main

import (
	"fmt"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
)

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
		kept, err := landing.Decline(f)
		if err != nil {
			return nil, err
		}
		p.outcome.declined++
		p.progress.done("batch %s (%s) with %d rows is declined and kept as %s", id, f.Batch.Origin, f.Counts.Read, kept)
		files = slices.Delete(files, at, at+1)
	}
	return files, nil
}
