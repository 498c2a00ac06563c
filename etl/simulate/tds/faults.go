package tds

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// FaultKind is a way in which a database server can disappoint.
type FaultKind string

const (
	RefuseLogin FaultKind = "refuse-login" // error 18456
	CutLogin    FaultKind = "cut-login"    // the connection ends instead of an answer to the login
	Slow        FaultKind = "slow"         // the answer begins after Delay
	SlowRows    FaultKind = "slow-rows"    // every row comes after Delay
	Hang        FaultKind = "hang"         // nothing more comes until the client cancels or hangs up
	Cut         FaultKind = "cut"          // the connection ends after Rows rows
	Truncate    FaultKind = "truncate"     // the same, within a packet
	Throttle    FaultKind = "throttle"     // error 10928: a limit of the database is reached
	Deadlock    FaultKind = "deadlock"     // error 1205
	Deny        FaultKind = "deny"         // error 229: no permission on the table
	Fail        FaultKind = "fail"         // the fault's Err
)

// Always is the Times of a fault that stays until it is cleared.
const Always = -1

// Fault is something that is to go wrong.
type Fault struct {
	Kind FaultKind
	// Query is a part of the text of the queries it happens to, upper and lower case
	// being one; empty means every query. Faults of the login have no query.
	Query string
	// Rows is how many rows of the answer come first; where the answer has fewer, it
	// happens after the last, before the client is told that it was the last.
	Rows  int
	Delay time.Duration // of Slow and SlowRows
	// Err is what Fail answers; the other errors have their own and may be given another.
	Err *Error
	// Times is how often it happens: 0 means once.
	Times int
	// Chance is the probability with which it happens to a login or query that fits;
	// 0 means that it is certain.
	Chance float64
}

func (f Fault) atLogin() bool { return f.Kind == RefuseLogin || f.Kind == CutLogin }

func (f Fault) fits(query string) bool {
	return f.Query == "" || strings.Contains(strings.ToLower(query), strings.ToLower(f.Query))
}

// err is the error that the client is told; nil for faults that tell none.
func (f Fault) err() *Error {
	return cmp.Or(f.Err, map[FaultKind]*Error{
		Throttle: {10928, 1, 16, "Resource ID: 1. The request limit for the database is 30 and has been reached."},
		Deadlock: {1205, 51, 13, "Transaction (Process ID 55) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction."},
		Deny:     {229, 5, 14, "The SELECT permission was denied on the object '" + cmp.Or(f.Query, "call_events") + "', database 'SIMULATED', schema 'dbo'."},
		Fail:     {50000, 1, 16, "An injected error."},
	}[f.Kind])
}

// Faults are what is to go wrong on a server, and the count of what has. It may be
// used from several goroutines, while the server runs.
type Faults struct {
	mu       sync.Mutex
	dice     *rand.Rand
	waiting  []Fault
	injected map[FaultKind]int
}

// NewFaults returns no faults yet. The seed decides what those with a chance do.
func NewFaults(seed uint64) *Faults {
	return &Faults{dice: rand.New(rand.NewPCG(seed, 0)), injected: make(map[FaultKind]int)}
}

// Inject adds a fault. At most one happens to a login or query: the one of those
// injected first that fits.
func (f *Faults) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, fault)
}

// Clear forgets the faults that are waiting, not the count of those that happened.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = nil
}

// Injected counts what has happened, by kind. A fault counts when a client has met
// it, not when it was injected.
func (f *Faults) Injected() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	counts := make(map[string]int, len(f.injected))
	for kind, n := range maps.All(f.injected) {
		counts[string(kind)] = n
	}
	return counts
}

// next takes the fault that is to happen now; one without kind means none.
func (f *Faults) next(login bool, query string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.waiting {
		if fault.atLogin() != login || !fault.fits(query) {
			continue
		}
		if fault.Chance > 0 && f.dice.Float64() >= fault.Chance {
			continue
		}
		switch {
		case fault.Times == Always:
		case fault.Times > 1:
			f.waiting[i].Times--
		default:
			f.waiting = append(f.waiting[:i:i], f.waiting[i+1:]...)
		}
		return fault
	}
	return Fault{}
}

func (f *Faults) count(kind FaultKind) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.injected[kind]++
}
