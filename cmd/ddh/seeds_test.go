//go:build !campaign

package main

// historySeeds make the random histories of the usual tests; the campaign has more.
var historySeeds = []uint64{3}
