package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/landing"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports/powerbi"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// publishedSchemas and publishedExtras are what the read copy holds.
var (
	publishedSchemas = []string{"marts", "reports", "feed"}
	publishedExtras  = []string{"intermediate.int_opening_intervals", "seeds.t_quantiles", "reference.settings", "meta.batches", "meta.check_results"}
)

// pipeline is one run of the five steps (DESIGN §1): pull, load, build with its
// checks, publish, feed. Each step can be repeated; a run that broke off is
// repaired by the next.
type pipeline struct {
	project  *project
	command  string
	run      string
	start    time.Time
	source   string   // only this one; "" for all
	confirm  []string // batches that may replace many rows by few, and sources whose window may be small
	declined []string // held batches that are not to be loaded, now or ever
	full     bool     // build every model whole
	offline  bool     // leave the sources alone
	// instead, where set, brings batches in the place of the sources.
	instead   func(ctx context.Context, w *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) error
	progress  *progress
	warehouse *warehouse.Warehouse // while it is open
	account   account              // what the run was asked for, and its steps

	outcome outcome
}

// execute runs all steps under the warehouse's lock and keeps account of the run.
func (p *pipeline) execute(ctx context.Context) (err error) {
	if err := p.project.knows(p.source); err != nil { // a slip of the pen is no failed run
		return err
	}
	key, err := p.project.key()
	if err != nil {
		return err
	}
	data, err := p.project.reference(key)
	if err != nil {
		return err
	}
	if err := p.project.prepareDataDir(); err != nil {
		return err
	}
	w, err := warehouse.Open(ctx, p.project.warehouseOptions(p.command))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	p.warehouse = w
	if err := p.project.keepFingerprint(key); err != nil {
		return err
	}
	if err := p.account.open(ctx, w, p.project.app.now); err != nil {
		return err
	}
	if err := p.begin(ctx, w); err != nil {
		return err
	}
	p.outcome.missing = data.missing
	left, err := p.project.readStatus()
	if err != nil {
		return err
	}
	p.outcome.refused = p.project.stillRefused(left)
	err = p.steps(ctx, w, key, data.relations)
	if err != nil && ctx.Err() != nil {
		err = errors.Join(errInterrupted, err) // DuckDB calls it otherwise
	}
	var unread error
	p.outcome.lasting, unread = readLasting(context.WithoutCancel(ctx), w)
	err = errors.Join(err, unread)
	if n := p.outcome.lasting.unknown; n > 0 && p.outcome.published {
		p.progress.begin("unknown")
		p.progress.done("%d texts, numbers or codes were not recognised (ddh unknown)", n)
	}
	return errors.Join(err, p.end(context.WithoutCancel(ctx), w, err))
}

// runLayout is how a run is named after its start, in UTC; names sort by time.
const runLayout = "20060102T150405Z"

// begin names the run after its start. A clock that stands still or goes back must
// not bring an older name: batches are ordered by it.
func (p *pipeline) begin(ctx context.Context, w *warehouse.Warehouse) error {
	p.start = p.project.app.now().UTC().Truncate(time.Second)
	last, err := w.Runs(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		newest, err := time.Parse(runLayout, last[0].ID)
		if err == nil && !p.start.After(newest) {
			p.start = newest.Add(time.Second)
		}
	}
	p.run = p.start.Format(runLayout)
	return w.BeginRun(ctx, p.run, p.command, p.account.trigger)
}

func (p *pipeline) end(ctx context.Context, w *warehouse.Warehouse, failed error) error {
	status, message := warehouse.OK, ""
	p.outcome.failed = failed
	troubles := p.outcome.troubles()
	switch {
	case exitCode(failed) == exitInterrupted:
		status, message = warehouse.Interrupted, failed.Error()
	case failed != nil:
		status, message = warehouse.Failed, failed.Error()
	case len(troubles) > 0:
		status, message = warehouse.Warnings, strings.Join(troubles, "\n")
	}
	counts, steps := p.outcome.loadCounts(), p.account.closed(failed)
	if err := w.EndRun(ctx, p.run, status, config.Mask(message), counts, steps...); err != nil {
		return err
	}
	return p.writeStatus(ctx, w)
}

func (p *pipeline) steps(ctx context.Context, w *warehouse.Warehouse, key *privacy.Key, relations []etl.Relation) error {
	cursors, err := w.Cursors(ctx)
	if err != nil {
		return err
	}
	l, err := landing.Open(p.project.config.LandingDir(), landing.Options{
		Run: p.run, Start: p.start, Tables: tables(), Cursors: cursors,
	})
	if err != nil {
		return err
	}
	switch {
	case p.instead != nil:
		err = p.instead(ctx, w, l, key)
	case !p.offline:
		err = p.bring(ctx, w, l, key)
	}
	if err != nil {
		return err
	}
	ended := p.account.step("load", "")
	err = p.load(ctx, w, l)
	ended(p.outcome.loadCounts(), err)
	if err != nil {
		return err
	}
	// Cursors move when what they stand for is in the warehouse; a crash before this
	// only asks for the same windows again.
	if err := w.KeepCursors(ctx, l.Cursors()); err != nil {
		return err
	}
	if _, err := w.SetReference(ctx, relations); err != nil {
		return err
	}
	ended = p.account.step("build", "")
	changed, err := p.build(ctx, w)
	ended(p.outcome.buildCounts(), err)
	if err != nil || !changed {
		return err
	}
	return p.publish(ctx, w)
}

// load takes every landed batch that the warehouse does not hold yet.
func (p *pipeline) load(ctx context.Context, w *warehouse.Warehouse, l *landing.Landing) error {
	watch := p.progress.begin("load")
	known, err := w.KnownBatches(ctx)
	if err != nil {
		return err
	}
	files, err := l.Unloaded(ctx, known)
	if err != nil {
		return err
	}
	if files, err = p.decline(files); err != nil {
		return err
	}
	confirmed := map[string]bool{}
	for _, id := range p.confirm {
		confirmed[id] = true
	}
	done, err := w.LoadAll(ctx, files, confirmed, watch)
	p.outcome.loaded, p.outcome.held = append(p.outcome.loaded, done.Loaded...), append(p.outcome.held, done.Held...)
	var read, loaded, superseded int64
	for _, l := range done.Loaded {
		p.outcome.quarantined += l.Quarantined
		read, loaded, superseded = read+l.Read, loaded+l.Loaded, superseded+l.Superseded
	}
	if err != nil {
		return err
	}
	p.progress.done("%d rows read = %d loaded + %d superseded + %d quarantined",
		read, loaded, superseded, p.outcome.quarantined)
	return nil
}

// build brings the models up to date and tells whether there was anything to do.
func (p *pipeline) build(ctx context.Context, w *warehouse.Warehouse) (bool, error) {
	watch := p.progress.begin("build")
	conn, err := w.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	graph, err := p.graph(ctx, conn, w)
	if err != nil {
		return false, err
	}
	pending, err := p.pending(ctx, conn, graph)
	if err != nil {
		return false, err
	}
	if !pending {
		p.progress.done("nothing has changed")
		return false, nil
	}
	if _, err := w.SetReference(ctx, []etl.Relation{p.project.release(p.run)}); err != nil {
		return false, err
	}
	p.outcome.built, err = graph.Build(ctx, conn, model.Options{
		Run: p.run, Full: p.full, Watch: watch, Now: p.project.app.now, Checks: ddhsql.Checks(),
	})
	if err != nil {
		return false, err
	}
	p.progress.done("%d models and their checks", len(p.outcome.built.Done()))
	return true, nil
}

// graph loads seeds and models. A new warehouse gets its release row first, which
// models read.
func (p *pipeline) graph(ctx context.Context, conn *sql.Conn, w *warehouse.Warehouse) (*model.Graph, error) {
	if _, err := model.Seeds(ctx, conn, ddhsql.Seeds(), p.project.app.now); err != nil {
		return nil, err
	}
	var exists bool
	err := conn.QueryRowContext(ctx, `
		select count(*) > 0 from duckdb_tables() where schema_name = 'reference' and table_name = 'release'`).Scan(&exists)
	if err != nil {
		return nil, err
	}
	if !exists {
		if _, err := w.SetReference(ctx, []etl.Relation{p.project.release(p.run)}); err != nil {
			return nil, err
		}
	}
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		return nil, err
	}
	return model.NewGraph(ctx, conn, models)
}

// pending tells whether a build or a publication would bring anything new.
func (p *pipeline) pending(ctx context.Context, conn *sql.Conn, graph *model.Graph) (bool, error) {
	plan, err := graph.Plan(ctx, conn)
	if err != nil {
		return false, err
	}
	if p.full || len(plan.Pending()) > 0 {
		return true, nil
	}
	built := ""
	if err := conn.QueryRowContext(ctx, "select run_id from marts.dim_data").Scan(&built); err != nil {
		return false, fmt.Errorf("find the run that built the models: %w", err)
	}
	return !p.project.isOut(ctx, built), nil
}

// isOut tells whether read copy and feed are those of the run that built the models.
// They are not where that run broke off after the build.
func (p *project) isOut(ctx context.Context, built string) bool {
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return false // nothing readable is published: do it again
	}
	_ = db.Close() // was only read
	text, err := os.ReadFile(filepath.Join(p.config.FeedDir, "v1", "schema.json"))
	var feed powerbi.Schema
	return err == nil && json.Unmarshal(text, &feed) == nil && published.Run == built && feed.Run == built
}

// publish makes the read copy and the feed from it.
func (p *pipeline) publish(ctx context.Context, w *warehouse.Warehouse) error {
	p.progress.begin("publish")
	ended := p.account.step("publish", "")
	path, err := w.Publish(ctx, p.run, publishedSchemas, publishedExtras)
	ended(nil, err)
	if err != nil {
		return err
	}
	p.outcome.published = true
	p.progress.done("%s", path)
	p.progress.begin("feed")
	ended = p.account.step("feed", "")
	p.outcome.feed, err = p.project.writeFeed(ctx)
	ended(nil, err)
	if err != nil {
		return err
	}
	p.progress.done("%s", p.outcome.feed)
	return nil
}

// writeFeed writes the feed from the published copy.
func (p *project) writeFeed(ctx context.Context) (powerbi.Result, error) {
	db, published, err := warehouse.OpenPublished(ctx, p.config.PublishedDir())
	if err != nil {
		return powerbi.Result{}, err
	}
	defer db.Close()
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		return powerbi.Result{}, err
	}
	keys := map[string][]string{}
	for _, m := range models {
		if m.Schema == "feed" {
			keys[m.Name] = m.Grain
		}
	}
	return powerbi.Write(ctx, db, p.config.FeedDir, powerbi.Options{Release: published.Run, Keys: keys})
}
