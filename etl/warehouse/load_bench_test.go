package warehouse_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/den-digitale-hotline/ddh/etl"
)

// wide has the size of the largest source table: 37 columns, seven rows to a call.
var wide = func() etl.Table {
	t := calls
	t.Name = "wide"
	t.Columns = append([]etl.Column(nil), calls.Columns...)
	for i := range 32 {
		kind := etl.Integer
		if i%4 == 0 {
			kind = etl.Text
		}
		t.Columns = append(t.Columns, etl.Column{Name: fmt.Sprintf("extra_%d", i), Type: kind})
	}
	return t
}()

// wideRecord holds rows of the calls from first on, updated in the given minute.
func wideRecord(first, rows, updated int) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, wide.Schema())
	for i := range rows {
		id := first + i/7
		b.Field(0).(*array.Uint64Builder).Append(uint64(id))
		b.Field(1).(*array.Int64Builder).Append(int64(i % 7))
		b.Field(2).(*array.TimestampBuilder).Append(at(int64(id)))
		b.Field(3).(*array.TimestampBuilder).Append(at(int64(id + updated)))
		b.Field(4).(*array.StringBuilder).Append("k")
		for c := range 32 {
			switch field := b.Field(5 + c).(type) {
			case *array.StringBuilder:
				field.Append(fmt.Sprintf("ddh_%d", i%(40+c)))
			case *array.Int64Builder:
				if c%3 == 0 {
					field.AppendNull() // many columns of call_events are empty in most rows
				} else {
					field.Append(int64(i * c % 600)) // seconds, mostly
				}
			}
		}
		b.Field(37).(*array.Int64Builder).Append(int64(i + 1))
	}
	return b.NewRecordBatch()
}

// BenchmarkLoad loads 200,000 rows into an empty table, and a night of 7,000 rows,
// half of them new versions, into 1.4 million.
func BenchmarkLoad(b *testing.B) {
	b.Run("200k into empty", func(b *testing.B) {
		t := wideBench(b)
		f := t.land(wide, wideRecord(0, 200_000, 0))
		for b.Loop() {
			t.load(f)
			b.StopTimer()
			t.exec("truncate raw.phone__wide; delete from meta.batches; delete from meta.touched")
			b.StartTimer()
		}
		b.ReportMetric(float64(b.N)*200_000/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("7k into 1.4M", func(b *testing.B) {
		t := wideBench(b)
		for part := range 7 {
			t.load(t.land(wide, wideRecord(part*200_000/7, 200_000, 0)))
		}
		night := 0
		for b.Loop() {
			b.StopTimer()
			night++
			f := t.land(wide, wideRecord(200_000-500, 7_000, night))
			b.StartTimer()
			t.load(f)
		}
	})
	b.Run("1.6M into empty", func(b *testing.B) {
		t := wideBench(b)
		f := t.land(wide, wideRecord(0, 1_600_000, 0))
		for b.Loop() {
			t.load(f)
			b.StopTimer()
			t.exec("truncate raw.phone__wide; delete from meta.batches; delete from meta.touched")
			b.StartTimer()
		}
		b.ReportMetric(float64(b.N)*1_600_000/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("empty batch", func(b *testing.B) {
		t := wideBench(b)
		for b.Loop() {
			b.StopTimer()
			f := t.land(wide, wideRecord(0, 0, 0))
			b.StartTimer()
			t.load(f)
		}
	})
}

func wideBench(b *testing.B) *bench {
	t := newBench(b)
	t.close()
	t.options.Tables = []etl.Table{calls, agents, wide}
	t.reopenLanding()
	t.open()
	return t
}

// BenchmarkPublish copies 1.4 million rows.
func BenchmarkPublish(b *testing.B) {
	t := wideBench(b)
	for part := range 7 {
		t.load(t.land(wide, wideRecord(part*200_000/7, 200_000, 0)))
	}
	run := 0
	for b.Loop() {
		run++
		if _, err := t.w.Publish(context.Background(), fmt.Sprint(run), []string{"raw"}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
