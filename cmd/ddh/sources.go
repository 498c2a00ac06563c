package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
	"github.com/den-digitale-hotline/ddh/etl/retry"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/sbnu/pull"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/survey/rest"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// firstDays is how far back the first pull of a source reaches that does not say since
// when: a closed quarter and what has passed of the next.
const firstDays = 180

// chunk is the longest window that is asked for at a time. Its rows are held in memory
// until it is whole: a busy week of the hotline is some 50,000.
const chunk = 7 * 24 * time.Hour

// sourceSetup is what the making of sources needs besides their configuration.
type sourceSetup struct {
	key       *privacy.Key
	normal    normalRows // nil: windows are not judged by their volume
	confirmed []string   // sources of which a small window is right
}

// sources are what the configuration's sources became, until they are closed.
type sources struct {
	project  *project
	setup    sourceSetup
	all      []etl.Source
	faulty   []faultySource
	database *sqlserver.Feed // one connection for all that is read from Puzzel's database
	closers  []func() error
}

// faultySource is one that cannot be made: of its address or a secret of it there is
// something wrong, or missing.
type faultySource struct {
	name string
	err  error // a usageError
}

// sources makes the configured sources: the one that is named, or those among some
// jobs, or with neither all. One that cannot be made is an error where it is named;
// else it is among the faulty and leaves the others alone. The caller closes them.
func (p *project) sources(setup sourceSetup, only string, jobs []string) (_ *sources, err error) {
	made := &sources{project: p, setup: setup}
	defer func() {
		if err != nil {
			err = errors.Join(err, made.close())
		}
	}()
	for _, s := range p.config.Sources {
		if only != "" && s.Name != only || jobs != nil && !slices.Contains(jobs, s.Name) {
			continue
		}
		source, err := made.source(s)
		if err == nil {
			made.all = append(made.all, source)
			continue
		}
		err = &usageError{err: fmt.Errorf("source %s: %w", s.Name, err), try: remedy(err)}
		if only != "" {
			return nil, err
		}
		made.faulty = append(made.faulty, faultySource{s.Name, err})
	}
	return made, nil
}

// close gives up the connections.
func (m *sources) close() error {
	var all []error
	for _, done := range m.closers {
		all = append(all, done())
	}
	m.closers = nil
	return errors.Join(all...)
}

// sourceTables are the tables that lie in the drop folder of a source. Puzzel's
// surveys may lie among its other tables, whatever the survey source is.
func sourceTables(name string) []etl.Table {
	switch name {
	case "puzzel":
		return slices.Concat(puzzel.Tables(), survey.Tables())
	case "survey":
		return survey.Tables()
	}
	return sbnu.Tables()
}

// source makes a source.
func (m *sources) source(s config.Source) (etl.Source, error) {
	p, setup := m.project, m.setup
	if s.Kind == config.Folder {
		return dropfolder.New(dropfolder.Options{
			Name: s.Name, Dir: s.Folder, Tables: sourceTables(s.Name), Protect: setup.key, ColumnMap: s.Columns, Formats: s.Formats,
			Seen: filepath.Join(p.config.DataDir, "seen", s.Name+".json"), Now: p.app.now,
		})
	}
	feed, tables, err := m.feed(s)
	if err != nil {
		return nil, err
	}
	since := s.Since
	if since.IsZero() {
		since = p.app.now().AddDate(0, 0, -firstDays)
	}
	return windowed.New(windowed.Options{
		Name: s.Name, Feed: feed, Tables: tables, Protect: setup.key, Zone: p.config.Timezone, Now: p.app.now,
		ColumnMap: s.Columns, Formats: s.Formats, Overlap: s.Overlap, Chunk: chunk, Since: since,
		Normal: setup.normal, Confirmed: slices.Contains(setup.confirmed, s.Name),
		Policy: retry.Default,
		World: retry.World{
			Sleep: p.app.pause, Chance: rand.Float64,
			Note: func(attempt int, wait time.Duration, err error) {
				p.app.logger().Info("trying again", "source", s.Name, "attempt", attempt, "wait", wait, "error", config.Mask(err.Error()))
			},
		},
	})
}

// feed makes what a windowed source reads, and says which tables it has.
func (m *sources) feed(s config.Source) (windowed.Feed, []windowed.Table, error) {
	switch s.Kind {
	case config.SQLServer:
		tables := puzzelTables()
		feed, err := m.connect(s, s.Columns, tables)
		return feed, tables, err
	case config.Puzzel:
		of, ok := m.project.config.Source("puzzel")
		if !ok || of.Kind != config.SQLServer {
			return nil, nil, &usageError{
				err: fmt.Errorf("kind %q takes the surveys from the source puzzel, which is no database", s.Kind),
				try: `give the source puzzel kind = "sqlserver", or this one kind = "folder"`,
			}
		}
		tables := []windowed.Table{{Table: survey.Surveys}}
		feed, err := m.connect(of, s.Columns, tables)
		return feed, tables, err
	case config.API:
		feed, err := m.surveyAPI(s)
		return feed, rest.Tables(), err
	default:
		feed, err := m.guideService(s)
		return feed, pull.Tables(), err
	}
}

// puzzelTables are the tables of the raw-data database: what happened is asked for by
// window, what it is called once a day.
func puzzelTables() []windowed.Table {
	var all []windowed.Table
	for _, t := range puzzel.Tables() {
		all = append(all, windowed.Table{Table: t, Whole: !slices.Contains([]string{
			puzzel.CallEvents.Name, puzzel.AgentEvents.Name, puzzel.Enquiries.Name,
		}, t.Name)})
	}
	return all
}

// secret reads a secret of the configuration; none is "".
func (p *project) secret(key string, s config.Secret) (string, error) {
	if !s.Set() {
		return "", nil
	}
	value, err := s.Resolve(p.app.getenv)
	if err != nil {
		return "", &usageError{err: fmt.Errorf("%s: %w", key, err), try: "set it in the environment or the file that the configuration names"}
	}
	return value, nil
}

// connect returns the one connection to Puzzel's database. Tables and columns are for
// who examines it; a pull brings its own.
func (m *sources) connect(s config.Source, columns map[string]map[string]string, tables []windowed.Table) (*sqlserver.Feed, error) {
	if m.database != nil {
		return m.database, nil
	}
	p := m.project
	dsn, err := p.secret("dsn", s.DSN)
	if err != nil {
		return nil, err
	}
	roots, err := authority(s)
	if err != nil {
		return nil, err
	}
	contracts := make([]etl.Table, len(tables))
	for i, t := range tables {
		contracts[i] = t.Table
	}
	m.database, err = sqlserver.New(sqlserver.Options{
		DSN: dsn, CertificateHost: s.CertificateHost, Roots: roots, Zone: p.config.Timezone, Now: p.app.now, Sleep: p.app.pause,
		Rate: float64(s.RowsPerSecond), Tables: contracts, ColumnMap: columns,
	})
	if err != nil {
		return nil, err
	}
	m.closers = append(m.closers, m.database.Close)
	return m.database, nil
}

// authority reads the file of certificates to trust besides the system's; nil where
// there is none.
func authority(s config.Source) (*x509.CertPool, error) {
	if s.Authority == "" {
		return nil, nil
	}
	text, err := os.ReadFile(s.Authority)
	if err != nil {
		return nil, &usageError{err: fmt.Errorf("authority: %w", err)}
	}
	roots, err := web.Roots(text)
	if err != nil {
		return nil, &usageError{err: fmt.Errorf("authority: %s: %w", s.Authority, err)}
	}
	return roots, nil
}

// client makes the client of a web source, which signs nothing yet.
func (m *sources) client(s config.Source) (*web.Client, error) {
	roots, err := authority(s)
	if err != nil {
		return nil, err
	}
	client, err := web.New(web.Options{Version: version, Roots: roots, Proxy: http.ProxyFromEnvironment, Now: m.project.app.now})
	if err != nil {
		return nil, err
	}
	m.closers = append(m.closers, func() error { client.Close(); return nil })
	return client, nil
}

// surveyAPI makes the feed of the Puzzel Survey REST API.
func (m *sources) surveyAPI(s config.Source) (*rest.Feed, error) {
	p := m.project
	client, err := m.client(s)
	if err != nil {
		return nil, err
	}
	username, password, err := p.login(s)
	if err != nil {
		return nil, err
	}
	return rest.New(rest.Options{
		URL: s.URL, Client: client.As(client.Token(rest.Grant(s.TokenURL, username, password, s.TokenFields))),
		Zone: p.config.Timezone, Now: p.app.now, Names: s.Columns[survey.Responses.Name],
	})
}

// guideService makes the feed of sb.nu.
func (m *sources) guideService(s config.Source) (*pull.Feed, error) {
	p := m.project
	client, err := m.client(s)
	if err != nil {
		return nil, err
	}
	token, err := p.secret("token", s.Token)
	if err != nil {
		return nil, err
	}
	username, password, err := p.login(s)
	switch {
	case err != nil:
		return nil, err
	case token != "":
		client = client.As(web.Bearer(token))
	case password != "":
		client = client.As(web.Basic(username, password))
	}
	return pull.New(pull.Options{
		URL: s.URL, Format: s.Format, Client: client, Zone: p.config.Timezone, Now: p.app.now, Names: s.Columns,
	})
}

func (p *project) login(s config.Source) (username, password string, err error) {
	if username, err = p.secret("username", s.Username); err != nil {
		return "", "", err
	}
	password, err = p.secret("password", s.Password)
	return username, password, err
}
