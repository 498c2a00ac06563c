// Package web asks services for rows over HTTP: one client with the time limits,
// the checks and the manners that all of them need, and readers that make rows of
// what comes (SOURCES §2 b, §3). It classes every failure as an etl.Trouble and tries
// nothing again but what a renewed token may mend; retrying is the windowed engine's.
// It knows no particular service, writes nothing to disk, and puts neither secrets
// nor anything of an answer's content into an error.
package web
