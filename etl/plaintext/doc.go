// Package plaintext finds out how a text file is written, its encoding and its line
// ends, and hands it out as UTF-8 with line feeds. The decision is made once for a whole
// file, by what all of its bytes are: one broken character does not make another code
// page of it. The package knows nothing of rows, columns or contracts.
package plaintext
