// Package convert turns rows of text, from wherever they come, into the typed and
// protected Arrow batches that the landing takes, and into rejected rows where
// they do not read. It is the one place where a source's values are interpreted
// and where privacy treatment is applied (DOMAIN §6): no source writes a value
// that has not passed through a Converter. It must not open files, speak to
// services or know a particular table.
package convert
