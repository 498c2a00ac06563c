package windowed

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/convert"
)

// batchRows is how many rows are converted at a time.
const batchRows = 1 << 14

// answer gathers what a Feed hands out for one query, converted and protected, until
// it is whole: nothing that was cut off reaches the landing. A window's rows fit in
// memory; that is what windows are for.
type answer struct {
	pull      *pull
	table     etl.Table
	heard     func(rows int64)
	plan      *convert.Plan
	converter *convert.Settler
	sum       hash.Hash
	buffer    []byte // what digest writes
	rows      int64
	batches   []arrow.RecordBatch
	rejects   []etl.Reject
}

func (p *pull) expect(t etl.Table, heard func(int64)) *answer {
	return &answer{pull: p, table: t, heard: heard, sum: sha256.New()}
}

// Header binds the contract to the source's columns. The error is an etl.Fault.
func (a *answer) Header(columns []string) error {
	o := a.pull.options
	plan, err := convert.NewPlan(convert.Options{
		Table: a.table, Header: columns, Names: o.ColumnMap[a.table.Name], Protect: o.Protect,
		Format: convert.Format{Decimal: '.'}, Formats: o.Formats, Source: o.Name, Today: o.Now(),
	})
	if err != nil {
		return err
	}
	a.plan, a.converter = plan, plan.Settler()
	a.digest(columns)
	return nil
}

// Row takes one row.
func (a *answer) Row(fields []string) error {
	if a.plan == nil {
		return errors.New("rows came before their header")
	}
	a.rows++
	a.digest(fields)
	a.converter.Add(a.rows, 0, fields)
	if a.rows%batchRows == 0 {
		a.flush()
		a.heard(a.rows)
	}
	return nil
}

// digest adds texts to the checksum, each with its length.
func (a *answer) digest(texts []string) {
	a.buffer = a.buffer[:0]
	for _, text := range texts {
		a.buffer = binary.LittleEndian.AppendUint64(a.buffer, uint64(len(text)))
		a.buffer = append(a.buffer, text...)
	}
	a.sum.Write(a.buffer)
}

func (a *answer) flush() {
	batch, rejects := a.converter.Flush()
	a.batches = append(a.batches, batch)
	a.rejects = append(a.rejects, rejects...)
}

// finish sees that the feed kept its side of the bargain.
func (a *answer) finish() error {
	if a.plan == nil {
		return errors.New("the answer had no header")
	}
	if err := a.converter.Finish(); err != nil {
		return err
	}
	a.flush()
	return nil
}

func (a *answer) content() string { return hex.EncodeToString(a.sum.Sum(nil)) }

// commit writes the answer to the sink.
func (a *answer) commit(sink etl.Sink, b etl.Batch) (etl.Landed, error) {
	w, err := sink.Begin(b)
	if err != nil {
		return etl.Landed{}, err
	}
	for _, batch := range a.batches {
		if batch.NumRows() == 0 {
			continue
		}
		if err := w.Write(batch); err != nil {
			return etl.Landed{}, errors.Join(err, w.Abort())
		}
	}
	for _, reject := range a.rejects {
		if err := w.Reject(reject); err != nil {
			return etl.Landed{}, errors.Join(err, w.Abort())
		}
	}
	return w.Commit(a.plan.Drift())
}

// release gives the memory back; nil has none.
func (a *answer) release() {
	if a == nil {
		return
	}
	for _, batch := range a.batches {
		batch.Release()
	}
	a.batches = nil
}
