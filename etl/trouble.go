package etl

import (
	"fmt"
	"time"
)

// Kind says what can be done about a source's error.
type Kind uint8

const (
	Passing    Kind = iota // time-out, cut connection, throttling, deadlock, 5xx: worth another try
	Login                  // the source does not know us, or no longer
	Permission             // it knows us and refuses
	Contract               // it answers something else than what was agreed
	Setup                  // name, certificate or address: what was configured cannot be right
)

// String names the kind in logs.
func (k Kind) String() string {
	return [...]string{"passing", "login", "permission", "contract", "setup"}[k]
}

// Trouble is a source's error, classed. Its text must hold no secret and nothing of
// a citizen's: adapters write their own sentences where a driver's or server's text
// could.
type Trouble struct {
	Kind    Kind
	Message string        // one sentence: what was tried and what came
	Try     string        // what the user can do, without "Try: "; may be empty
	After   time.Duration // how long the source asked to be left alone; 0: it did not say
	Err     error         // the cause; may be nil
}

func (t *Trouble) Error() string {
	if t.Err == nil {
		return t.Message
	}
	return fmt.Sprintf("%s: %v", t.Message, t.Err)
}

func (t *Trouble) Unwrap() error { return t.Err }
