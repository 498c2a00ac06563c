package survey

import "strings"

// class is what the form of a word says about a number that stands right before it.
// A number that counts is followed by what it counts: adjectives in the plural (or, after
// 1, in the singular) and a noun. So a word that cannot begin or continue such a
// phrase shows that the number counts nothing and stands alone.
type class uint8

const (
	other     class = iota // may be what is counted: "opkald", "søde", "samtale"
	closing                // a conjunction, pronoun, negation …: nothing counted follows here
	passing                // an adverb of degree, or a verb without its subject: what follows decides
	adjective              // an adjective that agrees with one thing: "god", "elendigt"
	mass                   // what comes in no number, or is definite: "hjælp", "ventetiden"
)

// classOf returns a word's class. Kind and unkind words are told apart nowhere here.
func classOf(text string) class {
	switch {
	case closingWords[text]:
		return closing
	case passingWords[text]:
		return passing
	case adjectives[text] || isAdjective(text):
		return adjective
	case isMass(text):
		return mass
	case isDefinite(text) && strings.HasSuffix(text, "et"):
		return passing // "personalet", and the participle "skuffet"
	case isDefinite(text):
		return mass
	}
	return other
}

// isAdjective knows the endings of adjectives in the singular, common or neuter, and
// of participles. "-e", the plural, is missing on purpose.
func isAdjective(text string) bool {
	if len(text) < shortestDerived {
		return false
	}
	for _, ending := range notAdjectives {
		if strings.HasSuffix(text, ending) {
			return false
		}
	}
	for _, ending := range adjectiveEndings {
		if strings.HasSuffix(text, ending) || strings.HasSuffix(text, ending+"t") {
			return true
		}
	}
	return strings.HasSuffix(text, "ende")
}

// isMass knows compounds of the nouns that come in no number: "telefonservice".
func isMass(text string) bool {
	for _, noun := range massNouns {
		if strings.HasSuffix(text, noun) {
			return true
		}
	}
	return false
}

// isDefinite knows nouns with the article at their end, which no number can count:
// "ventetiden", "personalet", "medarbejderne".
func isDefinite(text string) bool {
	if len(text) < shortestDerived {
		return false
	}
	for _, ending := range notDefinite {
		if strings.HasSuffix(text, ending) {
			return false
		}
	}
	for _, ending := range []string{"en", "et", "erne"} {
		if strings.HasSuffix(text, ending) {
			return true
		}
	}
	return false
}

// shortestDerived is in bytes: shorter words only look as if they had an ending.
const shortestDerived = 6

var (
	adjectiveEndings = []string{"ig", "som", "isk", "tiv", "siv", "ionel", "bar", "fuld", "løs"}
	notAdjectives    = []string{"årig", "fisk", "ligesom", "dersom", "såsom", "stativ", "motiv", "håndfuld", "mundfuld", "gående", "aldrig", "udseende", "anliggende", "henvendende", "kollektiv"}

	notDefinite = []string{
		"aften", "morgen", "køkken", "væsen", "våben", "eksamen", "lagen", "ørken", "orden", "frøken", "tallerken",
		"sten", "ben", "ven", "dagen", "ugen", "gangen", "timen", "måneden", "natten", "minuttet", "sekundet", "året",
		"igen", "siden", "inden", "sammen", "mellem", "enten",
		"verden", "bisken", "hvilket", "cigaret", "kabinet", "magnet", "etiket", "disket", "tablet", "kasket", "atlet", "profet",
		"itet", "billet", "toilet", "budget", "buffet", "paket", "tapet", "planet", "raket", "buket", "net", "andet", "antallet",
	}

	massNouns = []string{
		"hjælp", "service", "betjening", "behandling", "vejledning", "rådgivning", "bistand", "info", "information",
		"kommunikation", "ventetid", "svartid", "ekspedition", "support", "viden", "kompetence", "venlighed", "hjælpsomhed",
		"høflighed", "tålmodighed", "forståelse", "interesse", "professionalisme", "faglighed", "spildtid", "kritik", "forventning",
	}

	closingWords = set(`altid, både, mig, os, jer, dig, fordi, da, men, dog, selvom, eftersom, idet, skønt, trods, når, pga, grundet, uden, med, ingen, intet,
		ingenting, aldrig, hverken, alt, alle, jeg, hun, han, du, man, vi, det, de, den, min, mit, mine, jeres, deres, hans,
		hendes, dette, denne, hende, ham, dem, desværre, heldigvis, ellers, bortset, hvorfor, tak, takket`)
	passingWords = set(`meget, ret, rigtig, rigtigt, virkelig, virkeligt, super, mega, kanon, så, helt, ganske, temmelig, særlig,
		særligt, utrolig, utroligt, yderst, særdeles, ekstremt, total, totalt, fuldstændig, fuldstændigt, simpelthen, bare,
		kun, lidt, ikke, slet, for, al, absolut, mildest, talt, vildt, ualmindelig, ualmindeligt, hamrende, kort, fik, følte,
		føler, oplevede, mangler, manglede, savner, savnede, synes, syntes, hjalp, overhovedet`)

	// unfinished are passing words that say nothing where no other follows: "2 kort".
	unfinished = set(`kort, for, al, fik, følte, føler, så, talt`)

	// adjectives are the common ones without an ending that shows the class, with
	// comparatives and superlatives, kind and unkind alike.
	adjectives = set(`god, godt, bedre, bedst, bedste, dårlig, dårligere, dårligst, dårligste, værre, værst, værste, fin, fint,
		flot, ringe, ringere, ringest, sød, sødt, sur, surt, gnaven, rar, rart, træls, pæn, pænt, grim, grimt, klar, klart,
		uklar, uklart, dum, dumt, klog, klogt, smart, lang, langt, tynd, tyndt, svag, svagt, stærk, stærkt, kold, koldt,
		varm, varmt, let, svær, svært, hård, hårdt, blid, blidt, fair, unfair, ok, okay, fed, fedt, lækker, lækkert, trist,
		ked, glad, vred, vredt, tilfreds, utilfreds, tryg, trygt, utryg, utrygt, skøn, skønt, genial, genialt, tåbelig,
		normal, normalt, optimal, optimalt, fatal, fatalt, jævn, jævnt, perfekt, uperfekt, korrekt, ukorrekt, acceptabel,
		acceptabelt, uacceptabel, uacceptabelt, katastrofal, katastrofalt, skandaløs, sløj, sløjt, skidt, skuffet, lys, mørk,
		kompetent, inkompetent, arrogant, elegant, relevant, irrelevant, tolerant, intolerant, flink, flinkt, rolig, nem,
		nemt, besværlig, stresset, travl, travlt, doven, træt, nedern, nederen, pinlig, nice, cool, kedelig, sjov, sjovt,
		kikset, fladt, flad, tam, tamt, ussel, usselt, top, bund, middel, topmoderne, tiptop`)
)
