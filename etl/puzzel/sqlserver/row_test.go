package sqlserver

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Times are written as package time writes them, with the fraction that is needed.
func TestTimesAreWrittenAsByTheStandardLibrary(t *testing.T) {
	const seed = 4711
	chance := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		zone := time.FixedZone("", (chance.IntN(53)-26)*1800)
		at := time.Unix(chance.Int64N(253_402_300_800), 0).In(zone)
		at = at.Add(time.Duration(chance.IntN(1000)) * time.Millisecond)
		fraction := ""
		if at.Nanosecond() > 0 {
			fraction = ".000"
		}
		for k, layout := range map[kind]string{
			plain: time.DateTime + fraction, offset: time.DateTime + fraction + "-07:00",
			date: time.DateOnly, clock: time.TimeOnly + fraction,
		} {
			if got, want := string(appendTime(nil, at, k)), at.Format(layout); got != want {
				t.Fatalf("seed %d: %s as kind %d is %q, want %q", seed, at, k, got, want)
			}
		}
	}
}

func TestBytesAreWrittenByKind(t *testing.T) {
	for want, given := range map[string]struct {
		value []byte
		kind  kind
	}{
		"12.50":                                {[]byte("12.50"), plain},
		"0x00ff10":                             {[]byte{0, 255, 16}, binary},
		"00010203-0405-0607-0809-0A0B0C0D0E0F": {[]byte{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}, guid},
	} {
		if got := string(appendBytes(nil, given.value, given.kind)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What no column should have is told by its type only.
func TestValuesOfUnknownTypes(t *testing.T) {
	r := &row{}
	c := cell{row: r}
	err := c.Scan(struct{ secret string }{"12345678"})
	var trouble *etl.Trouble
	if !errors.As(err, &trouble) || trouble.Kind != etl.Contract || strings.Contains(err.Error(), "12345678") {
		t.Errorf("%v, want a contract trouble without the value", err)
	}
}
