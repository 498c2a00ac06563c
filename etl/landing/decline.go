package landing

import (
	"errors"
	"fmt"
	"os"

	"github.com/den-digitale-hotline/ddh/etl"
)

// declinedSuffix is what the files of a declined batch end in. They stay in the
// landing, and nobody takes them for a batch any more. Without the suffix they are one
// again.
const declinedSuffix = ".declined"

// Decline puts a batch aside that is not to be loaded, now or ever, and returns the
// path under which its rows are kept. Rejected rows without their batch are swept away,
// and a batch without its rejected rows is an error: at no moment is there either.
func Decline(f etl.File) (kept string, err error) {
	kept = f.Path + declinedSuffix
	if f.Rejects != "" {
		err := os.Link(f.Rejects, f.Rejects+declinedSuffix)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return "", fmt.Errorf("decline batch %s: %w", f.Batch.ID, err)
		}
	}
	if err := os.Rename(f.Path, kept); err != nil {
		return "", fmt.Errorf("decline batch %s: %w", f.Batch.ID, err)
	}
	if f.Rejects == "" {
		return kept, nil
	}
	if err := os.Remove(f.Rejects); err != nil {
		return "", fmt.Errorf("decline batch %s: %w", f.Batch.ID, err)
	}
	return kept, nil
}
