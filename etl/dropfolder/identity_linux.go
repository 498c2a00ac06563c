package dropfolder

import (
	"io/fs"
	"syscall"
)

// identity returns when anything about a file last changed, which no program can
// set, in nanoseconds since 1970, and the file's number on its disk.
func identity(info fs.FileInfo) (changed int64, file uint64) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0
	}
	return stat.Ctim.Nano(), stat.Ino
}
