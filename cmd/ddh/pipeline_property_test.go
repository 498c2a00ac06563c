package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl/simulate"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// rounds is how many runs a history takes to arrive.
const rounds = 3

// TestIncrementalEqualsRebuild lets a history arrive in random order, in random
// batches, with repeats, with calls inserted again, some of them on another day, with
// callbacks over weekends whose guides, topics and questions come in other deliveries, and
// with reference files that change between the runs. What the runs have made of it bit by bit must be what
// `ddh rebuild` makes of it at once, row for row in every table (DESIGN §1).
func TestIncrementalEqualsRebuild(t *testing.T) {
	for _, seed := range historySeeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			h := newHistory(t, seed)
			for round := range rounds {
				h.deliver(t, round)
				if round < rounds-1 { // a changed reference makes most models anew
					h.changeReference(t)
				}
				h.run(t, "run")
			}
			incremental := h.publishedCopy(t)
			h.run(t, "rebuild")
			compareCopies(t, incremental, h.publishedCopy(t))
		})
	}
}

// history is a simulated hotline whose deliveries are dealt out over the rounds.
type history struct {
	random    *rand.Rand
	simulated string // folder of the simulation
	dir       string // folder of the project
	tables    []*dealt
}

// dealt is a table's deliveries: rounds of groups of rows that belong together.
type dealt struct {
	name, folder string
	comma        rune
	header       []string
	rounds       [rounds][][][]string
}

func newHistory(t *testing.T, seed uint64) *history {
	t.Helper()
	dir := t.TempDir()
	h := &history{
		random: rand.New(rand.NewPCG(seed, 0)), simulated: filepath.Join(dir, "simulated"), dir: filepath.Join(dir, "project"),
	}
	_, err := simulate.Run(context.Background(), simulate.Options{
		Dir: h.simulated, Seed: seed, CallsPerYear: 3000,
		From: time.Date(2026, 9, 7, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := program(io.Discard, &stderr, "init", h.dir); code != exitOK {
		t.Fatalf("ddh init ended with %d: %s", code, stderr.String())
	}
	h.copyReference(t, filepath.Join(h.simulated, "reference"))
	h.deal(t)
	return h
}

// copyReference takes the simulation's reference files into the project.
func (h *history) copyReference(t *testing.T, from string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(h.dir, "reference", filepath.Base(file)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// datedName is the part of a delivery's name that follows its table's.
var datedName = regexp.MustCompile(`(_\d{4}.*)?\.csv$`)

// deal reads the simulation's deliveries and gives each group of rows a round; some
// come twice, and some calls come again in another version.
func (h *history) deal(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.simulated, "inbox", "*", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no deliveries: %v", err)
	}
	byName := map[string]*dealt{}
	for _, file := range files {
		folder, name := filepath.Base(filepath.Dir(file)), datedName.ReplaceAllString(filepath.Base(file), "")
		d := byName[name]
		if d == nil {
			d = &dealt{name: name, folder: folder, comma: ','}
			if folder != "puzzel" {
				d.comma = ';'
			}
			byName[name] = d
			h.tables = append(h.tables, d)
		}
		rows := readSeparated(t, file, d.comma)
		d.header = rows[0]
		for _, group := range d.groups(rows[1:]) {
			h.place(d, group)
			if h.random.IntN(10) == 0 {
				h.place(d, group)
			}
			if name == "call_events" && h.random.IntN(15) == 0 {
				h.place(d, h.again(d, group))
			}
		}
	}
	h.callBackLater(t, byName)
}

// place gives a group a round. The last one gets a few only: where it touched every day,
// all would be built anew, and nothing that the rounds before left behind could be wrong.
func (h *history) place(d *dealt, group [][]string) {
	round := h.random.IntN(rounds - 1)
	if h.random.IntN(150) == 0 {
		round = rounds - 1
	}
	d.rounds[round] = append(d.rounds[round], group)
}

// groups are the rows that a source delivers together: all of one version of a call,
// all topics of one registration, all kinds of media (where none is the telephone, a check
// rightly stops the run), else single rows.
func (d *dealt) groups(rows [][]string) [][][]string {
	key := slices.Index(d.header, map[string]string{"call_events": "call_id", "enqreg_header": "enqreg_header_recid"}[d.name])
	updated := slices.Index(d.header, "dte_updated")
	var groups [][][]string
	place := map[string]int{}
	for i, row := range rows {
		id := strconv.Itoa(i)
		switch {
		case d.name == "media_types":
			id = d.name
		case key >= 0:
			id = row[key] + "/" + row[updated]
		}
		if _, known := place[id]; !known {
			place[id] = len(groups)
			groups = append(groups, nil)
		}
		groups[place[id]] = append(groups[place[id]], row)
	}
	return groups
}

// again is a call as Puzzel inserts it anew: later, with another wrap-up, sometimes
// without its last event, and sometimes on another day.
func (h *history) again(d *dealt, call [][]string) [][]string {
	updated, wrapUp := slices.Index(d.header, "dte_updated"), slices.Index(d.header, "wrap_up_sec")
	if len(call) > 2 && h.random.IntN(3) == 0 {
		call = call[:len(call)-1]
	}
	days := 0
	if h.random.IntN(3) == 0 {
		days = h.random.IntN(7) - 3
	}
	var anew [][]string
	for _, row := range call {
		row = d.shifted(row, days)
		row[updated] = "2026-10-05" + row[updated][len("2026-10-05"):]
		if row[wrapUp] != "" {
			row[wrapUp] = strconv.Itoa(h.random.IntN(300))
		}
		anew = append(anew, row)
	}
	return anew
}

// deliver writes a round's rows into the inbox, the calls in two files.
func (h *history) deliver(t *testing.T, round int) {
	t.Helper()
	for _, d := range h.tables {
		groups := d.rounds[round]
		h.random.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
		for file := 0; len(groups) > 0; file++ {
			n := len(groups)
			if file == 0 && d.name == "call_events" {
				n = 1 + h.random.IntN(len(groups))
			}
			rows := append([][]string{d.header}, slices.Concat(groups[:n]...)...)
			name := fmt.Sprintf("%s_%d_%d.csv", d.name, round, file)
			writeSeparated(t, filepath.Join(h.dir, "inbox", d.folder, name), d.comma, rows)
			groups = groups[n:]
		}
	}
}

// changeReference leaves some rows of two reference files out, until it is their turn
// again.
func (h *history) changeReference(t *testing.T) {
	t.Helper()
	changeable := []string{
		"access_numbers", "agent_groups", "agents", "members", "opening_hours", "population", "queues", "special_days",
		"targets", "transfer_numbers",
	}
	for range 2 {
		name := changeable[h.random.IntN(len(changeable))] + ".csv"
		rows := readSeparated(t, filepath.Join(h.simulated, "reference", name), ',')
		for range 3 {
			if len(rows) > 2 {
				at := 1 + h.random.IntN(len(rows)-1)
				rows = slices.Delete(rows, at, at+1)
			}
		}
		writeSeparated(t, filepath.Join(h.dir, "reference", name), ',', rows)
	}
}

// run lets ddh do its work; warnings about what was left out are as they should be.
func (h *history) run(t *testing.T, command string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := program(&stdout, &stderr, command, "--config", filepath.Join(h.dir, "ddh.toml"))
	if code != exitOK && code != exitWarnings {
		t.Fatalf("ddh %s ended with %d:\n%s%s", command, code, stdout.String(), stderr.String())
	}
}

// publishedCopy is the path of the current read copy, kept from being replaced.
func (h *history) publishedCopy(t *testing.T) string {
	t.Helper()
	db, p, err := warehouse.OpenPublished(context.Background(), filepath.Join(h.dir, "data", "published"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(t.TempDir(), filepath.Base(p.Path))
	if err := os.WriteFile(kept, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return kept
}

// compareCopies compares all tables of the marts, but for the name of the run.
func compareCopies(t *testing.T, incremental, rebuilt string) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	ctx := context.Background()
	_, err = db.ExecContext(ctx, fmt.Sprintf("attach %s as incremental (read_only); attach %s as rebuilt (read_only)",
		quote(incremental), quote(rebuilt)))
	if err != nil {
		t.Fatal(err)
	}
	var names string
	err = db.QueryRowContext(ctx, `
		select string_agg(distinct table_name, ' ' order by table_name) from duckdb_tables() where schema_name = 'marts'`).Scan(&names)
	if err != nil {
		t.Fatal(err)
	}
	var rows int64
	for _, name := range strings.Fields(names) {
		rows += compareTable(t, db, name)
	}
	if rows < 1000 {
		t.Errorf("only %d rows were compared", rows)
	}
}

// compareTable compares one table as a bag of rows and returns how many it has.
func compareTable(t *testing.T, db *sql.DB, name string) int64 {
	t.Helper()
	columns := "*"
	if name == "dim_data" {
		columns = "* exclude (run_id)"
	}
	side := func(catalog string) string { return fmt.Sprintf("select %s from %s.marts.%s", columns, catalog, name) }
	for _, sides := range [][2]string{{"incremental", "rebuilt"}, {"rebuilt", "incremental"}} {
		var n int64
		var example sql.NullString
		err := db.QueryRowContext(context.Background(), fmt.Sprintf(
			"select count(*), cast(any_value(d) as varchar) from (%s except all %s) as d", side(sides[0]), side(sides[1]))).Scan(&n, &example)
		if err != nil {
			t.Fatalf("compare marts.%s: %v", name, err)
		}
		if n > 0 {
			t.Errorf("marts.%s: %d rows only in the %s copy, such as %s", name, n, sides[0], example.String)
		}
	}
	var n int64
	if err := db.QueryRowContext(context.Background(), "select count(*) from incremental.marts."+name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func readSeparated(t *testing.T, path string, comma rune) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

func writeSeparated(t *testing.T, path string, comma rune, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
