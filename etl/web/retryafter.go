package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longest is more than any service asks in earnest to be left alone.
const longest = 7 * 24 * time.Hour

// retryAfter is how long a service asks to be left alone, in seconds or until a
// date (RFC 9110 §10.2.3); 0 where it does not say. A date counts from the service's
// own clock, which it names beside it, so that a clock that is wrong does no harm.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(0, min(until.Sub(now), longest))
}
