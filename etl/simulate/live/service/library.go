package service

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// LibraryOptions describe an export of the guide library.
type LibraryOptions struct {
	Now  func() time.Time
	Zone *time.Location
	// Whoever asks needs the token, or the name and the password, if there are any.
	Token, Username, Password string
	Until                     time.Time // end of the certificate; zero: not in our time
}

// Library is an export of the guide library, in JSON and CSV.
type Library struct {
	host

	options LibraryOptions
	mu      sync.Mutex
	sheets  map[string]Sheet
}

// times are the tables' columns by which a window picks rows.
var times = map[string]string{"guide_views": "viewed_at", "guide_sends": "sent_at"}

var libraryTables = []string{"guides", "guide_views", "guide_sends"}

// bare are the columns of tables to which no rows were added.
var bare = map[string][]string{
	"guides":      {"guide_id", "title", "scope", "owner_municipality", "category", "valid_from", "valid_to"},
	"guide_views": {"viewed_at", "agent", "citizen_municipality", "guide_id", "session_id", "call_id"},
	"guide_sends": {"sent_at", "agent", "channel", "guide_id", "citizen_municipality"},
}

// StartLibrary opens an export. Below its Base there are
//
//	/export/<table>.json and /export/<table>.csv   one table
//	/export/all.json                               an object with an array per table
//
// with the parameters from and to, local times of which the second is out, or
// from_date and to_date, local dates of which both are in.
func StartLibrary(o LibraryOptions) (*Library, error) {
	l := &Library{options: o, sheets: map[string]Sheet{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /export/{file}", l.export)
	return l, l.start(o.Now, o.Until, mux)
}

// Add adds rows to a table; all with the columns of the first. What happens in the
// future is not shown yet.
func (l *Library) Add(table string, sheet Sheet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	have := l.sheets[table]
	if have.Columns == nil {
		have.Columns = sheet.Columns
	}
	have.Rows = append(have.Rows, sheet.Rows...)
	if at := have.column(times[table]); at >= 0 {
		slices.SortStableFunc(have.Rows, func(a, b []string) int { return strings.Compare(a[at], b[at]) })
	}
	l.sheets[table] = have
}

// AddFolder adds the tables of a folder of CSV files.
func (l *Library) AddFolder(dir string) error {
	for _, table := range libraryTables {
		sheet, err := ReadFolder(dir, table)
		if err != nil {
			return err
		}
		if len(sheet.Columns) > 0 {
			l.Add(table, sheet)
		}
	}
	return nil
}

func (l *Library) knows(r *http.Request) bool {
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	if l.options.Token != "" {
		return same(r.Header.Get("Authorization"), "Bearer "+l.options.Token)
	}
	username, password, _ := r.BasicAuth()
	return same(username, l.options.Username) && same(password, l.options.Password)
}

func (l *Library) export(w http.ResponseWriter, r *http.Request) {
	fault := l.Faults.take()
	table, format, _ := strings.Cut(r.PathValue("file"), ".")
	switch {
	case fault != None:
	case !l.knows(r):
		fault = Expired
	case table != "all" && !slices.Contains(libraryTables, table), format != "json" && (format != "csv" || table == "all"):
		fault = NotFound
	}
	if fault == NotFound {
		l.answer(w, r, fault, reply{})
		return
	}
	out, err := l.encode(table, format, l.asked(r), fault)
	if err != nil {
		fault = Failing
	}
	l.answer(w, r, fault, out)
}

func (l *Library) encode(table, format string, w window, fault Fault) (reply, error) {
	if format == "csv" {
		body, err := l.rows(table, w).spoil(fault).csv()
		return reply{"text/csv; charset=utf-8", body}, err
	}
	var content any
	if table == "all" {
		all := map[string]any{"exported": l.now().Format(time.RFC3339)}
		for _, name := range libraryTables {
			all[name] = l.rows(name, w).spoil(fault).objects()
		}
		content = all
	} else {
		content = l.rows(table, w).spoil(fault).objects()
	}
	body, err := json.Marshal(content)
	return reply{"application/json", body}, err
}

// window is a stretch of local time as text, half open; "" is no end.
type window struct{ from, to string }

const (
	clockTime = "2006-01-02 15:04:05"
	afterAll  = "9999"
)

// asked is the window of a request, at most until now.
func (l *Library) asked(r *http.Request) window {
	q := r.URL.Query()
	w := window{from: strings.Replace(q.Get("from"), "T", " ", 1), to: strings.Replace(q.Get("to"), "T", " ", 1)}
	if date := q.Get("from_date"); date != "" {
		w.from = date
	}
	if date := q.Get("to_date"); date != "" {
		w.to = date + " 24"
	}
	if w.to == "" {
		w.to = afterAll
	}
	return window{w.from, min(w.to, l.now().In(l.options.Zone).Format(clockTime)+"~")}
}

// rows are a table's rows of a window.
func (l *Library) rows(table string, w window) Sheet {
	l.mu.Lock()
	defer l.mu.Unlock()
	sheet, filled := l.sheets[table]
	if !filled {
		sheet.Columns = bare[table]
	}
	at := sheet.column(times[table])
	if at < 0 {
		return sheet
	}
	first := func(text string) int {
		place, _ := slices.BinarySearchFunc(sheet.Rows, text, func(row []string, text string) int { return strings.Compare(row[at], text) })
		return place
	}
	from, to := first(w.from), first(w.to)
	return Sheet{sheet.Columns, sheet.Rows[min(from, to):to]}
}
