// Package config reads ddh.toml (DESIGN §6) and reports every fault of it at once,
// by line and key. It holds no secret: a secret is named as env:NAME or file:PATH
// and is read only by the code that needs it. It must not open a source or touch
// any file but the configuration and the files that secrets are kept in.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// FileName is what a configuration is called.
const FileName = "ddh.toml"

// Config is a project's configuration. All folders are absolute.
type Config struct {
	Path         string // of the configuration file
	Timezone     *time.Location
	DataDir      string // landing, warehouse, published copies
	ReferenceDir string
	FeedDir      string
	ReleaseDir   string
	ReportDir    string
	PseudonymKey Secret
	Simulated    bool          // the data are invented: every output says so
	Contact      string        // whom readers of the figures can ask; may be empty
	StaleAfter   time.Duration // opening time without a call that makes the figures stale; 0: an opening day's
	Sources      []Source
	Jobs         []Job
	Matching     Matching
	Limits       Limits
}

// Source looks up a source by name.
func (c Config) Source(name string) (Source, bool) {
	i := slices.IndexFunc(c.Sources, func(s Source) bool { return s.Name == name })
	if i < 0 {
		return Source{}, false
	}
	return c.Sources[i], true
}

// LandingDir is where batches land.
func (c Config) LandingDir() string { return filepath.Join(c.DataDir, "landing") }

// WarehousePath is the warehouse's file.
func (c Config) WarehousePath() string { return filepath.Join(c.DataDir, "warehouse.duckdb") }

// PublishedDir is where the copies for readers lie.
func (c Config) PublishedDir() string { return filepath.Join(c.DataDir, "published") }

// Matching holds the rules by which rows of different sources belong together
// (DOMAIN §4, SOURCES §2-3).
type Matching struct {
	ShortAbandon time.Duration // an abandoned call below it is short
	SurveyWindow time.Duration // a reply within it after the question counts
	SurveyLink   time.Duration // a question belongs to a call that ended within it before
	GuideGrace   time.Duration // a guide view belongs to a call for so long after wrap-up
	GuideReload  time.Duration // the same guide again within it is the same use
}

// Limits bound what the warehouse takes of the machine.
type Limits struct {
	Memory  string // as DuckDB reads it, e.g. "1GiB"
	Threads int    // 0: one per core
}

// Load reads the configuration at path. The faults come in the order of lines; with
// any fault the configuration is of no use.
func Load(path string) (Config, []etl.Fault) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, []etl.Fault{unreadable(path, err)}
	}
	return Parse(text, path)
}

// unreadable says why the configuration cannot be read.
func unreadable(path string, err error) etl.Fault {
	if errors.Is(err, fs.ErrNotExist) {
		return etl.Fault{Origin: path, Message: "there is no configuration here",
			Try: "make one with ddh init, or name it with --config"}
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return etl.Fault{Origin: path, Message: "the configuration cannot be read: " + err.Error()}
}

// Parse reads a configuration. Relative folders are taken from the folder of path.
func Parse(text []byte, path string) (Config, []etl.Fault) {
	p := &parser{path: path, dir: filepath.Dir(path)}
	root, ok := p.decode(text)
	if !ok {
		return Config{}, p.faults
	}
	c := p.config(root)
	if len(p.faults) > 0 {
		slices.SortStableFunc(p.faults, func(a, b etl.Fault) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return Config{}, p.faults
	}
	return c, nil
}

// config reads the top level.
func (p *parser) config(root section) Config {
	c := Config{
		Path:         p.path,
		Timezone:     root.location("timezone"),
		DataDir:      root.folder("data_dir", "data"),
		ReferenceDir: root.folder("reference_dir", "reference"),
		FeedDir:      root.folder("feed_dir", "feed"),
		ReleaseDir:   root.folder("release_dir", "releases"),
		ReportDir:    root.folder("report_dir", "reports"),
		PseudonymKey: root.requiredSecret("pseudonym_key"),
		Simulated:    root.boolean("simulated"),
		Contact:      root.text("contact", ""),
	}
	p.zone = c.Timezone
	c.StaleAfter = root.duration("stale_after", 0, time.Minute)
	c.Sources = p.sources(root.table("sources"))
	c.Jobs = jobs(root.table("jobs"))
	c.Matching = matching(root.table("matching"))
	c.Limits = limits(root.table("limits"))
	p.foldersApart(c, root)
	root.close()
	return c
}

// matching reads [matching]; its defaults are those of DOMAIN §4.
func matching(s section) Matching {
	defer s.close()
	return Matching{
		ShortAbandon: s.duration("short_abandon", 5*time.Second, 0),
		SurveyWindow: s.duration("survey_window", 72*time.Hour, time.Minute),
		SurveyLink:   s.duration("survey_link", 30*time.Minute, time.Minute),
		GuideGrace:   s.duration("guide_grace", time.Minute, 0),
		GuideReload:  s.duration("guide_reload", 30*time.Second, 0),
	}
}

// limits reads [limits].
func limits(s section) Limits {
	defer s.close()
	const mostThreads = 256
	return Limits{
		Memory:  s.memory("memory", "1GiB"),
		Threads: s.integer("threads", 0, 0, mostThreads),
	}
}

// foldersApart refuses folders that lie in the feed or are the feed: it is swapped
// as a whole, and whatever else lay in it would be gone.
func (p *parser) foldersApart(c Config, root section) {
	others := []struct{ key, dir string }{
		{"data_dir", c.DataDir}, {"reference_dir", c.ReferenceDir},
		{"release_dir", c.ReleaseDir}, {"report_dir", c.ReportDir}, {"", p.dir},
	}
	for _, other := range others {
		if !within(other.dir, c.FeedDir) {
			continue
		}
		if other.key == "" {
			root.fault("feed_dir", "the feed cannot be the project's own folder", "give it a folder of its own")
			continue
		}
		root.fault(other.key, "the folder lies in feed_dir, which is replaced as a whole", "give it a folder of its own")
	}
}

// within reports whether dir is parent or lies below it.
func within(dir, parent string) bool {
	rel, err := filepath.Rel(parent, dir)
	return err == nil && filepath.IsLocal(rel)
}
