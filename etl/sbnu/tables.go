// Package sbnu holds the canonical records of Selvbetjening.nu, the agents' guide
// library (SOURCES §3). No export format is documented, so a column map in the
// configuration leads whatever arrives to these columns. Recipients of what
// agents send are never among them.
package sbnu

import "github.com/den-digitale-hotline/ddh/etl"

const owner = "sbnu"

// Tables are the contracts in the order in which they are pulled.
func Tables() []etl.Table { return []etl.Table{Guides, GuideViews, GuideSends} }

// Guides is the library: one row per guide and period of validity.
var Guides = etl.Table{
	Owner: owner, Name: "guides", Version: 1,
	Columns: []etl.Column{
		{Name: "guide_id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "title", Type: etl.Text},
		{Name: "scope", Type: etl.Text, Doc: "national or local"},
		{Name: "owner_municipality", Type: etl.Text},
		{Name: "category", Type: etl.Text},
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
		{Name: "agent", Type: etl.Text, Required: true},
		{Name: "citizen_municipality", Type: etl.Text},
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
	Owner: owner, Name: "guide_sends", Version: 1,
	Columns: []etl.Column{
		{Name: "sent_at", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "agent", Type: etl.Text, Required: true},
		{Name: "channel", Type: etl.Text},
		{Name: "guide_id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "citizen_municipality", Type: etl.Text},
	},
	Replace: etl.Replace{
		Key: []string{"sent_at", "agent", "guide_id", "channel", "citizen_municipality"},
		Row: []string{"guide_id"}, Day: "min(sent_at)::date",
	},
}
