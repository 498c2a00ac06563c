//go:build unix

package main

import "golang.org/x/sys/unix"

// freeSpace is how many bytes a folder's disk has left for us.
func freeSpace(dir string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil
}
