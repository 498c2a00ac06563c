package sourcetest_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sourcetest"
)

// folder is a drop folder into which somebody exports what is new.
type folder struct {
	dir    string
	zone   *time.Location
	noted  []sourcetest.Record // for the next export
	files  int
	last   string                // path of the last file
	faults []func(*folder) error // for the next look
	torn   []func() error        // mend what a fault has done
}

func newFolder(t *testing.T) sourcetest.System {
	return &folder{dir: t.TempDir(), zone: zone()}
}

func zone() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err)
	}
	return z
}

const stamp = "2006-01-02T15:04:05.000"

func (f *folder) Table() etl.Table { return puzzel.CallEvents }
func (f *folder) Parts() int       { return 4 }
func (f *folder) Versions() bool   { return true }

func (f *folder) Compared() string {
	return "concat_ws('|', call_id, call_sequence, strftime(dte_updated, '%Y-%m-%dT%H:%M:%S.%g'), menue_key)"
}

func (f *folder) Row(r sourcetest.Record) string {
	return fmt.Sprintf("%d|%d|%s|%s", r.Key+1, r.Part, r.Updated.In(f.zone).Format(stamp), r.Text)
}

// Show notes the records; they are exported when somebody next looks.
func (f *folder) Show(_ context.Context, _ time.Time, records []sourcetest.Record) error {
	f.noted = append(f.noted, records...)
	return nil
}

// export writes what is new into a file of its own.
func (f *folder) export() error {
	if len(f.noted) == 0 {
		return nil
	}
	records := f.noted
	f.noted = nil
	f.files++
	f.last = filepath.Join(f.dir, fmt.Sprintf("call_events_%06d.csv", f.files))
	file, err := os.Create(f.last)
	if err != nil {
		return err
	}
	defer file.Close()
	out := csv.NewWriter(file)
	rows := [][]string{{"call_id", "call_sequence", "dte_start", "event_type", "dte_updated", "menue_key"}}
	for _, r := range records {
		rows = append(rows, []string{
			strconv.Itoa(r.Key + 1), strconv.Itoa(r.Part), r.Happened.In(f.zone).Format(stamp), "i",
			r.Updated.In(f.zone).Format(stamp), r.Text,
		})
	}
	return out.WriteAll(rows)
}

func (f *folder) Source(w sourcetest.World) (etl.Source, error) {
	if err := f.export(); err != nil {
		return nil, err
	}
	for _, fault := range f.faults {
		if err := fault(f); err != nil {
			return nil, err
		}
		if len(f.torn) > 0 {
			break // one at a time
		}
	}
	f.faults = nil
	source, err := dropfolder.New(dropfolder.Options{
		Name: "puzzel", Dir: f.dir, Tables: []etl.Table{puzzel.CallEvents}, Protect: w.Protect, Workers: 1,
	})
	if err != nil {
		return nil, err
	}
	return &mended{source, f}, nil
}

// mended undoes what went wrong once it has been met.
type mended struct {
	etl.Source
	folder *folder
}

func (m *mended) Pull(ctx context.Context, sink etl.Sink, watch etl.Watch) (pulled etl.Pulled, err error) {
	pulled, err = m.Source.Pull(ctx, sink, watch)
	for _, mend := range m.folder.torn {
		err = errors.Join(err, mend())
	}
	m.folder.torn = nil
	return pulled, err
}

var folderFaults = []struct {
	name string
	do   func(*folder) error
}{
	{"cut within a row", func(f *folder) error { return f.tear(func(text []byte) []byte { return text[:len(text)-7] }) }},
	{"without its header", func(f *folder) error { return f.tear(func(text []byte) []byte { return text[len("call_id,"):] }) }},
	{"twice", (*folder).again},
	{"folder away", (*folder).away},
}

// Disturb lets the last file be seen half written, or twice, or the folder be away.
func (f *folder) Disturb(pick int) string {
	if f.last == "" {
		return ""
	}
	fault := folderFaults[pick%len(folderFaults)]
	f.faults = append(f.faults, fault.do)
	return fault.name
}

// again exports the last file once more, under a later name.
func (f *folder) again() error {
	text, err := os.ReadFile(f.last)
	if err != nil {
		return err
	}
	f.files++
	return os.WriteFile(filepath.Join(f.dir, fmt.Sprintf("call_events_%06d.csv", f.files)), text, 0o644)
}

func (f *folder) away() error {
	away := f.dir + ".away"
	f.torn = append(f.torn, func() error { return os.Rename(away, f.dir) })
	return os.Rename(f.dir, away)
}

func (f *folder) tear(how func([]byte) []byte) error {
	path := f.last
	whole, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f.torn = append(f.torn, func() error { return os.WriteFile(path, whole, 0o644) })
	return os.WriteFile(path, how(whole), 0o644)
}

func TestDropFolder(t *testing.T) { sourcetest.Run(t, newFolder) }
