package survey

import "strings"

// phrase is one trimming that people put round a score.
type phrase struct {
	rule  string // what a reply with this trimming is named
	joins bool   // wants something after it ("tak for"), so the score cannot follow directly
	count bool   // something the number may count: "1 samtale", "2 søde"
	first bool   // nothing may be said before it: "I er nr. 1"
	side  side
}

// side says on which side of the score a phrase may stand.
type side uint8

const (
	either side = iota
	before
	after
)

// longestPhrase is the number of words of the longest entry in phrases.
const longestPhrase = 5

// phrases is the closed vocabulary of trimmings, in lower case with single blanks.
var phrases = func() map[string]phrase {
	all := map[string]phrase{}
	add := func(p phrase, list string) {
		for entry := range strings.SplitSeq(list, ",") {
			all[strings.Join(strings.Fields(entry), " ")] = p
		}
	}
	add(phrase{rule: ruleGreeting}, `hej, hej med jer, hej med dig, hejsa, hejhej, hey, hallo, goddag, godmorgen, god morgen, godaften,
		god aften, god eftermiddag, ja, jep, yes, jo, farvel, god dag, go dag, go weekend, god weekend,
		rigtig god dag, fortsat god dag, hav en god dag, ha en god dag, ok, okay, okey, nå`)
	add(phrase{rule: ruleThanks}, `tak, takker, tusind, tusinde, mange, tak skal du have, tak skal i have, selv tak,
		i lige måde, lige måde, thanks, thx, thank you, på forhånd`)
	add(phrase{rule: ruleTrimmed, joins: true}, `for, for en, for et, med, med en, og, og en, af, til, den, det, din, dit,
		jeres, hendes, hans`)
	add(phrase{rule: ruleJudgement}, `hjælp, hjælpen, service, servicen, betjening, betjeningen, snakken, samtalen,
		behandling, behandlingen, vejledning, vejledningen, rådgivning, rådgivningen, info, information,
		informationen, oplevelsen, indsats, indsatsen, forklaringen`)
	add(phrase{rule: ruleJudgement, count: true}, `snak, samtale, oplevelse, forklaring, gode, fantastiske, tilfredse,
		hurtige, venlige, hjælpsomme, søde, dårlige, professionelle, kompetente, flinke`)
	add(phrase{rule: ruleJudgement}, `god, godt, bedre, rigtig, rigtigt, super, fantastisk,
		meget, mega, virkelig, så, utrolig, utroligt, dejlig, dejligt, fin, fint, fine, flot,
		perfekt, top, tops, topkarakter, topklasse, i top, helt i top, tilfreds, utilfreds,
		tilfredsstillende, utilfredsstillende, hurtig, hurtigt, effektiv, effektivt, professionel,
		professionelt, kompetent, venlig, venligt, hjælpsom, sød, sødt,
		imødekommende, behagelig, behageligt, høflig, høfligt, flink, rar, rart, klar, klart, stor, stort,
		kæmpe, fremragende, glimrende, udmærket, upåklagelig, upåklageligt, ekstremt, yderst, særdeles,
		total, totalt, helt, absolut, bestemt, helt sikkert, helt klart, rent, dårlig, dårligt,
		elendig, elendigt, skuffende, skuffet, skidt, under al kritik, ikke tilfreds, ikke så tilfreds,
		ikke særlig tilfreds, slet ikke tilfreds, ikke godt, ikke så godt, ikke god, ikke særlig god,
		desværre, kun, kanon, alletiders, skønt, herligt, genialt, wow, bravo, alt ok, alt godt, alt fint,
		alt i orden, i orden, kan ikke blive bedre, kunne ikke være bedre, kunne ikke blive bedre,
		det kunne ikke være bedre, intet at klage over, ingen klager, kan ikke blive værre, kunne ikke være værre,
		kunne ikke blive værre, kunne ikke være dårligere, intet at rose, ingen ros,
		øv, æv, føj, suk, bundkarakter, bundklasse, katastrofe, skandale, kaos, makværk, lort, skuffelse, fiasko,
		spild af tid, tidsspilde`)
	add(phrase{rule: ruleJudgement, joins: true}, `hun var, han var, du var, i var, de var, hun er, han er, du er, i er,
		det var, det er, jeg er, jeg var, jeg blev, vi er, vi var, alt var`)
	add(phrase{rule: ruleAttribution}, `herfra, her fra, fra mig, fra os, fra min side`)
	add(phrase{rule: ruleAttribution, side: after}, `af mig, i karakter,
		som karakter, som score, i score, til jer, til dig, til hende, til ham, til damen, til manden`)
	add(phrase{rule: rulePoints, side: after}, `stjerne, stjerner, point, points, mulige`)
	add(phrase{rule: ruleDigitNoun, side: after}, `tal, taller`)
	add(phrase{rule: ruleDigitNoun, side: before}, `en, et`)
	add(phrase{rule: ruleLabel, side: before}, `svar, mit svar, mit svar er, svaret er, score, scoren, scoren er, min score,
		min score er, karakter, karakteren, karakteren er, min karakter, min karakter er, tilfredshed,
		min tilfredshed, min tilfredshed er, tilfredsheden er, vurdering, min vurdering, min vurdering er,
		bedømmelse, min bedømmelse, min bedømmelse er, samlet`)
	add(phrase{rule: ruleLabel, side: before, first: true}, `nr, nummer`)
	add(phrase{rule: ruleGive, side: before}, `giver, gir, vi giver, jeg giver, jeg gir, jeg vil give, vil give, vi vil give,
		jeg giver jer, jeg giver dig, jeg giver hende, jeg giver ham,
		jeg giver damen, jeg giver servicen, jeg vil give jer, giver jer, giver dig, jeg siger, siger, vi siger,
		jeg vil sige, vil sige, jeg synes, jeg syntes, jeg mener, jeg svarer, jeg vælger, jeg scorer, i får,
		du får, hun får, han får, de får, den får, det får, det bliver, det bliver til, det må blive,
		i skal have, du skal have, hun skal have, det er en, det er et`)
	add(phrase{rule: ruleGive}, `giver jeg, vil jeg give, får i, får du, får hun, får han`)
	add(phrase{rule: ruleGive, side: after}, `vil jeg sige, siger jeg, synes jeg, er min karakter,
		er mit svar, er min score, er min vurdering`)
	return all
}()

// signatures begin the sender's name, or the telephone's.
var signatures = set(`mvh, vh, kh, dbh, hilsen, hilsner, venlig hilsen, med venlig hilsen, mange hilsner, de bedste hilsner,
	sendt fra min, sent from my`)

// hedges are words that leave the number open.
var hedges = set(`måske, ca, cirka, omkring, næsten, mindst, højst, vel, nok, over, under, minus, plus, ikke, aldrig, eller,
	sikkert, vist, tror, mellem, ved, ingen, nej, knap, nærmest`)

// timeUnits, moneyUnits and months tell what a number beside them counts.
var (
	timeUnits = set(`min, mins, minut, minutter, minutters, time, timer, timers, sek, sekund, sekunder, dag, dage, dages,
		uge, uger, ugers, md, mdr, måned, måneder, år, års, døgn`)
	clockWords = set(`kl, klokken, klokka`)
	moneyUnits = set(`kr, kroner, krone, kroners, dkk, euro, eur, øre`)
	moneyMarks = set(`€, $, £`)
	months     = set(`januar, februar, marts, april, maj, juni, juli, august, september, oktober, november, december,
		jan, feb, mar, apr, jun, jul, aug, sep, sept, okt, nov, dec`)
)

// set reads a comma-separated list.
func set(list string) map[string]bool {
	all := map[string]bool{}
	for entry := range strings.SplitSeq(list, ",") {
		all[strings.Join(strings.Fields(entry), " ")] = true
	}
	return all
}
