package landing

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// rowGroup is DuckDB's own row group: one is read by one thread, and one is what
// a writer holds in memory.
const rowGroup = 122_880

// parquetFile is a Parquet file that has its final name only once it is complete
// and on disk. Rows are gathered until they fill a row group, since only then is it
// known which texts its dictionaries need.
type parquetFile struct {
	path   string
	schema *arrow.Schema
	file   *os.File
	buffer *bufio.Writer
	writer *pqarrow.FileWriter // nil until the first row group
	plain  map[int]bool        // text columns that have no dictionary in this file

	held []arrow.RecordBatch
	rows int64 // in held
}

func createParquet(path string, schema *arrow.Schema) (*parquetFile, error) {
	file, err := os.OpenFile(path+tempSuffix, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, fmt.Errorf("landing: create %s: %w", path, err)
	}
	return &parquetFile{path: path, schema: schema, file: file, buffer: bufio.NewWriterSize(file, 1<<16)}, nil
}

// write takes a batch of rows, which stays the caller's.
func (p *parquetFile) write(rec arrow.RecordBatch) error {
	rec.Retain()
	p.held = append(p.held, rec)
	p.rows += rec.NumRows()
	for p.rows >= rowGroup {
		if err := p.flush(rowGroup); err != nil {
			return fmt.Errorf("landing: write %s: %w", p.path, err)
		}
	}
	return nil
}

// take cuts the first rows off those that are held; the caller releases them.
func (p *parquetFile) take(rows int64) []arrow.RecordBatch {
	var taken []arrow.RecordBatch
	for left := rows; left > 0; {
		first := p.held[0]
		n := first.NumRows()
		if n > left {
			taken = append(taken, first.NewSlice(0, left))
			p.held[0] = first.NewSlice(left, n)
			first.Release()
			break
		}
		taken = append(taken, first)
		p.held = p.held[1:]
		left -= n
	}
	p.rows -= rows
	return taken
}

// flush writes the first rows of those that are held as a row group.
func (p *parquetFile) flush(rows int64) error {
	group := p.take(rows)
	defer func() {
		for _, rec := range group {
			rec.Release()
		}
	}()
	columns := make([]*arrow.Chunked, p.schema.NumFields())
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	for i, field := range p.schema.Fields() {
		columns[i] = p.column(i, field, group)
	}
	if err := p.open(); err != nil {
		return err
	}
	p.writer.NewRowGroup()
	for _, c := range columns {
		if err := p.writer.WriteColumnChunked(c, 0, rows); err != nil {
			return err
		}
	}
	return nil
}

// column gathers one column of a row group. Texts come with a dictionary, unless
// those of the file's first row group hardly repeat.
func (p *parquetFile) column(i int, field arrow.Field, group []arrow.RecordBatch) *arrow.Chunked {
	parts := make([]arrow.Array, len(group))
	for k, rec := range group {
		parts[k] = rec.Column(i)
	}
	if field.Type.ID() == arrow.STRING && !p.plain[i] {
		if dictionary := encode(parts); dictionary != nil {
			defer dictionary.Release()
			return arrow.NewChunked(dictionary.DataType(), []arrow.Array{dictionary})
		}
		if p.writer == nil {
			p.avoid(i)
		}
	}
	return arrow.NewChunked(field.Type, parts)
}

func (p *parquetFile) avoid(column int) {
	if p.plain == nil {
		p.plain = map[int]bool{}
	}
	p.plain[column] = true
}

// open begins the file's content.
func (p *parquetFile) open() (err error) {
	if p.writer != nil {
		return nil
	}
	// The Parquet writer would close what it writes to; syncing comes before that.
	sink := struct{ io.Writer }{p.buffer}
	p.writer, err = pqarrow.NewFileWriter(p.schema, sink, p.properties(), pqarrow.DefaultWriterProps())
	return err
}

// properties asks for Snappy, and dictionaries for text only: numbers and times
// seldom repeat enough to pay for the lookup. Nobody looks for ranges of texts, so
// these need no statistics.
func (p *parquetFile) properties() *parquet.WriterProperties {
	opts := []parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Snappy),
		parquet.WithDictionaryDefault(false),
		parquet.WithDictionaryPageSizeLimit(16 << 20),
		parquet.WithCreatedBy("ddh"),
	}
	for i, f := range p.schema.Fields() {
		if f.Type.ID() != arrow.STRING {
			continue
		}
		opts = append(opts, parquet.WithStatsFor(f.Name, false))
		if !p.plain[i] {
			opts = append(opts, parquet.WithDictionaryFor(f.Name, true))
		}
	}
	return parquet.NewWriterProperties(opts...)
}

// commit writes what is held and the footer, syncs, and gives the file its name.
func (p *parquetFile) commit(meta []pair) error {
	if err := p.finish(meta); err != nil {
		return fmt.Errorf("landing: write %s: %w", p.path, err)
	}
	p.file = nil
	if err := os.Rename(p.path+tempSuffix, p.path); err != nil {
		return fmt.Errorf("landing: name %s: %w", p.path, err)
	}
	if err := syncFolder(filepath.Dir(p.path)); err != nil {
		return errors.Join(fmt.Errorf("landing: sync folder of %s: %w", p.path, err), os.Remove(p.path))
	}
	return nil
}

func (p *parquetFile) finish(meta []pair) error {
	if p.rows > 0 {
		if err := p.flush(p.rows); err != nil {
			return err
		}
	}
	if err := p.open(); err != nil { // a file without rows has had no row group
		return err
	}
	for _, m := range meta {
		if err := p.writer.AppendKeyValueMetadata(m.key, m.value); err != nil {
			return err
		}
	}
	if err := errors.Join(p.writer.Close(), p.buffer.Flush()); err != nil {
		return err
	}
	return errors.Join(p.file.Sync(), p.file.Close())
}

// discard removes whatever of the file there is.
func (p *parquetFile) discard() error {
	for _, rec := range p.held {
		rec.Release()
	}
	p.held = nil
	if p.file != nil {
		_ = p.file.Close() // may be closed already; what counts is that it goes away
		p.file = nil
	}
	for _, path := range []string{p.path + tempSuffix, p.path} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("landing: remove %s: %w", path, err)
		}
	}
	return nil
}

// fewRepeats is how many different texts a column may have in a small row group
// before a dictionary does not pay; in a large one it is a quarter of the rows.
const fewRepeats = 1000

// encode returns the texts with a dictionary, or nil where they hardly repeat. It
// does what the Parquet writer would do, without an allocation for every text.
func encode(parts []arrow.Array) arrow.Array {
	rows := 0
	for _, part := range parts {
		rows += part.Len()
	}
	most := max(fewRepeats, rows/4)
	places := make(map[string]int32)
	indices := array.NewInt32Builder(memory.DefaultAllocator)
	defer indices.Release()
	indices.Reserve(rows)
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	defer texts.Release()
	for _, part := range parts {
		values := part.(*array.String)
		last, place := "", int32(-1) // equal texts tend to follow each other
		for i := range values.Len() {
			if values.IsNull(i) {
				indices.UnsafeAppendBoolToBitmap(false)
				continue
			}
			if text := values.Value(i); place < 0 || text != last {
				found, known := places[text]
				if !known {
					if found = int32(len(places)); int(found) == most {
						return nil
					}
					places[text] = found
					texts.Append(text)
				}
				last, place = text, found
			}
			indices.UnsafeAppend(place)
		}
	}
	return dictionary(indices, texts)
}

func dictionary(indices *array.Int32Builder, texts *array.StringBuilder) arrow.Array {
	positions, values := indices.NewArray(), texts.NewArray()
	defer positions.Release()
	defer values.Release()
	kind := &arrow.DictionaryType{IndexType: positions.DataType(), ValueType: values.DataType()}
	return array.NewDictionaryArray(kind, positions, values)
}
