package service

import (
	"maps"
	"math/rand/v2"
	"sync"
	"time"
)

// Fault is something that goes wrong with an answer.
type Fault uint8

// The faults. Each body that should not have come names citizens and secrets, so that
// a reader that repeats it gives itself away.
const (
	None        Fault = iota
	Slow              // no answer until the reader gives up
	Stalled           // half an answer, then nothing
	Expired           // 401, and no token is good any more
	Forbidden         // 403
	NotFound          // 404
	BadRequest        // 400
	Busy              // 429 with Retry-After in seconds
	BusyUntil         // 429 with Retry-After as a date
	Failing           // 500
	BadGateway        // 502
	Unavailable       // 503
	Reset             // the connection is reset
	CutLength         // half an answer of the length announced
	CutChunks         // half an answer in chunks
	Page              // 200 with a web page to sign in on
	Garbage           // 200 with something that is not what its type says
	Renamed           // the first column has another name
	Lacking           // the first column is not there
	Empty             // 200 with no bytes at all
	NoContent         // 204
	Repeated          // every row twice
	Shuffled          // rows and columns in another order
	Elsewhere         // a redirect to another host
	faults            // how many there are
)

// String names the fault.
func (f Fault) String() string {
	return [...]string{
		"none", "slow", "stalled", "expired", "forbidden", "not found", "bad request", "busy", "busy until", "failing", "bad gateway",
		"unavailable", "reset", "cut length", "cut chunks", "page", "garbage", "renamed", "lacking", "empty", "no content",
		"repeated", "shuffled", "elsewhere",
	}[f]
}

// Passing are the faults that another try mends and that cost no time.
func Passing() []Fault {
	return []Fault{Expired, Busy, BusyUntil, Failing, BadGateway, Unavailable, Reset, CutLength, CutChunks, Empty, Repeated, Shuffled}
}

// Wait is what Busy, BusyUntil and Unavailable ask for.
const Wait = 7 * time.Second

// Faults decides what goes wrong. Answers to come get the faults that were ordered, in
// turn, and after them faults by chance.
type Faults struct {
	mu       sync.Mutex
	ordered  []Fault
	chance   float64
	dice     *rand.Rand
	kinds    []Fault
	injected map[Fault]int
	asked    int
}

// Next orders faults for the next answers, one each; None for an answer that is right.
func (f *Faults) Next(ordered ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ordered = append(f.ordered, ordered...)
}

// Randomly gives each answer one of some faults with a chance.
func (f *Faults) Randomly(chance float64, seed uint64, kinds ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chance, f.dice, f.kinds = chance, rand.New(rand.NewPCG(seed, seed)), kinds
}

// Injected counts the faults that were answered with.
func (f *Faults) Injected() map[Fault]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.injected)
}

// Asked counts the questions, those answered rightly too.
func (f *Faults) Asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// take decides on the next answer.
func (f *Faults) take() Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	next := None
	switch {
	case len(f.ordered) > 0:
		next, f.ordered = f.ordered[0], f.ordered[1:]
	case len(f.kinds) > 0 && f.dice.Float64() < f.chance:
		next = f.kinds[f.dice.IntN(len(f.kinds))]
	}
	if next != None {
		if f.injected == nil {
			f.injected = map[Fault]int{}
		}
		f.injected[next]++
	}
	return next
}
