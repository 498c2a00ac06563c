package warehouse

import "strings"

// signsOfDamage are what DuckDB says of a file that is cut off, overwritten or none of
// its own. It has no kind of error for them.
var signsOfDamage = []string{
	"it is not a valid DuckDB database file",
	"Corrupt database file",
	"Could not read enough bytes from file",
	"Failed to deserialize",
	"INTERNAL Error",
	"FATAL Error",
}

// IsDamage tells whether an error means that a DuckDB file is damaged. Such a
// warehouse, or its read copy, is made anew from the landing by Rebuild.
func IsDamage(err error) bool {
	if err == nil {
		return false
	}
	text := err.Error()
	for _, sign := range signsOfDamage {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
