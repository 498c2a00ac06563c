package dropfolder

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// suggestName says how to name a file whose name begins with no table: after the table
// that most of its header's columns belong to, or else after one that the name has
// somewhere inside, as "Kopi af call_events.csv" has.
func (s *Source) suggestName(file string) string {
	const rename = "rename it to begin with the table it holds"
	name := cmp.Or(s.tableByHeader(file), s.tableInside(file))
	if name == "" {
		return rename
	}
	return fmt.Sprintf("%s, such as %q", rename, name+"_"+strings.ReplaceAll(file, " ", "_"))
}

// tableInside is the longest name of a table that a file's name contains.
func (s *Source) tableInside(file string) (best string) {
	for _, name := range s.names.list() {
		if len(name) > len(best) && strings.Contains(strings.ToLower(file), strings.ToLower(name)) {
			best = name
		}
	}
	return best
}

// fewestColumns is how many columns a header must share with a contract to be likely
// to be its: ids and dates are in most of them.
const fewestColumns = 3

// tableByHeader is the table whose contract knows more of a text file's header than any
// other does; "" where none stands out.
func (s *Source) tableByHeader(file string) (best string) {
	line := firstLine(filepath.Join(s.options.Dir, file))
	most, equal := fewestColumns-1, false
	for _, table := range s.options.Tables {
		for _, delimiter := range []string{",", ";", "\t", "|"} {
			header := strings.Split(line, delimiter)
			for i := range header {
				header[i] = strings.Trim(header[i], " \"\r\n")
			}
			known := convert.Recognised(table, header, s.options.ColumnMap[table.Name])
			switch {
			case known > most:
				best, most, equal = table.Name, known, false
			case known == most && table.Name != best:
				equal = true
			}
		}
	}
	if equal {
		return ""
	}
	return best
}

// firstLine is the first line of a text file as far as 64 KiB, "" where it cannot be
// read: it only serves a suggestion.
func firstLine(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }() // was only read
	line, err := bufio.NewReader(io.LimitReader(file, 64<<10)).ReadBytes('\n')
	if err != nil && err != io.EOF {
		return ""
	}
	return string(bytes.TrimPrefix(line, []byte{0xEF, 0xBB, 0xBF}))
}
