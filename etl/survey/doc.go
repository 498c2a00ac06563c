// Package survey holds the contracts of the SMS satisfaction survey (SOURCES §2)
// and the parser that reads a score from what a citizen texted back. Name and
// address fields are in no contract and so are never stored.
//
// # What a score is
//
// A reply is a score when it holds one number 1-9 that counts nothing. Whether it does
// is read from the form of the reply, never from how kind its words are: a parser
// that knows more words of praise than of blame would raise the mean.
//
//   - Trimmings that are known stand on either side: greetings, thanks, "jeg giver",
//     "herfra", "af 9", "på skalaen", stars, emoji, a signature.
//   - What is parted from a number before it by a comma, dash, colon, exclamation mark,
//     bracket, "=", pictogram or new line is a remark: "8, dog lidt lang ventetid". So is
//     what is parted from a number at the end.
//   - Where only a blank follows, the next words decide. A number that counts is followed
//     by its plural, or after 1 its singular: adjectives, then a noun. It counts nothing
//     where a word follows that cannot begin or go on with such a phrase: a conjunction
//     ("fordi", "men", "pga"), a pronoun, a negation or quantifier ("2 ingen hjælp"), a
//     verb without its subject ("1 fik ingen hjælp"), a definite noun ("9 personalet var
//     venligt"), an adjective in the singular at the end or before a noun that comes in
//     no number ("8 god hjælp", "1 dårlig service").
//   - An adjective before a noun that can be counted is refused with every digit, "9 god
//     oplevelse" like "1 dårlig oplevelse". With 1 it may be "en dårlig oplevelse"; to
//     refuse the 1 alone would lose the unhappy.
//   - One point may make an ordinal ("4. gang") or an item of a list. What follows it must
//     begin a short sentence or be judgement through and through.
//   - A number that is spelled out is a score with trimmings, or parted from a remark;
//     before other words it counts: "to søde damer", "én af os". "et" is the score 1 alone.
//
// Refused besides: thanks behind a 1 ("1 stor tak", "1 knus": the article "en"), plain
// judgement from the other end of the scale ("1 god service", "9 - elendigt": an article,
// or the scale read upside down), four to six stars (good on the scales of reviews),
// hedges ("måske 9", "9, hvis …"), times, prices, dates and every second number.
//
// The rule that fired is named, also where there is no score.
package survey
