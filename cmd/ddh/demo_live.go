package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/rawdata"
	"github.com/den-digitale-hotline/ddh/etl/simulate/live/service"
	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
)

// liveConfig is the configuration that reads the simulated systems, beside the usual
// one, which reads the same rows from the drop folders.
const liveConfig = "ddh-live.toml"

// liveStep is the simulated time between two pulls of a live demo. A week of rows is
// what one window asks for at most.
const liveStep = chunk

// liveSystems are the simulated phone system and guide library, with a clock that is
// turned by hand.
type liveSystems struct {
	mu       sync.Mutex
	clock    time.Time
	database *rawdata.Database
	server   *tds.Server
	library  *service.Library
}

func (s *liveSystems) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

// set turns the clock of all systems.
func (s *liveSystems) set(now time.Time) {
	s.mu.Lock()
	s.clock = now
	s.mu.Unlock()
	s.database.SetNow(now)
}

// startLive opens the systems over the rows that the simulator has written.
func startLive(ctx context.Context, dir string, from time.Time, zone *time.Location) (_ *liveSystems, err error) {
	s := &liveSystems{clock: from}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.database, err = rawdata.New(ctx, rawdata.Options{Zone: zone, Now: from}); err != nil {
		return nil, err
	}
	for _, inbox := range []string{"inbox/puzzel", "inbox/survey"} {
		if err = s.database.LoadFolder(ctx, filepath.Join(dir, inbox)); err != nil {
			return nil, err
		}
	}
	s.server, err = tds.Serve(ctx, tds.Options{
		User: "ddh", Password: rand.Text(), Database: "ConnectCallData", Handler: s.database,
	})
	if err != nil {
		return nil, err
	}
	token := rand.Text()
	s.library, err = service.StartLibrary(service.LibraryOptions{Now: s.now, Zone: zone, Token: token})
	if err != nil {
		return nil, err
	}
	if err = s.library.AddFolder(filepath.Join(dir, "inbox/guides")); err != nil {
		return nil, err
	}
	return s, s.configure(dir, from, token)
}

// configure writes the configuration that leads to the systems, their certificates
// and the secrets to enter them.
func (s *liveSystems) configure(dir string, from time.Time, token string) error {
	if err := os.MkdirAll(filepath.Join(dir, "live"), 0o700); err != nil {
		return err
	}
	usual, err := os.ReadFile(filepath.Join(dir, config.FileName))
	if err != nil {
		return err
	}
	head, rest, _ := strings.Cut(string(usual), "[sources.puzzel]")
	_, tail, found := strings.Cut(rest, "[matching]")
	if !found {
		return fmt.Errorf("%s has no [matching]", config.FileName)
	}
	sources := fmt.Sprintf(`# The simulated systems of ddh demo --live, which are gone when it has ended.
[sources.puzzel]
kind = "sqlserver"
dsn = "file:live/puzzel.dsn"
authority = "live/puzzel.pem"
since = %[1]q
schedule = "*/15 7-21 * * *"

[sources.survey]
kind = "puzzel"
since = %[1]q
schedule = "5 * * * *"

[sources.guides]
kind = "http"
url = %[2]q
token = "file:live/guides.token"
authority = "live/guides.pem"
since = %[1]q
schedule = "30 5 * * *"

[jobs.reconcile]
schedule = "30 2 * * *"

[matching]`, from.Format(time.DateOnly), s.library.Base()+"/export/{table}.json?from={from}&to={to}")
	for name, text := range map[string]string{
		liveConfig:          head + sources + tail,
		"live/puzzel.dsn":   s.server.DSN(""),
		"live/puzzel.pem":   string(s.server.CA()),
		"live/guides.pem":   string(s.library.PEM()),
		"live/guides.token": token,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (s *liveSystems) close() error {
	var all []error
	if s.library != nil {
		all = append(all, s.library.Close())
	}
	if s.server != nil {
		all = append(all, s.server.Close())
	}
	if s.database != nil {
		all = append(all, s.database.Close())
	}
	return errors.Join(all...)
}

// pullLive lets the simulated time pass, and pulls in every step as a schedule would.
func (p *pipeline) pullLive(ctx context.Context, s *liveSystems, to time.Time, sink etl.Sink, key *privacy.Key) (err error) {
	outside := *p.project.app
	outside.now = s.now
	then := &project{app: &outside, config: p.project.config}
	made, err := then.sources(sourceSetup{key: key}, "", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.close()) }()
	if len(made.faulty) > 0 {
		return made.faulty[0].err
	}
	watch := p.progress.begin("pull")
	from := s.now()
	for at := from; at.Before(to); {
		at = at.Add(liveStep)
		s.set(at)
		if err := p.pullEach(ctx, sink, made.all, watch); err != nil {
			return err
		}
		watch("weeks", int64(at.Sub(from)/liveStep), int64(to.Sub(from)/liveStep))
	}
	p.pullDone()
	return nil
}

// runLive is the demo's run over the network.
func (a *app) runLive(ctx context.Context, dir string, from, to time.Time, show *progress) (err error) {
	usual, err := a.readProject()
	if err != nil {
		return err
	}
	zone := usual.config.Timezone
	midnight := func(day time.Time) time.Time { return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone) }
	show.begin("servers")
	systems, err := startLive(ctx, dir, midnight(from), zone)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, systems.close()) }()
	show.done("SQL Server at %s, guide library at %s", systems.server.Addr(), systems.library.Base())
	a.config = filepath.Join(dir, liveConfig)
	p, err := a.readProject()
	if err != nil {
		return err
	}
	line := &pipeline{project: p, command: "demo --live", progress: show}
	line.instead = func(ctx context.Context, _ *warehouse.Warehouse, sink etl.Sink, key *privacy.Key) error {
		return line.pullLive(ctx, systems, midnight(to).AddDate(0, 0, 1+lateDays), sink, key)
	}
	return a.execute(ctx, line)
}

// lateDays is how long after the last day its last rows come: answers to surveys.
const lateDays = 14
