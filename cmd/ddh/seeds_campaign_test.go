//go:build campaign

package main

// historySeeds make the campaign's random histories.
var historySeeds = []uint64{3, 14, 15, 92, 65, 35}
