// Package privacy is what stands between a source and the disk (DOMAIN §6): it
// brings phone numbers to one form, turns them into keyed pseudonyms and masks
// CPR numbers, phone numbers and e-mail addresses in free text. It must not read
// or write anything, know any table, or keep a number longer than its cache.
package privacy
