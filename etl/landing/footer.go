package landing

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"github.com/den-digitale-hotline/ddh/etl"
)

// pair is one entry of a Parquet footer's key-value metadata.
type pair struct{ key, value string }

// encodeFooter is everything the landing knows of a batch, as metadata. Times are
// RFC 3339 in UTC, empty where there is none.
func encodeFooter(f etl.File, landedAt time.Time) ([]pair, error) {
	drift, err := json.Marshal(f.Drift)
	if err != nil {
		return nil, fmt.Errorf("landing: footer of %s: %w", f.Batch.ID, err)
	}
	b := f.Batch
	pairs := []pair{
		{"ddh.batch", b.ID},
		{"ddh.run", b.Run},
		{"ddh.source", b.Source},
		{"ddh.owner", b.Table.Owner},
		{"ddh.table", b.Table.Name},
		{"ddh.version", strconv.Itoa(b.Table.Version)},
		{"ddh.origin", b.Origin},
		{"ddh.content", b.Content},
		{"ddh.from", formatTime(b.From)},
		{"ddh.to", formatTime(b.To)},
		{"ddh.read", strconv.FormatInt(f.Counts.Read, 10)},
		{"ddh.landed", strconv.FormatInt(f.Counts.Landed, 10)},
		{"ddh.rejected", strconv.FormatInt(f.Counts.Rejected, 10)},
		{"ddh.drift", string(drift)},
		{"ddh.landed_at", formatTime(landedAt)},
	}
	if b.Replays != "" {
		pairs = append(pairs, pair{"ddh.replays", b.Replays})
	}
	return pairs, nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// catalog finds contracts by owner and name.
type catalog map[catalogKey]etl.Table

type catalogKey struct{ owner, name string }

func newCatalog(tables []etl.Table) catalog {
	c := make(catalog, len(tables))
	for _, t := range tables {
		c[catalogKey{t.Owner, t.Name}] = t
	}
	return c
}

// read reads the footer of a landed file and checks that the file is what its name
// and its footer say.
func (c catalog) read(path string) (etl.File, error) {
	n, ok := parseName(path)
	if !ok {
		return etl.File{}, fmt.Errorf("landing file %s is not named as a batch is", path)
	}
	meta, rows, err := readFooter(path)
	if err != nil {
		return etl.File{}, fmt.Errorf("landing file %s cannot be read: %w", path, err)
	}
	f, err := c.decode(meta)
	if err != nil {
		return etl.File{}, fmt.Errorf("landing file %s: %w", path, err)
	}
	f.Path = path
	if f.Counts.Rejected > 0 {
		f.Rejects = rejectsPath(path)
	}
	switch {
	case f.Batch.ID != n.id.String():
		return etl.File{}, fmt.Errorf("landing file %s is batch %s by its footer", path, f.Batch.ID)
	case f.Counts.Landed != rows:
		return etl.File{}, fmt.Errorf("landing file %s holds %d rows, its footer says %d", path, rows, f.Counts.Landed)
	case f.Counts.Read != f.Counts.Landed+f.Counts.Rejected:
		return etl.File{}, fmt.Errorf("landing file %s: %d rows read are not %d landed and %d rejected",
			path, f.Counts.Read, f.Counts.Landed, f.Counts.Rejected)
	}
	return f, nil
}

// readFooter reads the metadata and the number of rows; no data page is touched. The
// Parquet reader panics on some damaged footers, which is an error like any other.
func readFooter(path string) (kv metadata.KeyValueMetadata, rows int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged footer: %v", r)
		}
	}()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = r.Close() }() // opened for reading only
	return r.MetaData().KeyValueMetadata(), r.NumRows(), nil
}

// decode is the reverse of encodeFooter.
func (c catalog) decode(kv metadata.KeyValueMetadata) (etl.File, error) {
	d := decoder{kv: arrow.NewMetadata(kv.Keys(), kv.Values())}
	f := etl.File{
		Batch: etl.Batch{
			ID: d.text("ddh.batch"), Run: d.text("ddh.run"), Source: d.text("ddh.source"),
			Origin: d.text("ddh.origin"), Content: d.text("ddh.content"),
			From: d.time("ddh.from"), To: d.time("ddh.to"),
		},
		Counts: etl.Counts{Read: d.int("ddh.read"), Landed: d.int("ddh.landed"), Rejected: d.int("ddh.rejected")},
	}
	f.Batch.Replays, _ = d.kv.GetValue("ddh.replays")
	d.int("ddh.version")
	d.json("ddh.drift", &f.Drift)
	key := catalogKey{d.text("ddh.owner"), d.text("ddh.table")}
	if d.err != nil {
		return etl.File{}, d.err
	}
	table, ok := c[key]
	if !ok {
		return etl.File{}, fmt.Errorf("table %s of %s has no contract in this program", key.name, key.owner)
	}
	f.Batch.Table = table
	return f, nil
}

// decoder reads typed values and keeps the first error.
type decoder struct {
	kv  arrow.Metadata
	err error
}

func (d *decoder) text(key string) string {
	v, ok := d.kv.GetValue(key)
	if !ok && d.err == nil {
		d.err = fmt.Errorf("no %s in its footer: it was not written by ddh", key)
	}
	return v
}

func (d *decoder) int(key string) int64 {
	n, err := strconv.ParseInt(d.text(key), 10, 64)
	d.fail(key, err)
	return n
}

func (d *decoder) time(key string) time.Time {
	text := d.text(key)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	d.fail(key, err)
	return t
}

func (d *decoder) json(key string, into any) {
	d.fail(key, json.Unmarshal([]byte(d.text(key)), into))
}

func (d *decoder) fail(key string, err error) {
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("%s in its footer: %w", key, err)
	}
}
