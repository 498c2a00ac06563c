package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// Options describe a drop folder.
type Options struct {
	Name    string      // of the source, e.g. "puzzel"
	Dir     string      // the folder; its sub-folders are not read
	Tables  []etl.Table // the tables whose files are expected
	Protect *privacy.Key
	// ColumnMap leads other column names to those of the contracts: table name to
	// canonical column name to the name in the file. It may be nil.
	ColumnMap map[string]map[string]string
	Formats   etl.Formats // how files write what their values leave open
	Workers   int         // goroutines that convert; 0: one per processor
	// Seen is a file in which to remember the hashes of files, so that those that
	// have not changed since are not read again; "" for none. It may be lost.
	Seen string
	Now  func() time.Time // the clock; needed with Seen
}

// chunkSize is how much of a file one worker converts at a time: some 48,000 rows
// of call_events. It is also the longest a record can be.
const chunkSize = 8 << 20

// Source is a drop folder. It implements etl.Source.
type Source struct {
	options   Options
	names     tableNames
	chunkSize int
}

// New returns the source for a folder. The folder need not exist yet.
func New(o Options) (*Source, error) {
	switch {
	case o.Dir == "":
		return nil, fmt.Errorf("source %s: no folder is given", o.Name)
	case o.Protect == nil:
		return nil, fmt.Errorf("source %s: no pseudonym key is given", o.Name)
	case o.Seen != "" && o.Now == nil:
		return nil, fmt.Errorf("source %s: no clock is given", o.Name)
	}
	names, err := newTableNames(o.Tables)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", o.Name, err)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return &Source{options: o, names: names, chunkSize: chunkSize}, nil
}

// Name returns the configured name of the source.
func (s *Source) Name() string { return s.options.Name }

// Pull lands every file of the folder that has not landed before, in the order of
// their names. The step that watch hears is the file's name, counted in bytes.
// The error is for a folder that cannot be read, a sink that fails and a context
// that ends; what is wrong with a file is among the Faults.
func (s *Source) Pull(ctx context.Context, sink etl.Sink, watch etl.Watch) (etl.Pulled, error) {
	if watch == nil {
		watch = func(string, int64, int64) {}
	}
	var pulled etl.Pulled
	names, err := s.list()
	if err != nil {
		return pulled, err
	}
	memory := openSeen(s.options.Seen, s.options.Now)
	err = s.lookAhead(ctx, names, memory, func(f *found) error {
		err := s.pullFile(ctx, sink, watch, f, &pulled)
		var fault etl.Fault
		switch {
		case errors.As(err, &fault):
			pulled.Faults = append(pulled.Faults, fault)
		case err != nil:
			return fmt.Errorf("%s: %w", f.name, err)
		}
		return nil
	})
	if err == nil {
		memory.save()
	}
	return pulled, err
}

// found is a file of the folder that has been looked over, or what is wrong with it.
type found struct {
	name  string
	table etl.Table
	read  readFunc
	input *input
	err   error
}

// lookAhead looks the files over and hands them on in their order. While one is
// being read, the next is hashed.
func (s *Source) lookAhead(ctx context.Context, names []string, memory *seen, handle func(*found) error) error {
	within, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	ahead := make(chan *found)
	running.Go(func() {
		defer close(ahead)
		for _, name := range names {
			select {
			case ahead <- s.find(within, name, memory):
			case <-within.Done():
				return
			}
		}
	})
	for f := range ahead {
		if err := handle(f); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// find looks one file over.
func (s *Source) find(ctx context.Context, name string, memory *seen) *found {
	f := &found{name: name}
	if f.table, f.read, f.err = s.recognise(name); f.err != nil {
		return f
	}
	if f.input, f.err = examine(ctx, filepath.Join(s.options.Dir, name), memory); f.err != nil {
		f.err = stopped(ctx, name, f.err)
	}
	return f
}

// list returns the names of the folder's files, sorted, without the traces that
// editors, browsers and copy programs leave.
func (s *Source) list() ([]string, error) {
	entries, err := os.ReadDir(s.options.Dir)
	if err != nil {
		return nil, fmt.Errorf("source %s: the folder cannot be read: %w", s.options.Name, err)
	}
	var names []string
	for _, entry := range entries {
		if passing(entry.Name()) {
			continue
		}
		info, err := os.Stat(filepath.Join(s.options.Dir, entry.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue // gone since the listing, or a link to nowhere
		}
		if err == nil && !info.Mode().IsRegular() {
			continue
		}
		names = append(names, entry.Name())
	}
	slices.Sort(names)
	return names, nil
}

// passing reports whether a file name belongs to something unfinished or hidden.
func passing(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".crdownload":
		return true
	}
	return false
}

// pullFile lands one file, or finds that it is known or at fault.
func (s *Source) pullFile(ctx context.Context, sink etl.Sink, watch etl.Watch, f *found, pulled *etl.Pulled) error {
	if f.err != nil {
		return f.err
	}
	in := f.input
	if sink.Known(f.table, in.content) {
		pulled.Known = append(pulled.Known, f.name)
		return nil
	}
	in.watch = func(done int64) { watch(f.name, done, in.size) }
	d := &delivery{source: s, sink: sink, input: in, batch: etl.Batch{
		Source: s.options.Name, Table: f.table, Origin: f.name, Content: in.content,
	}}
	landed, err := d.run(ctx, f.read)
	if err != nil {
		return err
	}
	pulled.Batches = append(pulled.Batches, landed)
	return nil
}

// recognise finds the table and the format of a file by its name; one whose name says
// nothing is opened to suggest another.
func (s *Source) recognise(name string) (etl.Table, readFunc, error) {
	stem, read := formatOf(name)
	if read == nil {
		return etl.Table{}, nil, etl.Fault{
			Origin:  name,
			Message: "the file's format is not one of " + strings.Join(formatNames(), ", "),
			Try:     "export it as CSV, or move it out of the folder",
		}
	}
	table, ok := s.names.match(stem)
	if !ok {
		return etl.Table{}, nil, etl.Fault{
			Origin:  name,
			Message: "the file's name begins with the name of no known table: " + strings.Join(s.names.list(), ", "),
			Try:     s.suggestName(name),
		}
	}
	return table, read, nil
}
