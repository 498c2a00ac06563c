// Package pull asks Selvbetjening.nu, or whatever stands in for it, for the guide
// library and its use over HTTP (SOURCES §3). No interface of sb.nu is documented, so
// the address is a template, and the answer JSON or CSV whose columns the
// configuration maps. To whom an agent sent a guide never leaves this package.
package pull

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Formats of answers.
const (
	JSON = "json"
	CSV  = "csv"
)

// Options describe the service.
type Options struct {
	// URL is the template of all tables' addresses; see Template. Without {table} the
	// one answer is a JSON object with an array per table.
	URL string
	// URLs are templates of single tables, by name; they go before URL.
	URLs   map[string]string
	Format string // JSON or CSV
	Client *web.Client
	Zone   *time.Location
	Now    func() time.Time
	// Names leads table and contract column to the column's name in the source, for
	// Examine; a pull gets them from the engine.
	Names map[string]map[string]string
}

// Feed asks the service. It implements windowed.Feed and etl.Patient.
type Feed struct {
	options   Options
	templates map[string]template // by table
}

var (
	_ windowed.Feed = (*Feed)(nil)
	_ etl.Patient   = (*Feed)(nil)
)

// Tables are the service's tables as the engine asks for them: the library whole, its
// use by window. The views are the main table.
func Tables() []windowed.Table {
	return []windowed.Table{{Table: sbnu.GuideViews}, {Table: sbnu.GuideSends}, {Table: sbnu.Guides, Whole: true}}
}

// New returns the feed of a service. The error names the template that is at fault.
func New(o Options) (*Feed, error) {
	if o.Client == nil || o.Zone == nil || o.Now == nil {
		return nil, errors.New("the guide library needs a client, a zone and a clock")
	}
	if o.Format != JSON && o.Format != CSV {
		return nil, fmt.Errorf("the guide library's format is %q; it can be json or csv", o.Format)
	}
	f := &Feed{options: o, templates: map[string]template{}}
	for _, t := range Tables() {
		text, own := o.URLs[t.Name]
		if !own {
			text = o.URL
		}
		parsed, err := parse(text)
		if err == nil {
			err = parsed.fits(t, own, o.Format)
		}
		if err != nil {
			return nil, fmt.Errorf("the address of %s: %w", t.Name, err)
		}
		f.templates[t.Name] = parsed
	}
	return f, nil
}

// Fetch implements windowed.Feed. Views and sends happen and are never changed, so a
// window of updates is one of the times at which they happened; what comes late, the
// overlap brings.
func (f *Feed) Fetch(ctx context.Context, q windowed.Query, out windowed.Receiver) error {
	rows := f.shape(q.Table, q.Names).Collect()
	address := f.templates[q.Table.Name].fill(q.Table.Name, q.Window, f.options.Zone)
	content, read := f.format()
	err := f.options.Client.Get(ctx, address, content, func(a *web.Answer) error { return read(rows, a) })
	if err != nil {
		return err
	}
	return rows.HandOut(out)
}

func (f *Feed) shape(table etl.Table, names map[string]string) web.Shape {
	shape := web.Shape{Table: table, Names: names}
	if table.Name != sbnu.Guides.Name {
		shape.Hidden = recipient
	}
	return shape
}

func (f *Feed) format() (web.Content, func(*web.Rows, *web.Answer) error) {
	if f.options.Format == CSV {
		return web.CSV, (*web.Rows).AddCSV
	}
	return web.JSON, (*web.Rows).AddJSON
}

// Examine implements etl.Patient: it asks for the last day of each table. What is the
// same for all of them is told once.
func (f *Feed) Examine(ctx context.Context) []etl.Examined {
	now := f.options.Now()
	day := etl.Window{From: now.Add(-24 * time.Hour), To: now}
	content, read := f.format()
	var all []etl.Examined
	for _, t := range Tables() {
		w, asked := day, t.Name+" of the last 24 hours"
		if t.Whole {
			w, asked = etl.Window{}, t.Name
		}
		found := f.options.Client.Examine(ctx, web.Checkup{
			Address: f.templates[t.Name].fill(t.Name, w, f.options.Zone), Content: content, Asked: asked,
			Shape: f.shape(t.Table, f.options.Names[t.Name]), Read: read,
		})
		for _, e := range found {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}
