package dropfolder

import (
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// A length of time is counted in what its column is counted in.
func TestDurations(t *testing.T) {
	build := array.NewDurationBuilder(memory.DefaultAllocator, &arrow.DurationType{Unit: arrow.Millisecond})
	defer build.Release()
	build.Append(90_500)
	values := build.NewArray()
	defer values.Release()
	for unit, want := range map[time.Duration]string{time.Second: "90.5", time.Millisecond: "90500"} {
		if got := (parquetColumn{unit: unit}).cellText(values, 0); got != want {
			t.Errorf("in %s: %s, want %s", unit, got, want)
		}
	}
}

// Sixteen bytes that are no text are a GUID.
func TestBytes(t *testing.T) {
	guid := string([]byte{0xFF, 0x7F, 0xA4, 0x4E, 0x04, 0xAE, 0x5C, 0xAF, 0x82, 0x88, 0x44, 0x05, 0x9A, 0x1C, 0xD8, 0x00})
	for value, want := range map[string]string{
		guid: "FF7FA44E-04AE-5CAF-8288-44059A1CD800", "sixteen letters!": "sixteen letters!", "blåbær": "blåbær",
	} {
		if got := bytesText([]byte(value)); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}
