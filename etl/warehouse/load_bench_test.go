package warehouse_test

import (
	"context"
	"fmt"
	"os"
	"syscall"
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

// BenchmarkLoad loads 200,000 and 1.6 million rows into an empty table, a night of 7,000
// rows, half of them new versions, into 1.4 million, and small batches, one by one and
// fifty in a group, into an empty table and into 2.1 million rows.
func BenchmarkLoad(b *testing.B) {
	for _, rows := range []int{200_000, 1_600_000} {
		b.Run(fmt.Sprintf("%dk into empty", rows/1000), func(b *testing.B) {
			t := wideBench(b)
			f := t.land(wide, wideRecord(0, rows, 0))
			used := cpuSeconds(b)
			for b.Loop() {
				t.load(f)
				t.exec("checkpoint") // which can cost as much as the load
				b.StopTimer()
				t.exec("truncate raw.phone__wide; delete from meta.batches; delete from meta.touched")
				b.StartTimer()
			}
			b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric((cpuSeconds(b)-used)/float64(b.N), "cpu-s/op")
		})
	}
	b.Run("7k into 1.4M", func(b *testing.B) { benchNights(b, 7, 7_000, 1) })
	b.Run("200 into empty", func(b *testing.B) { benchNights(b, 0, 200, 1) })
	b.Run("200 into 2.1M", func(b *testing.B) { benchNights(b, 11, 200, 1) })
	b.Run("50 x 200 into 2.1M", func(b *testing.B) { benchNights(b, 11, 200, 50) })
	b.Run("empty batch", func(b *testing.B) { benchNights(b, 0, 0, 1) })
}

// benchNights loads a group of so many batches of so many rows, half of them new
// versions of what a group before brought, into so many parts of 200,000 rows.
func benchNights(b *testing.B, parts, rows, batches int) {
	t := wideBench(b)
	for part := range parts {
		t.load(t.land(wide, wideRecord(part*200_000/7, 200_000, 0)))
	}
	night, used := 0, 0.0
	for b.Loop() {
		b.StopTimer()
		night++
		var files []etl.File
		for i := range batches {
			files = append(files, t.land(wide, wideRecord(parts*200_000/7+(night+i)*rows/14, rows, night)))
		}
		before := cpuSeconds(b)
		b.StartTimer()
		if _, err := t.w.LoadAll(context.Background(), files, nil, nil); err != nil {
			b.Fatal(err)
		}
		used += cpuSeconds(b) - before
	}
	b.ReportMetric(used/float64(b.N), "cpu-s/op")
}

// cpuSeconds is the processor time that this process has used.
func cpuSeconds(b *testing.B) float64 {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}

func wideBench(b *testing.B) *bench {
	t := newBench(b)
	t.close()
	t.options.Tables = []etl.Table{calls, agents, wide}
	t.reopenLanding()
	t.open()
	return t
}

// BenchmarkPublish publishes 1.4 million rows of 139 days: for the first time, and again
// when one day of them has changed.
func BenchmarkPublish(b *testing.B) {
	t := wideBench(b)
	for part := range 7 {
		t.load(t.land(wide, wideRecord(part*200_000/7, 200_000, 0)))
	}
	t.exec("create table marts.fct_wide as select * exclude (_day), started::date as day from raw.phone__wide")
	run := 0
	publish := func(b *testing.B, before func()) {
		used := 0.0
		for b.Loop() {
			b.StopTimer()
			before()
			run++
			start := cpuSeconds(b)
			b.StartTimer()
			t.publish(fmt.Sprint(run))
			used += cpuSeconds(b) - start
		}
		b.ReportMetric(used/float64(b.N), "cpu-s/op")
	}
	b.Run("first", func(b *testing.B) {
		publish(b, func() { _ = os.RemoveAll(t.options.PublishedDir) })
	})
	b.Run("one day of 139 changed", func(b *testing.B) {
		publish(b, func() {
			t.exec(fmt.Sprintf("update marts.fct_wide set sequence = sequence + 1 where day = date '2026-03-02' + %d", run%100))
		})
	})
}
