package service

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Responses makes items of the rows of Puzzel's table surveys, as the simulator
// delivers them: rows that were sent as one message become one item with as many
// states. The API knows no calls, so what tells the call is lost. IDs are given in the
// order of sending; rows that came twice count once.
func Responses(surveys Sheet, zone *time.Location) ([]Response, error) {
	rows, err := surveyRows(surveys, zone)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b surveyRow) int {
		return cmp.Or(a.Sent.Compare(b.Sent), strings.Compare(a.message, b.message), a.sequence-b.sequence, a.Updated.Compare(b.Updated))
	})
	var all []Response
	var state surveyRow
	id := int64(0)
	for _, row := range rows {
		if row.message != state.message || id == 0 {
			id++
			state = surveyRow{message: row.message, Response: Response{
				ID: id, Msisdn: row.Msisdn, Agent: row.Agent, Queue: row.Queue, Sent: row.Sent,
			}}
		}
		if row.sequence == state.sequence && row.Updated.Equal(state.Updated) {
			continue
		}
		state.sequence, state.Updated = row.sequence, row.Updated
		row.tell(&state.Response)
		all = append(all, state.Response)
	}
	return all, nil
}

// AddFolder adds the items that the surveys of a folder of CSV files make.
func (s *Survey) AddFolder(dir string) error {
	surveys, err := ReadFolder(dir, "surveys")
	if err != nil {
		return err
	}
	all, err := Responses(surveys, s.options.Zone)
	if err != nil {
		return err
	}
	s.Add(all...)
	return nil
}

// surveyRow is a row of surveys; its message is what all rows of one have in common.
type surveyRow struct {
	Response
	message  string
	sequence int
	answer   string
	comment  string
}

// tell puts what a row says where the API has it: the first answer, and what was
// asked or said after it.
func (r surveyRow) tell(to *Response) {
	switch {
	case r.sequence == 2:
		to.Reply = r.answer
	case r.sequence > 2 && r.answer != "":
		to.FollowUp = r.answer
	case r.sequence > 2:
		to.Comment = r.comment
	}
}

func surveyRows(surveys Sheet, zone *time.Location) ([]surveyRow, error) {
	at := map[string]int{}
	for _, name := range []string{"sequence", "related_call_id", "related_iq_session_id", "agent_id", "queue_key", "destination", "answer", "comment", "dte_sent", "dte_updated"} {
		if at[name] = surveys.column(name); at[name] < 0 {
			return nil, errors.New("the table surveys has no column " + name)
		}
	}
	all := make([]surveyRow, 0, len(surveys.Rows))
	for i, fields := range surveys.Rows {
		get := func(name string) string { return fields[at[name]] }
		sent, err := time.ParseInLocation(clockTime, get("dte_sent"), zone)
		if err != nil {
			return nil, fmt.Errorf("row %d of surveys: dte_sent: %w", i+1, err)
		}
		updated, err := time.ParseInLocation(clockTime, get("dte_updated"), zone)
		if err != nil {
			return nil, fmt.Errorf("row %d of surveys: dte_updated: %w", i+1, err)
		}
		row := surveyRow{
			Response: Response{Msisdn: get("destination"), Agent: get("agent_id"), Queue: get("queue_key"), Sent: sent, Updated: updated},
			message:  strings.Join([]string{get("related_call_id"), get("related_iq_session_id"), get("destination"), get("agent_id"), get("dte_sent")}, "|"),
			answer:   get("answer"), comment: get("comment"),
		}
		if row.sequence, err = strconv.Atoi(get("sequence")); err != nil {
			return nil, fmt.Errorf("row %d of surveys: sequence: %w", i+1, err)
		}
		all = append(all, row)
	}
	return all, nil
}
