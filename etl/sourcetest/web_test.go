package sourcetest_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/sbnu/pull"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/sourcetest"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/survey/rest"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// clock is what the services go by: the time at which something was last shown or
// asked for.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

// api is the Survey REST API. An item is a key of one row.
type api struct {
	clock  *clock
	zone   *time.Location
	survey *service.Survey
}

func newAPI(t *testing.T) sourcetest.System {
	a := &api{clock: &clock{now: time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)}, zone: zone()}
	var err error
	a.survey, err = service.StartSurvey(service.SurveyOptions{
		Now: a.clock.read, Zone: a.zone, Username: "ddh", Password: "invented", Lifetime: 5 * time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.survey.Close() })
	return a
}

func (a *api) Table() etl.Table { return survey.Responses }
func (a *api) Parts() int       { return 1 }
func (a *api) Versions() bool   { return true }
func (a *api) Compared() string { return "concat_ws('|', id, epoch_ms(updated_at), comment)" }

func (a *api) Row(r sourcetest.Record) string {
	return fmt.Sprintf("%d|%d|%s", r.Key+1, r.Updated.UnixMilli(), r.Text)
}

func (a *api) Show(_ context.Context, now time.Time, records []sourcetest.Record) error {
	a.clock.now = now
	for _, r := range records {
		a.survey.Add(service.Response{
			ID: int64(r.Key + 1), Msisdn: "20123456", Agent: "7", Comment: r.Text, Sent: r.Happened, Updated: r.Updated,
		})
	}
	return nil
}

func (a *api) Source(w sourcetest.World) (etl.Source, error) {
	a.clock.now = w.Now()
	client, err := web.New(web.Options{Version: "test", Roots: a.survey.Roots(), Now: w.Now})
	if err != nil {
		return nil, err
	}
	feed, err := rest.New(rest.Options{
		URL: a.survey.URL(), Client: client.As(client.Token(rest.Grant(a.survey.TokenURL(), "ddh", "invented", nil))),
		Zone: w.Zone, Now: w.Now,
	})
	if err != nil {
		return nil, err
	}
	return windowed.New(options(w, "survey", feed, windowed.Table{Table: survey.Responses}))
}

func (a *api) Disturb(pick int) string {
	kinds := service.Passing()
	f := kinds[pick%len(kinds)]
	if pick%10 == 0 {
		a.survey.TokenFaults.Next(service.Busy)
		return "token busy"
	}
	a.survey.Faults.Next(f)
	return f.String()
}

func options(w sourcetest.World, name string, feed windowed.Feed, table windowed.Table) windowed.Options {
	return windowed.Options{
		Name: name, Feed: feed, Tables: []windowed.Table{table}, Protect: w.Protect, Zone: w.Zone, Now: w.Now,
		Overlap: w.Overlap, Chunk: 7 * 24 * time.Hour, Since: w.Since, Policy: w.Policy, World: w.Retry,
	}
}

// guides is the export of guide views: rows that are written once and tell only when
// they happened.
type guides struct {
	clock   *clock
	zone    *time.Location
	library *service.Library
}

func newGuides(t *testing.T) sourcetest.System {
	g := &guides{clock: &clock{now: time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)}, zone: zone()}
	var err error
	g.library, err = service.StartLibrary(service.LibraryOptions{Now: g.clock.read, Zone: g.zone, Token: "invented"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.library.Close() })
	return g
}

func (g *guides) Table() etl.Table { return sbnu.GuideViews }
func (g *guides) Parts() int       { return 1 }
func (g *guides) Versions() bool   { return false }

func (g *guides) Compared() string {
	return "concat_ws('|', guide_id, strftime(viewed_at, '%Y-%m-%dT%H:%M:%S.%g'), agent)"
}

// Row tells a view by its time: a view is written when it happens.
func (g *guides) Row(r sourcetest.Record) string {
	return fmt.Sprintf("%d|%s|%s", r.Key+1, r.Updated.In(g.zone).Format(stamp), r.Text)
}

func (g *guides) Show(_ context.Context, now time.Time, records []sourcetest.Record) error {
	g.clock.now = now
	sheet := service.Sheet{Columns: []string{"viewed_at", "agent", "guide_id"}}
	for _, r := range records {
		sheet.Rows = append(sheet.Rows, []string{r.Updated.In(g.zone).Format("2006-01-02 15:04:05.000"), r.Text, strconv.Itoa(r.Key + 1)})
	}
	g.library.Add(sbnu.GuideViews.Name, sheet)
	return nil
}

func (g *guides) Source(w sourcetest.World) (etl.Source, error) {
	g.clock.now = w.Now()
	client, err := web.New(web.Options{Version: "test", Roots: g.library.Roots(), Now: w.Now})
	if err != nil {
		return nil, err
	}
	feed, err := pull.New(pull.Options{
		URL: g.library.Base() + "/export/{table}.json?from={from}&to={to}", Format: pull.JSON,
		Client: client.As(web.Bearer("invented")), Zone: w.Zone, Now: w.Now,
	})
	if err != nil {
		return nil, err
	}
	return windowed.New(options(w, "guides", feed, windowed.Table{Table: sbnu.GuideViews}))
}

func (g *guides) Disturb(pick int) string {
	kinds := service.Passing()
	f := kinds[pick%len(kinds)]
	g.library.Faults.Next(f)
	return f.String()
}

func TestSurveyAPI(t *testing.T) { sourcetest.Run(t, newAPI) }
func TestGuides(t *testing.T)    { sourcetest.Run(t, newGuides) }
