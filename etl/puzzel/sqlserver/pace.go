package sqlserver

import (
	"context"
	"time"
)

// pace keeps an answer to a number of rows a second. While we wait the server's
// network buffers fill, and so it waits too.
type pace struct {
	rate  float64 // rows a second; 0 is no limit
	step  int64   // rows after which the clock is looked at: 50 times a second
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	start time.Time // when the first of the rows would have come at this rate
	rows  int64
}

// credit is how far an answer may have fallen behind its rate and still catch up.
const credit = time.Second

func (f *Feed) pace() *pace {
	return &pace{
		rate: f.options.Rate, step: max(1, int64(f.options.Rate/50)),
		now: f.options.Now, sleep: f.options.Sleep, start: f.options.Now(),
	}
}

// took notes a row and waits until the next may come. The error is the context's.
func (p *pace) took(ctx context.Context) error {
	if p.rate <= 0 {
		return nil
	}
	if p.rows++; p.rows%p.step != 0 {
		return nil
	}
	due := p.start.Add(time.Duration(float64(p.rows) / p.rate * float64(time.Second)))
	ahead := due.Sub(p.now())
	if ahead < -credit {
		p.start = p.start.Add(-ahead - credit)
	}
	if ahead <= 0 {
		return nil
	}
	return p.sleep(ctx, ahead)
}
