package dropfolder

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// danish is the zone of the hotline's clocks, which need not be this machine's. It is
// embedded in the program, see convert.
func danish() *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		return time.UTC
	}
	return zone
}

var _ etl.Patient = (*Source)(nil)

// Examine looks at the folder and at the names of its files; it opens those whose name
// says nothing.
func (s *Source) Examine(context.Context) []etl.Examined {
	names, err := s.list()
	if err != nil {
		return []etl.Examined{{
			What: "folder", Found: err.Error(),
			Try: fmt.Sprintf("make the folder %s, or let the user that runs ddh read it", s.options.Dir),
		}}
	}
	var newest time.Time
	var strange []etl.Examined
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(s.options.Dir, name)); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		if _, _, err := s.recognise(name); err != nil {
			fault, _ := err.(etl.Fault)
			strange = append(strange, etl.Examined{What: "file " + name, Found: fault.Message, Try: fault.Try})
		}
	}
	found := fmt.Sprintf("%s can be read and holds %d files", s.options.Dir, len(names))
	if len(names) > 0 {
		found += ", the newest of " + newest.In(danish()).Format("2006-01-02 15:04")
	}
	return append([]etl.Examined{{What: "folder", Found: found, OK: true}}, strange...)
}
