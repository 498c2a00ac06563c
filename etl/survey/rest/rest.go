// Package rest asks the Puzzel Survey REST API for the replies to the SMS survey
// (SOURCES §2 b). It knows how the API is asked and which of its fields may leave
// this package: a citizen's name, address and extra parameters never do. It tries
// nothing again and keeps no cursor: package windowed does.
package rest

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/web"
	"github.com/den-digitale-hotline/ddh/etl/windowed"
)

// Options describe the API.
type Options struct {
	// URL is the service: "https://{host}/survey/rs/service/{serviceId}". Its query, if
	// it has one, is kept.
	URL    string
	Client *web.Client // with an Auth: see Grant
	Zone   *time.Location
	Now    func() time.Time
	// Names leads contract columns to other member names, for Examine; a pull gets
	// them from the engine.
	Names map[string]string
	// Step is the longest stretch asked for at a time when a window of days is looked
	// for; 0: a week.
	Step time.Duration
}

// Feed asks the API. It implements windowed.Feed and etl.Patient.
type Feed struct {
	options Options
	address *url.URL
}

var (
	_ windowed.Feed = (*Feed)(nil)
	_ etl.Patient   = (*Feed)(nil)
)

// Tables are the API's tables as the engine asks for them.
func Tables() []windowed.Table { return []windowed.Table{{Table: survey.Responses}} }

// New returns the feed of an API.
func New(o Options) (*Feed, error) {
	if o.Client == nil || o.Zone == nil || o.Now == nil {
		return nil, errors.New("the survey API needs a client, a zone and a clock")
	}
	address, err := url.Parse(o.URL)
	if err != nil || address.Host == "" {
		return nil, errors.New("the survey API's address is none; write it as https://host/survey/rs/service/<number>")
	}
	if o.Step <= 0 {
		o.Step = 7 * 24 * time.Hour
	}
	return &Feed{options: o, address: address}, nil
}

// Grant is how the API's documentation has a name and a password changed for a token:
// as JSON, at Auth0; what is then sent along is the id_token [D]. fields are those
// that the account was given, such as client_id and connection.
func Grant(address, username, password string, fields map[string]string) web.Grant {
	all := map[string]string{"scope": "openid"}
	for name, value := range fields {
		all[name] = value
	}
	return web.Grant{
		Address: address, Username: username, Password: password, JSON: true, Fields: all,
		Members: []string{"id_token", "access_token"},
	}
}

// Fetch implements windowed.Feed.
//
// The API picks items by the time of their last change [I]. A window of days is
// therefore looked for among all changes from its beginning until now, a Step at a
// time: an item cannot be changed before its message was sent, but at any time after.
func (f *Feed) Fetch(ctx context.Context, q windowed.Query, out windowed.Receiver) error {
	shape := f.shape(q.Names)
	spans := []span{{q.Window.From, q.Window.To}}
	if q.Window.Of == etl.Happened {
		shape.Keep = sentIn(q.Window, q.Names)
		spans = steps(q.Window.From, f.options.Now(), f.options.Step)
	}
	rows := shape.Collect()
	for _, s := range spans {
		err := f.options.Client.Get(ctx, f.ask(s), web.JSON, rows.AddJSON)
		if err != nil {
			return err
		}
	}
	return rows.HandOut(out)
}

// shape says what of an answer is handed out. What the API calls a manual survey
// belongs to no call.
func (f *Feed) shape(names map[string]string) web.Shape {
	return web.Shape{Table: survey.Responses, Names: names, Array: "callcenterSurveyList", Hidden: personal}
}

// span is a stretch of changes to ask for; to is zero for until now, by the API's clock.
type span struct{ from, to time.Time }

// steps parts the time from a window's beginning until now.
func steps(from, now time.Time, step time.Duration) []span {
	var all []span
	for ; from.Add(step).Before(now); from = from.Add(step) {
		all = append(all, span{from, from.Add(step)})
	}
	return append(all, span{from: from})
}

// edge is how much further than asked for we ask at either end: the API's times have
// milliseconds, and whether it takes its ends in or out is not documented.
const edge = time.Second

// layout is the API's way to write a time [D].
const layout = "2006-01-02T15:04:05.000-0700"

// ask is the address of a question.
func (f *Feed) ask(s span) string {
	address := *f.address
	query := address.Query()
	query.Set("from", s.from.Add(-edge).In(f.options.Zone).Format(layout))
	if !s.to.IsZero() {
		query.Set("to", s.to.Add(edge).In(f.options.Zone).Format(layout))
	}
	address.RawQuery = query.Encode()
	return address.String()
}

// sentIn keeps the items whose message was sent in a window, and those of which that
// cannot be told: the reader of their times shall refuse them where all can see it.
func sentIn(w etl.Window, names map[string]string) func(text func(string) string) bool {
	return func(text func(string) string) bool {
		sent, err := readTime(cmp.Or(text(names["sms_sent_at"]), text("smsSentDate")))
		return err != nil || !sent.Before(w.From) && sent.Before(w.To)
	}
}

// readTime reads the API's times, and ISO 8601 as newer services write it.
func readTime(text string) (time.Time, error) {
	for _, layout := range []string{layout, "2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("a time that does not read")
}
