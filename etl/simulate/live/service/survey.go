package service

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Response is a state of one item of the Survey API: the question, and later what the
// citizen answered. An item has as many states as it was changed; the API shows the
// last one that is not in the future.
type Response struct {
	ID                               int64
	Msisdn, Agent, Queue, Team       string
	Rating, Reply, FollowUp, Comment string
	Sent, Updated                    time.Time
}

// SurveyOptions describe a Survey API.
type SurveyOptions struct {
	Now                func() time.Time
	Zone               *time.Location // in which the API writes its times
	Username, Password string
	Lifetime           time.Duration // of a token, and as it says; 0: for ever, and it does not say
	Until              time.Time     // end of the certificate; zero: not in our time
}

// Survey is a Survey API.
type Survey struct {
	host
	TokenFaults Faults // of the answers with tokens

	options SurveyOptions
	mu      sync.Mutex
	items   map[int64][]Response // in the order of Updated
	tokens  map[string]time.Time // good until; zero: for ever
}

// servicePath is where the API's items are, below the address of the host.
const servicePath = "/survey/rs/service/35"

// StartSurvey opens a Survey API.
func StartSurvey(o SurveyOptions) (*Survey, error) {
	s := &Survey{options: o, items: map[int64][]Response{}, tokens: map[string]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/ro", s.token)
	mux.HandleFunc("GET "+servicePath, s.list)
	return s, s.start(o.Now, o.Until, mux)
}

// URL is the address of the items.
func (s *Survey) URL() string { return s.Base() + servicePath }

// TokenURL is where a name and a password are changed for a token.
func (s *Survey) TokenURL() string { return s.Base() + "/oauth/ro" }

// Add adds states of items, old or new ones, in any order.
func (s *Survey) Add(all ...Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range all {
		s.items[r.ID] = append(s.items[r.ID], r)
	}
	for _, r := range all {
		slices.SortStableFunc(s.items[r.ID], func(a, b Response) int { return a.Updated.Compare(b.Updated) })
	}
}

// token answers with a token, and the name under which the API wants it, id_token, has
// the good one.
func (s *Survey) token(w http.ResponseWriter, r *http.Request) {
	fault := s.TokenFaults.take()
	fields := map[string]string{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := json.NewDecoder(r.Body).Decode(&fields); err != nil {
			fault = BadRequest
		}
	} else {
		for _, name := range []string{"grant_type", "username", "password"} {
			fields[name] = r.PostFormValue(name)
		}
	}
	same := func(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	if fault == None && !(fields["grant_type"] == "password" && same(fields["username"], s.options.Username) && same(fields["password"], s.options.Password)) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_user_password", "error_description": Leak + fields["password"]})
		return
	}
	body, err := json.Marshal(s.issue())
	if err != nil {
		fault = Failing
	}
	s.answer(w, r, fault, reply{"application/json", body})
}

// issue makes a token that is good from now on.
func (s *Survey) issue() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := fmt.Sprintf("hemmelig-token-%d", len(s.tokens)+1)
	out := map[string]any{"id_token": token, "access_token": "another-one", "token_type": "bearer"}
	s.tokens[token] = time.Time{}
	if s.options.Lifetime > 0 {
		s.tokens[token] = s.now().Add(s.options.Lifetime)
		out["expires_in"] = int(s.options.Lifetime.Seconds())
	}
	return out
}

// knows reports whether a request has a good token.
func (s *Survey) knows(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, found := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	return found && (until.IsZero() || s.now().Before(until))
}

// forget makes every token bad.
func (s *Survey) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		s.tokens[token] = time.Unix(0, 0) // long over
	}
}

const surveyTime = "2006-01-02T15:04:05.000-0700"

// list answers with the items that were changed in a window. It takes both ends out,
// as nobody has written that it does not.
func (s *Survey) list(w http.ResponseWriter, r *http.Request) {
	fault := s.Faults.take()
	if fault == Expired {
		s.forget()
	}
	from, err := time.Parse(surveyTime, r.URL.Query().Get("from"))
	to := s.now().Add(time.Nanosecond)
	if text := r.URL.Query().Get("to"); text != "" && err == nil {
		to, err = time.Parse(surveyTime, text)
	}
	switch {
	case fault != None:
	case !s.knows(r):
		fault = Expired
	case err != nil:
		fault = BadRequest
	}
	body, err := s.encode(s.sheet(from, to).spoil(fault))
	if err != nil {
		fault = Failing
	}
	s.answer(w, r, fault, reply{"application/json;charset=UTF-8", body})
}

func (s *Survey) encode(sheet Sheet) ([]byte, error) {
	return json.Marshal(map[string]any{
		"timestamp":            s.time(s.now()),
		"callcenterSurveyList": sheet.objects("id", "surveyid"),
		"manualSurveyList":     []map[string]any{{"id": 1, "name": Leak, "smsSentDate": nil}},
	})
}

func (s *Survey) time(t time.Time) string { return t.In(s.options.Zone).Format(surveyTime) }

// sheet has the items that were changed in a window, in the order of their changes.
func (s *Survey) sheet(from, to time.Time) Sheet {
	out := Sheet{Columns: []string{
		"updated", "id", "surveyid", "msisdn", "agentid", "queue", "team", "rating", "response", "follow_up_response", "smsSentDate",
		"name", "address", "street", "housenumber", "entry", "postnumber", "postArea", "extraParamName1", "extraParamValue1", "comment",
	}}
	for _, r := range s.changed(from, to) {
		out.Rows = append(out.Rows, []string{
			s.time(r.Updated), strconv.FormatInt(r.ID, 10), "0", r.Msisdn, r.Agent, r.Queue, r.Team, r.Rating, r.Reply, r.FollowUp, s.time(r.Sent),
			Leak, "Byvej 13 ; 9999 Byen", "Byvej", "13", "", "9999", "Byen", "cpr", "0101901234", r.Comment,
		})
	}
	return out
}

func (s *Survey) changed(from, to time.Time) []Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Response
	now := s.now()
	for _, states := range s.items {
		future := slices.IndexFunc(states, func(r Response) bool { return r.Updated.After(now) })
		if future >= 0 {
			states = states[:future]
		}
		if len(states) == 0 {
			continue
		}
		if last := states[len(states)-1]; last.Updated.After(from) && last.Updated.Before(to) {
			all = append(all, last)
		}
	}
	slices.SortFunc(all, func(a, b Response) int {
		if order := a.Updated.Compare(b.Updated); order != 0 {
			return order
		}
		return int(a.ID - b.ID)
	})
	return all
}
