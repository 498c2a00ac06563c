package world

import (
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/simulate/clock"
)

// Municipality is a municipality as the simulation needs it. Network is empty for
// those that are no member of the contact centre.
type Municipality struct {
	Code, Name, Region, Network string
	Population                  int // 1 January 2026; Danmarks Statistik (FOLK1A)
}

// joinerCode is the member that joins while the simulation runs.
const joinerCode = "0330"

// municipalities are the 27 contact-centre members named in DOMAIN §2, four more
// that make up the 31, and a few that only use other services or none.
var municipalities = []Municipality{
	{"0849", "Jammerbugt", "Region Nordjylland", "Nord", 37998},
	{"0779", "Skive", "Region Midtjylland", "Nord", 44104},
	{"0665", "Lemvig", "Region Midtjylland", "Nord", 18596},
	{"0840", "Rebild", "Region Nordjylland", "Nord", 31280},
	{"0671", "Struer", "Region Midtjylland", "Nord", 20122},
	{"0820", "Vesthimmerlands", "Region Nordjylland", "Nord", 35632},
	{"0860", "Hjørring", "Region Nordjylland", "Nord", 62979},
	{"0813", "Frederikshavn", "Region Nordjylland", "Nord", 57523},
	{"0773", "Morsø", "Region Nordjylland", "Nord", 19344},
	{"0706", "Syddjurs", "Region Midtjylland", "Midt", 44394},
	{"0707", "Norddjurs", "Region Midtjylland", "Midt", 36477},
	{"0710", "Favrskov", "Region Midtjylland", "Midt", 49773},
	{"0746", "Skanderborg", "Region Midtjylland", "Midt", 66352},
	{"0741", "Samsø", "Region Midtjylland", "Midt", 3617},
	{"0756", "Ikast-Brande", "Region Midtjylland", "Midt", 43305},
	{"0791", "Viborg", "Region Midtjylland", "Midt", 97874},
	{"0727", "Odder", "Region Midtjylland", "Midt", 24310},
	{"0615", "Horsens", "Region Midtjylland", "Midt", 98806},
	{"0751", "Aarhus", "Region Midtjylland", "Midt", 378361},
	{"0240", "Egedal", "Region Hovedstaden", "Øst", 46240},
	{"0210", "Fredensborg", "Region Hovedstaden", "Øst", 42445},
	{"0316", "Holbæk", "Region Sjælland", "Øst", 75009},
	{"0306", "Odsherred", "Region Sjælland", "Øst", 31988},
	{"0169", "Høje-Taastrup", "Region Hovedstaden", "Øst", 60458},
	{"0250", "Frederikssund", "Region Hovedstaden", "Øst", 47450},
	{"0190", "Furesø", "Region Hovedstaden", "Øst", 42874},
	{"0260", "Halsnæs", "Region Hovedstaden", "Øst", 31738},
	{"0253", "Greve", "Region Sjælland", "Øst", 54120},
	{"0259", "Køge", "Region Sjælland", "Øst", 63962},
	{"0265", "Roskilde", "Region Sjælland", "Øst", 92697},
	{"0330", "Slagelse", "Region Sjælland", "Øst", 80959},
	{"0270", "Gribskov", "Region Hovedstaden", "", 41787},
	{"0846", "Mariagerfjord", "Region Nordjylland", "", 41541},
	{"0350", "Lejre", "Region Sjælland", "", 29879},
	{"0269", "Solrød", "Region Sjælland", "", 25040},
	{"0320", "Faxe", "Region Sjælland", "", 38143},
	{"0329", "Ringsted", "Region Sjælland", "", 36010},
}

// Member reports whether a municipality belongs to the contact centre on a day.
func (w *World) Member(municipality int, d clock.Day) bool {
	m := w.Municipalities[municipality]
	return m.Network != "" && (m.Code != joinerCode || d >= w.Joins)
}

// slug is a name as it appears in queue keys and mail addresses.
func slug(name string) string {
	return strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "Æ", "ae", "Ø", "oe", "Å", "aa", " ", ".").
		Replace(strings.ToLower(name))
}
