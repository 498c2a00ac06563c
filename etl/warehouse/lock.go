package warehouse

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// LockedError says who holds the warehouse.
type LockedError struct {
	Path   string // of the warehouse
	Holder Holder // zero where the holder has not yet written who it is
}

// Holder is the process that holds the warehouse. The lock file has its JSON
// from the second byte on.
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
		e.Holder.Command, e.Holder.PID, e.Holder.Host, danishTime(e.Holder.Since))
}

// danishTime is a moment on the hotline's clocks, which need not be this machine's.
func danishTime(at time.Time) string {
	if zone, err := time.LoadLocation("Europe/Copenhagen"); err == nil {
		at = at.In(zone)
	}
	return at.Format("2006-01-02 15:04:05")
}

// lock is a lock on <path>.lock. The system drops it when the process dies, so a crash
// leaves no stale lock; what the file then still says is not read.
type lock struct{ file *flock.Flock }

// holderAt is where the holder's JSON begins: Windows keeps others from reading the
// byte that is locked, which is the first.
const holderAt = 1

func acquire(path, command string, now time.Time) (*lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("warehouse %s: make folder: %w", path, err)
	}
	file := flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o640))
	locked, err := file.TryLock()
	if err == nil && !locked {
		return nil, errors.Join(&LockedError{Path: path, Holder: readHolder(file.Path())}, file.Close())
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
	file, err := os.OpenFile(l.file.Path(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(text, holderAt)
	return errors.Join(err, file.Truncate(holderAt+int64(len(text))), file.Close())
}

// readHolder reads who holds the lock: nobody who could be named where that has not
// been written yet.
func readHolder(path string) (h Holder) {
	file, err := os.Open(path)
	if err != nil {
		return Holder{}
	}
	defer func() { _ = file.Close() }() // was only read
	const longest = 4096
	if err := json.NewDecoder(io.NewSectionReader(file, holderAt, longest)).Decode(&h); err != nil {
		return Holder{}
	}
	return h
}

// release gives up the lock; the file stays.
func (l *lock) release() error { return l.file.Close() }
