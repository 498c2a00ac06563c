// Package service holds the web services of the simulated hotline: a Survey API and a
// guide library, real servers with TLS on the loopback, for tests and for a demo over
// the network. They have a clock that can be set, and faults that can be ordered and
// are counted. They serve the rows they are given, make none up, and know nothing of
// those who read them.
package service
