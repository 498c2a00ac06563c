package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Grant says how a name and a password are changed for a token: the password grant
// of OAuth 2.0 (RFC 6749 §4.3) and its kin.
type Grant struct {
	Address            string
	Username, Password string
	// JSON sends the fields as a JSON object, as Auth0's older service has it; without
	// it they go as a form, as the RFC has it.
	JSON bool
	// Fields go along, such as client_id and scope; one that is named like a field of
	// the grant replaces it.
	Fields map[string]string
	// Members of the answer that may hold the token, the best first; empty:
	// access_token.
	Members []string
}

// String keeps a grant's secrets out of whatever prints it.
func (g Grant) String() string { return "web.Grant(hidden)" }

// GoString is String.
func (g Grant) GoString() string { return g.String() }

// token is a Grant with what it brought.
type token struct {
	client *Client
	grant  Grant

	one     sync.Mutex // held while a token is fetched, so that only one is
	header  string
	expires time.Time // zero: not known, so until it is refused
}

// Token returns an Auth that keeps a token until shortly before it ends, or until it
// is refused, and then fetches another.
func (c *Client) Token(g Grant) Auth { return &token{client: c, grant: g} }

func (t *token) Renews() bool     { return true }
func (t *token) String() string   { return t.grant.String() }
func (t *token) GoString() string { return t.grant.String() }

// Header implements Auth.
func (t *token) Header(ctx context.Context, refused string) (string, error) {
	t.one.Lock()
	defer t.one.Unlock()
	stale := t.header == "" || t.header == refused || !t.expires.IsZero() && !t.client.now().Before(t.expires)
	if !stale {
		return t.header, nil
	}
	t.header = ""
	fetched, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	text, lasts, err := fetched.token(t.grant.Members)
	if err != nil {
		return "", &etl.Trouble{
			Kind: etl.Contract, Message: fmt.Sprintf("%s: %v", t.what(), err), Try: "check the address for tokens",
		}
	}
	t.header, t.expires = "Bearer "+text, time.Time{}
	if lasts > 0 {
		t.expires = t.client.now().Add(lasts - min(time.Minute, lasts/10))
	}
	return t.header, nil
}

func (t *token) what() string { return "the sign-in at " + Display(t.grant.Address) }

// fetch signs in. No redirect is followed: a password goes to one address only.
func (t *token) fetch(ctx context.Context) (tokenAnswer, error) {
	what := t.what()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	request, err := t.request(ctx)
	if err != nil {
		return nil, badAddress(what)
	}
	response, err := t.client.send(ctx, t.client.strict, what, request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	decoder := json.NewDecoder(t.client.body(ctx, cancel, what, io.LimitReader(response.Body, 1<<20)))
	if response.StatusCode != http.StatusOK {
		return nil, t.refusal(what, response, decoder)
	}
	if _, err := JSON.check(what, response.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	var answer tokenAnswer
	err = decoder.Decode(&answer)
	var trouble *etl.Trouble
	switch {
	case errors.As(err, &trouble), ctx.Err() != nil:
		return nil, err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &etl.Trouble{Kind: etl.Passing, Message: what + ": the answer is cut off"}
	case err != nil:
		return nil, &etl.Trouble{Kind: etl.Contract, Message: what + ": the answer is no JSON object", Try: "check the address for tokens"}
	}
	return answer, nil
}

func (t *token) request(ctx context.Context) (*http.Request, error) {
	fields := map[string]string{"grant_type": "password", "username": t.grant.Username, "password": t.grant.Password}
	maps.Copy(fields, t.grant.Fields)
	kind, content := "application/x-www-form-urlencoded", []byte(nil)
	if t.grant.JSON {
		kind = "application/json"
		var err error
		if content, err = json.Marshal(fields); err != nil {
			return nil, err
		}
	} else {
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, value)
		}
		content = []byte(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.grant.Address, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "application/json")
	return request, nil
}

// tokenErrors are the codes that a token service may answer with (RFC 6749 §5.2, and
// what Auth0 says of a wrong password). Nothing else of its answer is shown.
var tokenErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	"invalid_user_password", "access_denied", "too_many_attempts",
}

// refusal classes a sign-in that was not accepted. By the RFC a wrong password is
// answered with 400, which elsewhere is a fault of the question.
func (t *token) refusal(what string, response *http.Response, decoder *json.Decoder) error {
	switch response.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
	default:
		return t.client.refusal(what, response)
	}
	trouble := &etl.Trouble{
		Kind: etl.Login, Message: what + ": it was not accepted", Try: "check user name and password, and what else the service wants with them",
	}
	var answer struct {
		Error string `json:"error"`
	}
	if decoder.Decode(&answer) == nil && slices.Contains(tokenErrors, answer.Error) {
		trouble.Message += " (" + answer.Error + ")"
	}
	return trouble
}

// tokenAnswer is what a token service answers.
type tokenAnswer map[string]any

// token is the token and how long it lasts; 0 for unknown.
func (a tokenAnswer) token(members []string) (text string, lasts time.Duration, err error) {
	if len(members) == 0 {
		members = []string{"access_token"}
	}
	for _, member := range members {
		found, _ := a[member].(string)
		text = cmp.Or(text, found)
	}
	if text == "" {
		return "", 0, fmt.Errorf("the answer has no %s", strings.Join(members, " or "))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", 0, errors.New("the token it sent is none")
	}
	seconds, _ := a["expires_in"].(float64) // 0 where it is missing or no number
	return text, time.Duration(min(max(seconds, 0), 1e9)) * time.Second, nil
}
