package config

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/reference/nearest"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/schedule"
	"github.com/den-digitale-hotline/ddh/etl/survey"
)

// Kinds of source: how the rows come in.
const (
	Folder    = "folder"    // files in a folder
	SQLServer = "sqlserver" // Puzzel's raw-data database
	Puzzel    = "puzzel"    // the survey's tables, out of the source named puzzel
	API       = "api"       // the Puzzel Survey REST API
	HTTP      = "http"      // any address that answers with JSON or CSV
)

// Source is one [sources.<name>]. Only the fields of its kind are set.
type Source struct {
	Name     string // "puzzel", "survey" or "guides"
	Kind     string
	Schedule *schedule.Schedule // nil: only when asked for
	Overlap  time.Duration      // how far a pull reaches back before what it has
	// Columns maps table and contract column to the column's name in the source.
	Columns map[string]map[string]string
	Formats etl.Formats // how the source writes what its values leave open

	Folder          string    // folder
	DSN             Secret    // sqlserver
	CertificateHost string    // sqlserver: host name in the server's certificate; "": the DSN's host
	RowsPerSecond   int       // sqlserver: most rows taken a second; 0: no limit
	Authority       string    // all but folder: file with the certificates to trust; "": the system's
	Since           time.Time // all but folder: where history begins at the first pull; zero: FirstDays ago

	URL         string            // api: the service; http: see etl/sbnu/pull.Template
	TokenURL    string            // api: where the password is changed for a token
	TokenFields map[string]string // api: what goes along with the password, such as client_id
	Format      string            // http: "json" or "csv"
	Token       Secret            // http: bearer token
	Username    Secret            // api, http
	Password    Secret            // api, http
}

// sourceKind is what a source may be, and the contracts it delivers.
type sourceKind struct {
	name   string
	kinds  []string
	tables []etl.Table
}

var sourceKinds = []sourceKind{
	{"puzzel", []string{Folder, SQLServer}, puzzel.Tables()},
	{"survey", []string{Folder, Puzzel, API}, survey.Tables()},
	{"guides", []string{Folder, HTTP}, sbnu.Tables()},
}

// leastOverlap is the repeated hour in autumn, twice: Puzzel's times are wall clock
// without offset, so a watermark can jump back (SOURCES §1).
const leastOverlap = 2 * time.Hour

// sources reads [sources] in the order of sourceKinds.
func (p *parser) sources(s section) []Source {
	var all []Source
	for _, kind := range sourceKinds {
		if s.has(kind.name) {
			all = append(all, p.source(kind, s.table(kind.name)))
		}
		s.know(kind.name)
	}
	s.close()
	from := slices.IndexFunc(all, func(src Source) bool { return src.Kind == Puzzel })
	if from >= 0 && all[0].Name != "puzzel" {
		s.fault(all[from].Name+".kind", "there is no source puzzel to take the rows from", "add [sources.puzzel]")
	}
	return all
}

// source reads [sources.<name>].
func (p *parser) source(of sourceKind, s section) Source {
	src := Source{
		Name:    of.name,
		Kind:    s.choice("kind", of.kinds),
		Columns: columns(of.tables, s.table("columns")),
		Formats: formats(of, s.table("formats")),
	}
	src.Schedule = s.schedule("schedule")
	switch src.Kind {
	case Folder:
		src.Folder = s.requiredFolder("folder")
		src.Overlap = s.duration("overlap", 0, 0) // files are known by their content: kept for a change of kind
	case SQLServer:
		src.DSN = s.requiredSecret("dsn")
		src.CertificateHost = s.text("certificate_host", "")
		src.RowsPerSecond = s.rowsPerSecond()
		src.Overlap = s.duration("overlap", 3*time.Hour, leastOverlap)
		src.live(s)
	case Puzzel:
		src.Overlap = s.duration("overlap", 3*time.Hour, leastOverlap)
		src.Since = s.day("since")
	case API:
		src.URL = s.requiredAddress("url")
		src.TokenURL = s.requiredAddress("token_url")
		src.TokenFields = s.texts("token_fields")
		src.live(s)
		src.Overlap = s.duration("overlap", 72*time.Hour, 0)
		src.Username, src.Password = s.requiredSecret("username"), s.requiredSecret("password")
	case HTTP:
		src.URL = s.requiredAddress("url")
		src.live(s)
		src.Overlap = s.duration("overlap", 24*time.Hour, 0)
		src.Format = s.format()
		src.Token = s.secret("token")
		src.Username, src.Password = s.secret("username"), s.secret("password")
		signIn(s)
	default:
		s.anyKind(of.kinds)
	}
	s.closeKind(src.Kind)
	return src
}

// anyKind reads what a source of any of these kinds may have, so that the other faults
// of a source come at once with that of its kind.
func (s section) anyKind(kinds []string) {
	s.duration("overlap", 0, 0)
	for _, key := range slices.Sorted(maps.Keys(keysOfKind)) {
		if k := keysOfKind[key]; slices.ContainsFunc(k.kinds, func(kind string) bool { return slices.Contains(kinds, kind) }) {
			k.check(s, key)
		}
	}
}

func (s section) rowsPerSecond() int { return s.integer("rows_per_second", 0, 0, 1_000_000) }

func (s section) format() string { return s.choiceOr("format", "json", []string{"json", "csv"}) }

// live reads what every source over the network has.
func (src *Source) live(s section) {
	src.Authority = s.file("authority")
	src.Since = s.day("since")
}

// signIn refuses half a login and two ways to sign in.
func signIn(s section) {
	if s.has("username") != s.has("password") {
		s.fault("", "username and password belong together", "name both as env:NAME or file:PATH, or none")
	}
	if s.has("token") && s.has("password") {
		s.fault("token", "a token and a password are two ways to sign in", "keep one of them")
	}
}

// requiredAddress reads an address that must be there.
func (s section) requiredAddress(key string) string {
	if _, ok := s.required(key); !ok {
		return ""
	}
	return s.address(key)
}

// address reads an optional https address without a password in it.
func (s section) address(key string) string {
	text, ok := value[string](s, key, "an address in quotes")
	if !ok {
		return ""
	}
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(text))
	local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
	switch {
	case err != nil || u.Host == "":
		s.fault(key, "this is not an address", `write it as "https://host/path"`)
	case u.User != nil:
		s.fault(key, "an address must not hold a user name or password", "name them under username and password")
	case u.Scheme != "https" && !(local && u.Scheme == "http"):
		s.fault(key, "the address must begin with https://", "")
	}
	return text
}

// columns reads the column map: [sources.<name>.columns.<table>] column = "name".
func columns(tables []etl.Table, s section) map[string]map[string]string {
	if len(s.values) == 0 {
		return nil
	}
	all := map[string]map[string]string{}
	for _, table := range tables {
		s.know(table.Name)
		if !s.has(table.Name) {
			continue
		}
		names, entries := map[string]string{}, s.table(table.Name)
		for _, column := range table.Columns {
			entries.know(column.Name)
			if entries.has(column.Name) {
				names[column.Name] = entries.text(column.Name, "")
			}
		}
		entries.closeAs("there is no column %q in the table " + table.Name)
		all[table.Name] = names
	}
	s.closeAs("there is no table %q in this source")
	return all
}

// kindKey is a key that only some kinds of source have. check notes what is wrong with
// its value where it is there.
type kindKey struct {
	kinds []string
	check func(s section, key string)
}

// keysOfKind are the keys that only some kinds have; "kind", "schedule", "overlap" and
// "columns" belong to all of them.
var keysOfKind = map[string]kindKey{
	"folder":           {[]string{Folder}, checkText},
	"dsn":              {[]string{SQLServer}, checkSecret},
	"certificate_host": {[]string{SQLServer}, checkText},
	"rows_per_second":  {[]string{SQLServer}, func(s section, _ string) { s.rowsPerSecond() }},
	"authority":        {[]string{SQLServer, API, HTTP}, checkText},
	"since":            {[]string{SQLServer, Puzzel, API, HTTP}, func(s section, key string) { s.day(key) }},
	"url":              {[]string{API, HTTP}, checkAddress},
	"token_url":        {[]string{API}, checkAddress},
	"token_fields":     {[]string{API}, func(s section, key string) { s.texts(key) }},
	"username":         {[]string{API, HTTP}, checkSecret},
	"password":         {[]string{API, HTTP}, checkSecret},
	"token":            {[]string{HTTP}, checkSecret},
	"format":           {[]string{HTTP}, func(s section, _ string) { s.format() }},
}

func checkText(s section, key string)    { s.text(key, "") }
func checkSecret(s section, key string)  { s.secret(key) }
func checkAddress(s section, key string) { s.address(key) }

// closeKind notes unknown keys, and tells keys of other kinds from misspelled ones.
// The kind is "" where it is not known; then every kind of the source has been read.
func (s section) closeKind(kind string) {
	message := fmt.Sprintf("a source of kind %q has no such key", kind)
	if kind == "" {
		message = "no kind of [" + s.path + "] has such a key"
	}
	for _, key := range slices.Sorted(maps.Keys(s.values)) {
		k, exists := keysOfKind[key]
		if !exists || s.isKnown(key) {
			continue
		}
		s.know(key)
		s.fault(key, message, fmt.Sprintf("it belongs to kind %s", strings.Join(k.kinds, " or ")))
	}
	s.close()
}

// suggestion is the advice for a name that is not among the known ones.
func suggestion(name string, known []string) string {
	if near := nearest.To(name, known); near != "" {
		return "write " + near
	}
	return "use one of " + strings.Join(known, ", ")
}
