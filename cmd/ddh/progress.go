package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/den-digitale-hotline/ddh/etl"
)

// progress shows long steps: a bar on a terminal, and for every step a line when it
// is done.
type progress struct {
	out   io.Writer // lines
	bars  io.Writer // bars; nil where nobody watches
	now   func() time.Time
	begun time.Time
	name  string

	mu    sync.Mutex
	bar   *progressbar.ProgressBar
	label string
}

func (a *app) progress() *progress {
	p := &progress{out: a.stdout, now: a.now}
	if f, ok := a.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bars = f
	}
	return p
}

// begin starts a step and returns what the step reports to.
func (p *progress) begin(name string) etl.Watch {
	p.name, p.begun = name, p.now()
	return p.watch
}

// watch moves the bar of the step's part; a new part or an unknown length begins
// a new bar.
func (p *progress) watch(part string, done, total int64) {
	if p.bars == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil || p.label != part && total > 0 && p.bar.GetMax64() != total {
		p.clear()
		p.bar = progressbar.NewOptions64(max(total, 1),
			progressbar.OptionSetWriter(p.bars), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	if p.label != part {
		p.label = part
		p.bar.Describe(fmt.Sprintf("%-8s %s", p.name, part))
	}
	_ = p.bar.Set64(min(done, p.bar.GetMax64()-1)) // the line below ends it
}

func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// done ends the step with its line.
func (p *progress) done(format string, args ...any) {
	p.mu.Lock()
	p.clear()
	p.mu.Unlock()
	took := p.now().Sub(p.begun)
	fmt.Fprintf(p.out, "%-9s %6.1f s  %s\n", p.name, took.Seconds(), fmt.Sprintf(format, args...))
}
