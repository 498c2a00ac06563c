// Package sbnu holds the canonical records of Selvbetjening.nu, the agents' guide
// library (SOURCES §3). No export format is documented, so a column map in the
// configuration leads whatever arrives to these columns. Recipients of what
// agents send are never among them.
package sbnu

import (
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

const (
	owner    = "sbnu"
	titleDoc = "CPR numbers and e-mail addresses are masked; a phone number is an office's and stays"
)

// user is the sb.nu user name of an agent, which can be an e-mail address.
var user = etl.Column{Name: "agent", Type: etl.Text, Required: true, Look: etl.Look{Address: true}}

// Tables are the contracts in the order in which they are pulled.
func Tables() []etl.Table { return []etl.Table{Guides, GuideViews, GuideSends} }

// Guides is the library: one row per guide and period of validity. The title is
// required because views and sends have a guide_id as well.
var Guides = etl.Table{
	Owner: owner, Name: "guides", Version: 1,
	Columns: []etl.Column{
		{Name: "guide_id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "title", Type: etl.Text, Look: etl.Look{Prose: true}, Required: true, Derive: privacy.ScrubTitle, Doc: titleDoc},
		{Name: "scope", Type: etl.Text, Doc: "national or local"},
		{Name: "owner_municipality", Type: etl.Text},
		{Name: "category", Type: etl.Text, Look: etl.Look{Prose: true}, Derive: privacy.ScrubTitle, Doc: titleDoc},
		{Name: "valid_from", Type: etl.Date},
		{Name: "valid_to", Type: etl.Date},
	},
	Replace: etl.Replace{Key: []string{"guide_id", "valid_from"}, Row: []string{"guide_id"}},
}

// GuideViews is one row per guide an agent opened.
var GuideViews = etl.Table{
	Owner: owner, Name: "guide_views", Version: 1,
	Columns: []etl.Column{
		{Name: "viewed_at", Type: etl.LocalTime, Required: true, NotNull: true},
		user,
		{Name: "citizen_municipality", Type: etl.Text, Look: etl.Look{Failed: true}},
		{Name: "guide_id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "session_id", Type: etl.Text},
		{Name: "call_id", Type: etl.Identifier},
	},
	Replace: etl.Replace{
		Key: []string{"viewed_at", "agent", "guide_id", "citizen_municipality", "session_id", "call_id"},
		Row: []string{"guide_id"}, Day: "min(viewed_at)::date",
	},
}

// GuideSends is one row per SMS or mail an agent sent from a guide.
var GuideSends = etl.Table{
	Owner: owner, Name: "guide_sends", Version: 2,
	Columns: []etl.Column{
		{Name: "sent_at", Type: etl.LocalTime, Required: true, NotNull: true},
		user,
		{Name: "channel", Type: etl.Text, Derive: channel, Doc: "sms or mail; empty where the source says anything else"},
		{Name: "guide_id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "citizen_municipality", Type: etl.Text, Look: etl.Look{Failed: true}},
	},
	Replace: etl.Replace{
		Key: []string{"sent_at", "agent", "guide_id", "channel", "citizen_municipality"},
		Row: []string{"guide_id"}, Day: "min(sent_at)::date",
	},
}

// channel tells what was sent. Whatever is neither an SMS nor a mail is left out: an
// export whose columns have moved may have the recipient here (SOURCES §3).
func channel(text string) string {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "sms":
		return "sms"
	case "mail", "email", "e-mail":
		return "mail"
	}
	return ""
}
