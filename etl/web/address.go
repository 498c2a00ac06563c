package web

import (
	"net/url"
	"strings"
)

// Display is an address as errors and logs may show it: host and path, without user
// and query, where secrets live.
func Display(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that cannot be read"
	}
	const most = 200
	text := u.Host + strings.TrimSuffix(u.EscapedPath(), "/")
	if len(text) > most {
		text = text[:most] + "…"
	}
	return text
}
