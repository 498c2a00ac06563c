package landing

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	suffix        = ".parquet"
	rejectsSuffix = ".rejects.parquet"
	tempSuffix    = ".tmp"

	stampLayout   = "20060102T150405Z"
	contentDigits = 12 // hex digits of the content that a batch id carries
)

// batchID is "<run start>-<number in run>-<content>"; as text it sorts by arrival.
type batchID struct {
	stamp   string
	number  int
	content string
}

func (id batchID) String() string { return fmt.Sprintf("%s-%04d-%s", id.stamp, id.number, id.content) }

var batchPattern = regexp.MustCompile(`^(\d{8}T\d{6}Z)-(\d{4,})-([0-9a-f]{12})$`)

func parseID(text string) (batchID, bool) {
	m := batchPattern.FindStringSubmatch(text)
	if m == nil {
		return batchID{}, false
	}
	n, err := strconv.Atoi(m[2])
	return batchID{stamp: m[1], number: n, content: m[3]}, err == nil
}

// compareIDs orders batches by arrival. It agrees with the order of the texts but
// for a run of more than 9,999 batches.
func compareIDs(a, b string) int {
	x, okX := parseID(a)
	y, okY := parseID(b)
	if !okX || !okY || x.stamp != y.stamp || x.number == y.number {
		return strings.Compare(a, b)
	}
	return x.number - y.number
}

// name is a landed main file, told by its path alone.
type name struct {
	path  string
	table string // folder of the table
	id    batchID
}

// parseName reads <source>/<table>/<yyyy>/<mm>/<batch>.parquet from the end of path.
func parseName(path string) (name, bool) {
	base := filepath.Base(path)
	if strings.HasSuffix(base, rejectsSuffix) {
		return name{}, false
	}
	id, ok := parseID(strings.TrimSuffix(base, suffix))
	if !ok || !strings.HasSuffix(base, suffix) {
		return name{}, false
	}
	table := filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(path))))
	return name{path: path, table: table, id: id}, true
}

// index finds landed files by table and the content digits of their names, or by
// table and the start of the run that brought them.
type index struct {
	contents map[indexKey][]string
	tables   map[string][]name
}

type indexKey struct{ table, content string }

func newIndex() index {
	return index{contents: map[indexKey][]string{}, tables: map[string][]name{}}
}

func (x index) add(n name) {
	k := indexKey{n.table, n.id.content}
	x.contents[k] = append(x.contents[k], n.path)
	x.tables[n.table] = append(x.tables[n.table], n)
}

func (x index) find(table, content string) []string {
	if len(content) < contentDigits {
		return nil
	}
	return slices.Clone(x.contents[indexKey{table, content[:contentDigits]}])
}

// since are a table's files of runs that began at stamp or later, in order of arrival.
func (x index) since(table, stamp string) []name {
	var names []name
	for _, n := range x.tables[table] {
		if n.id.stamp >= stamp {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b name) int { return compareIDs(a.id.String(), b.id.String()) })
	return names
}

// sweep removes temporary files and rejects without a batch, and returns the
// landed files.
func sweep(dir string) ([]name, error) {
	found, err := walk(dir)
	if err != nil {
		return nil, err
	}
	for _, path := range found.temporary {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("landing: sweep %s: %w", path, err)
		}
	}
	for _, path := range found.rejects {
		main := strings.TrimSuffix(path, rejectsSuffix) + suffix
		if _, err := os.Stat(main); err == nil {
			continue
		}
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("landing: sweep %s: %w", path, err)
		}
	}
	return found.batches, nil
}

// contents is what lies in a landing.
type contents struct {
	batches   []name
	rejects   []string
	temporary []string
	foreign   []string // Parquet files that are not named as batches are
}

func walk(dir string) (contents, error) {
	var c contents
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return nil
		}
		base := d.Name()
		switch {
		case strings.HasSuffix(base, suffix+tempSuffix):
			c.temporary = append(c.temporary, path)
		case strings.HasSuffix(base, rejectsSuffix):
			c.rejects = append(c.rejects, path)
		case strings.HasSuffix(base, suffix):
			if n, ok := parseName(path); ok {
				c.batches = append(c.batches, n)
			} else {
				c.foreign = append(c.foreign, path)
			}
		}
		return nil
	})
	if err != nil {
		return contents{}, fmt.Errorf("landing %s: list files: %w", dir, err)
	}
	return c, nil
}
