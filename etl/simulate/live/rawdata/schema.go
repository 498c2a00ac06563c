package rawdata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/tds"
)

// definition is a table as SOURCES §1 tells of it. Lengths that are not published are
// our own.
type definition struct {
	name    string
	also    string // a second name under which it can be read
	columns string // declarations as in T-SQL, one a line
	key     string // DuckDB expression of what is replaced as a whole
	dated   bool   // has dte_updated, by which its rows appear
}

var definitions = []definition{
	{name: "call_events", key: "call_id", dated: true, columns: `
		rec_id bigint not null
		customer_key varchar(100)
		call_id numeric(19,0) not null
		call_sequence int
		media_type_id int
		dte_start datetime not null
		duration_tot_sec int
		duration_speak_sec int
		dte_speak_start datetime
		source varchar(500)
		destination varchar(500)
		additional_source varchar(500)
		redirect_source varchar(500)
		service_num varchar(100)
		queue_key nvarchar(100)
		menue_key nvarchar(100)
		menue_choice varchar(255)
		agent_id int
		event_type char(1) not null
		result_code char(2)
		answered tinyint
		ciq char(1)
		call_transfer bit
		wrap_up_sec int
		alert_ms int
		setup_ms int
		block_duration_sec int
		internal_iq_session_id uniqueidentifier
		internal_odr_id bigint
		dte_updated datetime
		sla int
		alt_sla int
		dte_scheduled_callback datetimeoffset(7)
		result_response int
		request_id bigint
		hold int
		consult int
		caller_on_hold_sec int
		leg_type varchar(50)
		originating varchar(50)
		add_originating varchar(50)`},
	{name: "agent_events", dated: true,
		key: "case when event_type = 'c' and internal_odr_id is not null then concat_ws('/', agent_id, dte_start, internal_odr_id) else rec_id::varchar end",
		columns: `
		rec_id bigint not null
		agent_id int not null
		dte_start datetime not null
		profile varchar(50)
		service_num varchar(100)
		phone_num varchar(100)
		duration_sec int
		event_type char(1) not null
		event_source varchar(10)
		result_code char(2)
		queue_key nvarchar(100)
		pause_type_name nvarchar(100)
		pause_type_id int
		call_transfer bit
		wrap_up_sec int
		block_duration_sec int
		internal_adr_id bigint
		internal_odr_id bigint
		dte_updated datetime
		usergroup_id int
		phone_type varchar(50)`},
	{name: "agents", key: "agent_id", dated: true, columns: `
		agent_id int not null
		customer_key varchar(100)
		user_name nvarchar(100)
		user_num varchar(50)
		full_name nvarchar(200)
		usergroup_id int
		usergroup_name nvarchar(100)
		email nvarchar(200)
		mobile varchar(50)
		dte_updated datetime
		chat_role varchar(50)
		chat_master_user_id int
		deleted bit
		puzzel_id varchar(50)`},
	{name: "queues", key: "concat_ws('/', service_num, queue_key)", columns: `
		service_num varchar(100) not null
		queue_key nvarchar(100) not null
		descript nvarchar(255)`},
	{name: "surveys", dated: true,
		key: "concat_ws('/', sequence, related_call_id, related_iq_session_id, agent_id, coalesce(dte_sent, dte_answered))",
		columns: `
		sequence int not null
		related_call_id numeric(19,0)
		related_iq_session_id uniqueidentifier
		agent_id int
		queue_key nvarchar(100)
		destination varchar(100)
		fertile bit
		score int
		answer nvarchar(max)
		comment nvarchar(max)
		dte_sent datetime
		dte_answered datetime
		dte_updated datetime`},
	{name: "enqreg_header", also: "vw_enqreg_total", key: "enqreg_header_recid", dated: true, columns: `
		enqreg_header_recid bigint not null
		related_iq_session_id uniqueidentifier
		dte_time_stamp datetime not null
		agent_id int
		queue_key nvarchar(100)
		category_id int
		category_name nvarchar(100)
		enqreg_topic_recid bigint
		topic_id int
		topic_name nvarchar(100)
		comment nvarchar(max)
		dte_updated datetime`},
	{name: "call_result_codes", key: "concat_ws('/', result_code, event_type)", columns: `
		result_code char(2) not null
		descript nvarchar(255)
		event_type char(1)`},
	{name: "media_types", key: "media_type_id", columns: `
		media_type_id int not null
		descript nvarchar(255)`},
	{name: "agent_event_sources", key: "event_source", columns: `
		event_source varchar(10) not null
		descript nvarchar(255)`},
}

// sinceVersion19 are the columns of call_events that version 1.8 has not.
var sinceVersion19 = []string{"hold", "consult", "caller_on_hold_sec", "leg_type", "originating", "add_originating"}

// table is a table as it stands: its history in DuckDB, and what a query sees of it.
type table struct {
	definition
	stored  []tds.Column // as kept in history
	shown   []shown      // as seen
	dropped bool
	denied  bool
}

// shown is a column that queries see, and the DuckDB expression that gives it.
type shown struct {
	tds.Column
	from string
}

// schema returns the tables of a version of Puzzel's database, by each of their names.
func schema(version string) (map[string]*table, error) {
	if version != "" && version != "1.8" && version != "1.9" {
		return nil, fmt.Errorf("there is no version %q of the database", version)
	}
	tables := make(map[string]*table)
	for _, def := range definitions {
		for _, name := range []string{def.name, def.also} {
			if name == "" {
				continue
			}
			t := &table{definition: def}
			for line := range strings.Lines(strings.TrimSpace(def.columns)) {
				c, err := column(line)
				if err != nil {
					return nil, err
				}
				t.stored = append(t.stored, c)
				t.shown = append(t.shown, shown{c, quoted(c.Name)})
			}
			tables[name] = t
		}
	}
	if version == "1.8" {
		for _, name := range sinceVersion19 {
			tables["call_events"].hide(name)
		}
	}
	return tables, nil
}

// hide takes a column out of sight; false: there is none of that name.
func (t *table) hide(name string) bool {
	for i, c := range t.shown {
		if strings.EqualFold(c.Name, name) {
			t.shown = append(t.shown[:i:i], t.shown[i+1:]...)
			return true
		}
	}
	return false
}

// column reads a declaration, "call_id numeric(19,0) not null".
func column(text string) (tds.Column, error) {
	text, notNull := strings.CutSuffix(strings.TrimSpace(text), " not null")
	name, kind, _ := strings.Cut(text, " ")
	kind, size, _ := strings.Cut(strings.TrimSuffix(kind, ")"), "(")
	c := tds.Column{Name: name, NotNull: notNull, Type: tds.UniqueIdentifier + 1}
	for t := tds.Bit; t <= tds.UniqueIdentifier; t++ {
		if t.String() == kind {
			c.Type = t
		}
	}
	first, second, _ := strings.Cut(size, ",")
	n, _ := strconv.Atoi(first)
	switch c.Type {
	case tds.Numeric:
		c.Precision = n
		c.Scale, _ = strconv.Atoi(second)
	case tds.Char, tds.VarChar, tds.NChar, tds.NVarChar:
		c.Length = n
		if first == "max" {
			c.Length = tds.Max
		}
	case tds.DateTime2, tds.DateTimeOffset:
		c.Scale = n
	}
	if c.String() != strings.TrimSpace(text)+map[bool]string{true: " not null"}[notNull] {
		return c, fmt.Errorf("the declaration %q is not understood", text)
	}
	return c, nil
}

// duckType is the DuckDB type in which a column is kept. A uniqueidentifier, like
// numeric(19,0), is one that DuckDB hands out without detours.
func duckType(c tds.Column) string {
	switch c.Type {
	case tds.Bit:
		return "boolean"
	case tds.TinyInt:
		return "utinyint"
	case tds.SmallInt:
		return "smallint"
	case tds.Int:
		return "integer"
	case tds.BigInt:
		return "bigint"
	case tds.Float:
		return "double"
	case tds.Numeric:
		if c.Scale == 0 && c.Precision <= 19 {
			return "ubigint"
		}
		return fmt.Sprintf("decimal(%d, %d)", c.Precision, c.Scale)
	case tds.DateTime, tds.DateTime2:
		return "timestamp"
	case tds.DateTimeOffset:
		return "timestamptz"
	case tds.Date:
		return "date"
	case tds.UniqueIdentifier:
		return "uuid"
	default:
		return "varchar"
	}
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
