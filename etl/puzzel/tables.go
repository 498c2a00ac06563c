// Package puzzel holds the contracts of the tables in Puzzel's raw-data database
// ("Call and Agent Detailed Records", SOURCES §1). It says what each table must
// contain, which of its columns may carry a citizen's number, and what a later
// delivery replaces. It reads nothing itself.
package puzzel

import (
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

const (
	owner    = "puzzel"
	titleDoc = "CPR numbers and e-mail addresses are masked; a phone number is an office's and stays"
)

// aLength is what bounds the columns of lengths. Two weeks is more than any call or shift
// has; what is longer is no length, or one in milliseconds, and its call is held.
var aLength = etl.Look{Most: 14 * 24 * 60 * 60}

// CalloutPrefix begins the queue key of outgoing calls (SOURCES §1), in lower case: keys
// are compared without case.
const CalloutPrefix = "__callout_"

// Tables are the contracts in the order in which they are pulled.
func Tables() []etl.Table {
	return []etl.Table{
		CallEvents, AgentEvents, Agents, Queues, Enquiries,
		CallResultCodes, MediaTypes, AgentEventSources,
	}
}

// CallEvents is `call_events`: one row per event of a call. Puzzel deletes and
// re-inserts all rows of a call when anything arrives late, so a call is replaced
// as a whole and rec_id is no key.
var CallEvents = etl.Table{
	Owner: owner, Name: "call_events", Version: 2,
	Columns: []etl.Column{
		{Name: "rec_id", Type: etl.Integer},
		{Name: "call_id", Type: etl.Identifier, Required: true, NotNull: true},
		{Name: "call_sequence", Type: etl.Integer},
		{Name: "media_type_id", Type: etl.Integer},
		{Name: "dte_start", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "duration_tot_sec", Type: etl.Integer, Look: aLength},
		{Name: "duration_speak_sec", Type: etl.Integer, Look: aLength},
		{Name: "dte_speak_start", Type: etl.LocalTime},
		{Name: "source", Type: etl.Text, Treat: etl.Pseudonym, Doc: "pseudonym of the caller; on callouts of the called"},
		{Name: "destination", Type: etl.Text, Treat: etl.Pseudonym, Doc: "pseudonym of the number dialled or rung"},
		{
			Name: "destination_number", From: []string{"destination"}, Type: etl.Text, Choose: destinationTreatment,
			Doc: "the number in clear where it cannot be a citizen's, else masked or empty",
		},
		{Name: "service_num", Type: etl.Text, Spare: true, Treat: etl.Number},
		{Name: "queue_key", Type: etl.Text},
		{Name: "menue_key", Type: etl.Text, Spare: true},
		{Name: "menue_choice", Type: etl.Text, Spare: true, Treat: etl.Scrub},
		{Name: "agent_id", Type: etl.Integer},
		{
			Name: "event_type", Type: etl.Text, Required: true, NotNull: true, Derive: code,
			Look: etl.Look{Codes: []string{"i", "m", "q", "c"}},
		},
		{Name: "result_code", Type: etl.Text, Derive: code},
		{Name: "answered", Type: etl.Integer, Spare: true},
		{Name: "ciq", Type: etl.Text, Derive: code},
		{Name: "call_transfer", Type: etl.Boolean},
		{Name: "wrap_up_sec", Type: etl.Integer, Look: aLength},
		{Name: "alert_ms", Type: etl.Integer, Spare: true},
		{Name: "setup_ms", Type: etl.Integer, Spare: true},
		{Name: "block_duration_sec", Type: etl.Integer, Spare: true},
		{Name: "internal_iq_session_id", Type: etl.Text},
		{Name: "internal_odr_id", Type: etl.Integer, Spare: true},
		{Name: "dte_updated", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "sla", Type: etl.Integer, Spare: true},
		{Name: "alt_sla", Type: etl.Integer, Spare: true},
		{Name: "dte_scheduled_callback", Type: etl.Instant, Look: etl.Look{Ahead: true}},
		{Name: "result_response", Type: etl.Integer, Spare: true},
		{Name: "request_id", Type: etl.Integer, Spare: true},
		{Name: "hold", Type: etl.Integer, Spare: true, Doc: "since database version 1.9"},
		{Name: "consult", Type: etl.Integer, Spare: true, Doc: "since database version 1.9"},
		{Name: "caller_on_hold_sec", Type: etl.Integer, Look: aLength, Doc: "since database version 1.9"},
		{Name: "leg_type", Type: etl.Text, Spare: true, Doc: "since database version 1.9"},
	},
	Ignored: []string{"customer_key", "additional_source", "redirect_source", "originating", "add_originating"},
	Replace: etl.Replace{
		Key: []string{"call_id"},
		Row: []string{
			"internal_iq_session_id", "call_sequence",
			"case when call_sequence is null then concat_ws('/', event_type, dte_start, queue_key, agent_id, destination) end",
		},
		Updated: "dte_updated",
		Day:     "coalesce(min(dte_start) filter (where event_type = 'i'), min(dte_start))::date",
		Session: "lower(trim(internal_iq_session_id, ' {}'))",
		At:      "dte_start",
	},
}

// destinationTreatment decides what of `destination` may be written in clear. A
// leg to an external number shows the department a call was sent to and is kept;
// the access number dialled is masked (it is recognised by its pseudonym); an
// agent's own phone and every number of a callback or callout is left out, since
// there the destination is the citizen (SOURCES §1). So is the caller's own number
// in whatever spelling.
func destinationTreatment(get func(string) string) etl.Treatment {
	destination, source := strings.TrimSpace(get("destination")), strings.TrimSpace(get("source"))
	if destination == "" || destination == source || strings.TrimSpace(get("ciq")) != "" ||
		strings.HasPrefix(code(get("queue_key")), CalloutPrefix) || privacy.SameNumber(destination, source) {
		return etl.Drop
	}
	switch code(get("event_type")) {
	case "i":
		return etl.Masked
	case "c":
		if strings.TrimSpace(get("agent_id")) == "" {
			return etl.Number
		}
	}
	return etl.Drop
}

// code brings a code to the form in which the vendor documents it: one letter or "?",
// in lower case and without the padding of char(2). Other spellings would match
// nothing downstream, and their rows would vanish from every figure.
func code(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// AgentEvents is `agent_events`: log on, log off, pauses and a copy of each
// conversation. Conversation rows are re-inserted like call_events. duration_sec is
// what tells the table from call_events, which has all its other required columns.
var AgentEvents = etl.Table{
	Owner: owner, Name: "agent_events", Version: 2,
	Columns: []etl.Column{
		{Name: "rec_id", Type: etl.Integer},
		{Name: "agent_id", Type: etl.Integer, Required: true, NotNull: true},
		{Name: "dte_start", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "profile", Type: etl.Text, Spare: true},
		{Name: "duration_sec", Type: etl.Integer, Required: true, Look: aLength},
		{
			Name: "event_type", Type: etl.Text, Required: true, NotNull: true, Derive: code,
			Look: etl.Look{Codes: []string{"i", "o", "p", "r", "c"}},
		},
		{Name: "event_source", Type: etl.Text, Spare: true},
		{Name: "result_code", Type: etl.Text, Derive: code},
		{Name: "queue_key", Type: etl.Text, Spare: true},
		{Name: "pause_type_name", Type: etl.Text},
		{Name: "pause_type_id", Type: etl.Integer},
		{Name: "call_transfer", Type: etl.Boolean, Spare: true},
		{Name: "wrap_up_sec", Type: etl.Integer, Look: aLength},
		{Name: "block_duration_sec", Type: etl.Integer, Spare: true},
		{Name: "internal_adr_id", Type: etl.Integer, Spare: true},
		{Name: "internal_odr_id", Type: etl.Integer},
		{Name: "dte_updated", Type: etl.LocalTime},
		{Name: "usergroup_id", Type: etl.Integer, Spare: true},
		{Name: "phone_type", Type: etl.Text, Spare: true},
	},
	Ignored: []string{"customer_key", "service_num", "phone_num"},
	Replace: etl.Replace{
		Key: []string{
			"dte_start", "agent_id", "trim(event_type)",
			"case when trim(event_type) = 'c' then internal_odr_id else pause_type_id end",
		},
		Row:     []string{"agent_id"},
		Updated: "dte_updated",
		Day:     "min(dte_start)::date",
	},
}

// Agents is `agents`, refreshed nightly without history at the source: every
// version that ever arrived is kept. The name and the user group are required because
// many tables have an agent_id: one of them under this name would move its agents to
// no municipality.
var Agents = etl.Table{
	Owner: owner, Name: "agents", Version: 1,
	Columns: []etl.Column{
		{Name: "agent_id", Type: etl.Integer, Required: true, NotNull: true},
		{Name: "user_name", Type: etl.Text, Look: etl.Look{Address: true}},
		{Name: "full_name", Type: etl.Text, Look: etl.Look{Prose: true}, Required: true},
		{Name: "usergroup_id", Type: etl.Integer, Spare: true},
		{Name: "usergroup_name", Type: etl.Text, Required: true},
		{Name: "email", Type: etl.Text, Look: etl.Look{Address: true}, Doc: "the agent's work address, which links to sb.nu"},
		{Name: "dte_updated", Type: etl.LocalTime},
		{Name: "deleted", Type: etl.Boolean},
		{Name: "puzzel_id", Type: etl.Text, Spare: true},
	},
	Ignored: []string{"customer_key", "user_num", "mobile", "chat_role", "chat_master_user_id"},
	Replace: etl.Replace{Key: []string{"agent_id", "dte_updated"}, Row: []string{"agent_id"}},
}

// Queues is `queues`, keyed on service number and queue key. The description is
// required because many tables have a queue_key.
var Queues = etl.Table{
	Owner: owner, Name: "queues", Version: 1,
	Columns: []etl.Column{
		{Name: "service_num", Type: etl.Text, Treat: etl.Number},
		{Name: "queue_key", Type: etl.Text, Required: true, NotNull: true},
		{Name: "descript", Type: etl.Text, Look: etl.Look{Prose: true}, Required: true, Derive: privacy.ScrubTitle, Doc: titleDoc},
	},
	Ignored: []string{"customer_key"},
	Replace: etl.Replace{Key: []string{"queue_key", "service_num"}, Row: []string{"queue_key"}},
}

// Enquiries is `enqreg_header` or the view `vw_enqreg_total`: one row per topic an
// agent chose for a call.
var Enquiries = etl.Table{
	Owner: owner, Name: "enqreg_header", Aliases: []string{"vw_enqreg_total"}, Version: 1,
	Columns: []etl.Column{
		{Name: "enqreg_header_recid", Type: etl.Integer, Required: true, NotNull: true},
		{Name: "related_iq_session_id", Type: etl.Text},
		{Name: "dte_time_stamp", Type: etl.LocalTime, Required: true, NotNull: true},
		{Name: "agent_id", Type: etl.Integer, Spare: true},
		{Name: "queue_key", Type: etl.Text, Spare: true},
		{Name: "category_id", Type: etl.Integer, Spare: true},
		{Name: "category_name", Type: etl.Text, Look: etl.Look{Prose: true}, Derive: privacy.ScrubTitle, Doc: titleDoc},
		{Name: "enqreg_topic_recid", Type: etl.Integer},
		{Name: "topic_id", Type: etl.Integer},
		{Name: "topic_name", Type: etl.Text, Look: etl.Look{Prose: true}, Derive: privacy.ScrubTitle, Doc: titleDoc},
		{Name: "comment", Type: etl.Text, Spare: true, Treat: etl.Scrub},
		{Name: "dte_updated", Type: etl.LocalTime},
	},
	Ignored: []string{"customer_key"},
	Replace: etl.Replace{
		Key: []string{"enqreg_header_recid"}, Row: []string{"enqreg_topic_recid", "topic_id"}, Updated: "dte_updated",
		Day: "min(dte_time_stamp)::date",
	},
}

// CallResultCodes is the lookup `call_result_codes`.
var CallResultCodes = lookup("call_result_codes", "result_code", "descript",
	etl.Column{Name: "event_type", Type: etl.Text})

// MediaTypes is the lookup `media_types`.
var MediaTypes = lookup("media_types", "media_type_id", "descript")

// AgentEventSources is the lookup `agent_event_sources`.
var AgentEventSources = lookup("agent_event_sources", "event_source", "descript")

// lookup is a table of codes and their texts; extra columns are part of the key. The
// texts are required because other tables have the codes as well, and "name" is none of
// their names: in other tables that is a person's.
func lookup(name, code, text string, extra ...etl.Column) etl.Table {
	key := []string{code}
	for _, c := range extra {
		key = append(key, c.Name)
	}
	return etl.Table{
		Owner: owner, Name: name, Version: 1,
		Columns: append([]etl.Column{
			{Name: code, Type: etl.Text, From: []string{code, "id", "code"}, Required: true, NotNull: true},
			{
				Name: text, Type: etl.Text, From: []string{text, "description"}, Required: true,
				Spare: name != "media_types", Look: etl.Look{Prose: true},
			},
		}, extra...),
		Ignored: []string{"customer_key"},
		Replace: etl.Replace{Key: key, Row: []string{code}},
	}
}
