package warehouse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// LockedError says who holds the warehouse.
type LockedError struct {
	Path   string // of the warehouse
	Holder Holder // zero where the holder has not yet written who it is
}

// Holder is the process that holds the warehouse. The lock file is its JSON.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("warehouse %s is locked by another process", e.Path)
	}
	return fmt.Sprintf("warehouse %s is locked by %q (process %d on %s, since %s)", e.Path,
		e.Holder.Command, e.Holder.PID, e.Holder.Host, e.Holder.Since.Format("2006-01-02 15:04:05"))
}

// lock is an flock on <path>.lock. The kernel drops it when the process dies, so a
// crash leaves no stale lock; what the file then still says is not read.
type lock struct{ file *os.File }

func acquire(path, command string, now time.Time) (*lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("warehouse %s: make folder: %w", path, err)
	}
	file, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("warehouse %s: open lock file: %w", path, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(&LockedError{Path: path, Holder: readHolder(file)}, file.Close())
	}
	l := &lock{file: file}
	if err == nil {
		err = l.describe(command, now)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("warehouse %s: lock: %w", path, err), file.Close())
	}
	return l, nil
}

// describe writes who holds the lock, for those it keeps out.
func (l *lock) describe(command string, now time.Time) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Command: command, Since: now})
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(text, 0)
	return err
}

func readHolder(file io.Reader) Holder {
	var h Holder
	if err := json.NewDecoder(file).Decode(&h); err != nil {
		return Holder{}
	}
	return h
}

// release gives up the lock; closing the file is what does it.
func (l *lock) release() error { return l.file.Close() }
