package survey

import "github.com/den-digitale-hotline/ddh/etl"

const owner = "survey"

// Tables are the contracts: Puzzel's table and the REST API's items.
func Tables() []etl.Table { return []etl.Table{Surveys, Responses} }

// Surveys is Puzzel's table `surveys`: 0-4 rows per call. sequence 1 is the
// question, 2 the first answer, 3 a follow-up question or unsolicited comment, 4
// the answer to it. The names of the score, answer, comment and time columns are
// not published; the configuration can map others.
var Surveys = etl.Table{
	Owner: owner, Name: "surveys", Version: 2,
	Columns: []etl.Column{
		{Name: "sequence", Type: etl.Integer, Required: true, NotNull: true},
		{Name: "related_call_id", Type: etl.Identifier},
		{Name: "related_iq_session_id", Type: etl.Text},
		{Name: "agent_id", Type: etl.Integer},
		{Name: "queue_key", Type: etl.Text, Spare: true},
		{Name: "destination", Type: etl.Text, Treat: etl.Pseudonym, Doc: "pseudonym of the citizen; blanked at the source after four months"},
		{Name: "given_score", Type: etl.Integer, From: []string{"score"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 as the source itself read the reply"},
		{Name: "given_rule", Type: etl.Text, From: []string{"score"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired on the source's own score"},
		{Name: "score", Type: etl.Integer, From: []string{"answer"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 where the answer is one"},
		{Name: "score_rule", Type: etl.Text, From: []string{"answer"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired"},
		{Name: "comment_score", Type: etl.Integer, From: []string{"comment"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 where the comment is one"},
		{Name: "comment_rule", Type: etl.Text, From: []string{"comment"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired on the comment"},
		{Name: "answer", Type: etl.Text, Treat: etl.Scrub},
		{Name: "comment", Type: etl.Text, Treat: etl.Scrub},
		{Name: "dte_sent", Type: etl.LocalTime},
		{Name: "dte_answered", Type: etl.LocalTime},
		{Name: "dte_updated", Type: etl.LocalTime, Required: true, NotNull: true},
	},
	Ignored: []string{"customer_key", "rec_id", "fertile"},
	Replace: etl.Replace{
		// A row that names no call is known by its session, one without either by
		// citizen, agent and times, and one without any of these by what it says.
		Key: []string{
			"sequence", "related_call_id",
			"case when related_call_id is null then related_iq_session_id end",
			"case when coalesce(related_call_id::varchar, related_iq_session_id) is null " +
				"then row(destination, agent_id, dte_sent, dte_answered)::varchar end",
			"case when coalesce(related_call_id::varchar, related_iq_session_id, destination, agent_id::varchar, " +
				"dte_sent::varchar, dte_answered::varchar) is null then row(dte_updated, answer, comment)::varchar end",
		},
		Row:     []string{"sequence"},
		Updated: "dte_updated",
		Day:     "coalesce(min(dte_sent), min(dte_answered), min(dte_updated))::date",
	},
}

// Responses is one item of callcenterSurveyList in the Puzzel Survey REST API.
var Responses = etl.Table{
	Owner: owner, Name: "survey_responses", Aliases: []string{"responses", "callcenterSurveyList"}, Version: 3,
	Columns: []etl.Column{
		{Name: "id", Type: etl.Text, Required: true, NotNull: true},
		{Name: "surveyid", Type: etl.Text, Spare: true},
		{Name: "msisdn", Type: etl.Text, Treat: etl.Pseudonym},
		{Name: "agentid", Type: etl.Text, Look: etl.Look{Address: true}, Doc: "Puzzel's number of the agent, or his user name: the vendor documents a name"},
		{Name: "queue", Type: etl.Text, Spare: true},
		{Name: "given_score", Type: etl.Integer, From: []string{"rating"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 as the source itself read the reply"},
		{Name: "given_rule", Type: etl.Text, From: []string{"rating"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired on the source's own score"},
		{Name: "score", Type: etl.Integer, From: []string{"response"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 where the reply is one"},
		{Name: "score_rule", Type: etl.Text, From: []string{"response"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired"},
		{Name: "comment_score", Type: etl.Integer, From: []string{"comment"}, Look: etl.Look{Prose: true}, Derive: scoreText, Doc: "1-9 where the comment is one"},
		{Name: "comment_rule", Type: etl.Text, From: []string{"comment"}, Look: etl.Look{Prose: true}, Derive: scoreRule, Doc: "the parser's rule that fired on the comment"},
		{Name: "response", Type: etl.Text, Treat: etl.Scrub},
		{Name: "follow_up_response", Type: etl.Text, Spare: true, Treat: etl.Scrub},
		{Name: "comment", Type: etl.Text, Treat: etl.Scrub},
		{Name: "sms_sent_at", Type: etl.Instant, From: []string{"smsSentDate", "sms_sent_at"}, Required: true, NotNull: true},
		{Name: "updated_at", Type: etl.Instant, From: []string{"updated", "updated_at"}, Required: true, NotNull: true},
	},
	Ignored: []string{
		"team", "name", "address", "street", "housenumber", "entry", "postnumber", "postArea",
		"extraParamName1", "extraParamName2", "extraParamName3", "extraParamName4", "extraParamName5",
		"extraParamValue1", "extraParamValue2", "extraParamValue3", "extraParamValue4", "extraParamValue5",
	},
	Replace: etl.Replace{
		Key: []string{"id"}, Row: []string{"id"}, Updated: "updated_at",
		Day: "(min(sms_sent_at) at time zone 'Europe/Copenhagen')::date",
	},
}
