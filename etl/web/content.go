package web

import (
	"fmt"
	"mime"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Content is a kind of answer: what is asked for, and the media types as which it
// may come. Many services send rows as plain text or as a file without a type; what
// they hold is then seen on reading. A page is never rows.
type Content struct {
	accept string
	types  []string
	suffix string
}

// The kinds of answers that have readers.
var (
	JSON = Content{"application/json", []string{"application/json", "text/json", "text/plain", "application/octet-stream"}, "+json"}
	CSV  = Content{
		"text/csv",
		[]string{"text/csv", "application/csv", "text/comma-separated-values", "text/plain", "application/octet-stream", "application/vnd.ms-excel"},
		"",
	}
)

// check refuses an answer of another kind and returns the declared character set.
func (c Content) check(what, header string) (charset string, err error) {
	if header == "" {
		return "", nil
	}
	media, parameters, err := mime.ParseMediaType(header)
	if err == nil && (slices.Contains(c.types, media) || c.suffix != "" && strings.HasSuffix(media, c.suffix)) {
		return strings.ToLower(parameters["charset"]), nil
	}
	trouble := &etl.Trouble{
		Kind: etl.Contract, Message: fmt.Sprintf("%s sent something else than %s", what, c.accept), Try: "check the address and the format",
	}
	if media == "text/html" {
		trouble.Message = fmt.Sprintf("%s sent a web page instead of %s, as one to sign in on is", what, c.accept)
		trouble.Try = "check the address, and that the account may be used without a browser"
	}
	return "", trouble
}
