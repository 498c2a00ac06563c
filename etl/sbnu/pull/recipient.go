package pull

import (
	"slices"
	"strings"
)

// recipient reports whether a column of the use of guides tells to whom something was
// sent (SOURCES §3: never the recipient). It cannot be mapped to another column either.
func recipient(column string) bool {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-./", r) {
			return -1
		}
		return r
	}, strings.ToLower(column))
	for _, part := range []string{"recipient", "modtager", "receiver", "cpr", "msisdn", "phone", "telefon", "mobil", "citizenname", "borgernavn"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return slices.Contains(recipients, name)
}

// recipients are names that tell it only as a whole; an agent may well have an
// "agent_email".
var recipients = []string{"to", "til", "email", "epost", "mailaddress", "emailaddress", "mailadresse", "tlf", "number", "nummer", "sendto", "sentto", "sendttil"}
