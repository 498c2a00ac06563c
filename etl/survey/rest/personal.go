package rest

import "strings"

// personal reports whether a member of an item tells who the citizen is, where he
// lives, or whatever else somebody has sent along with the question (SOURCES §2). Such
// members are not handed out, not even among rows that are refused.
func personal(member string) bool {
	member = strings.ToLower(strings.TrimSpace(member))
	switch member {
	case "name", "address", "street", "housenumber", "entry", "postnumber", "postarea":
		return true
	}
	return strings.HasPrefix(member, "extraparam")
}
