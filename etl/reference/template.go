package reference

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

//go:embed template/*.csv
var templates embed.FS

// The template's special days cover these years, both inclusive.
const (
	templateFirstYear = 2024
	templateLastYear  = 2027
)

// opensOnShortDays is when the centre opens on a day that closes early.
const opensOnShortDays = "08:00"

// Template is the set of reference files that a new project begins with: what is
// known of the hotline, and headers. No example is among them: it would swallow real
// calls.
func Template() map[string]string {
	files := map[string]string{"special_days.csv": specialDays(templateFirstYear, templateLastYear)}
	for _, name := range Files() {
		if data, err := templates.ReadFile(path.Join("template", name+".csv")); err == nil {
			files[name+".csv"] = string(data)
		}
	}
	return files
}

// WriteTemplate writes the template into dir, which it makes where needed. Files that
// are there already are left as they are; the names of those written are returned.
func WriteTemplate(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the reference folder: %w", err)
	}
	files := Template()
	var written []string
	for _, name := range Files() {
		name += ".csv"
		err := writeNew(filepath.Join(dir, name), files[name])
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return written, fmt.Errorf("write the reference file %s: %w", name, err)
		}
		written = append(written, name)
	}
	return written, nil
}

// writeNew writes a file that is not there yet.
func writeNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// specialDays is special_days.csv for a range of years.
func specialDays(first, last int) string {
	type entry struct {
		date time.Time
		text string
	}
	var entries []entry
	for year := first; year <= last; year++ {
		for _, h := range Holidays(year) {
			entries = append(entries, entry{h.Date, fmt.Sprintf("%s,,,%s\n", isoDate(h.Date), h.Name)})
		}
		for _, d := range OwnDays(year) {
			opens := ""
			if d.Closes != "" {
				opens = opensOnShortDays
			}
			entries = append(entries, entry{d.Date, fmt.Sprintf("%s,%s,%s,%s\n", isoDate(d.Date), opens, d.Closes, d.Name)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(a.date.Compare(b.date), strings.Compare(a.text, b.text)) })
	var b strings.Builder
	b.WriteString("date,opens,closes,note\n")
	for _, e := range entries {
		b.WriteString(e.text)
	}
	return b.String()
}
