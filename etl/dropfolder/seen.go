package dropfolder

import (
	"crypto/sha256"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// seen remembers the hashes of files, so that an unchanged folder need not be read
// to find out that it is known. It is only a memory: without it, or with a damaged
// one, every file is read again. It belongs to one goroutine.
type seen struct {
	path   string // "" for no memory
	now    func() time.Time
	before map[string]mark // what was remembered, by file name
	after  map[string]mark // what is to be: only files that are still there
}

// mark is what tells that a file is the one that was hashed. Times are nanoseconds
// since 1970.
type mark struct {
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"`
	Changed  int64  `json:"changed"` // last change of any kind; 0 where the system does not tell
	File     uint64 `json:"file"`    // number of the file on its disk; 0 where the system does not tell
	Content  string `json:"content"` // hex SHA-256
}

// settled is how old a file's last change must be for its hash to be remembered. A
// younger file could change again within one tick of its disk's clock.
const settled = 3 * time.Second

// openSeen reads the memory, if there is one.
func openSeen(path string, now func() time.Time) *seen {
	s := &seen{path: path, now: now, before: map[string]mark{}, after: map[string]mark{}}
	if path == "" {
		return s
	}
	if text, err := os.ReadFile(path); err != nil || json.Unmarshal(text, &s.before) != nil {
		s.before = nil
	}
	return s
}

// recall returns the hash of a file that has not changed since it was taken.
func (s *seen) recall(info fs.FileInfo) (content string, ok bool) {
	m, ok := s.before[info.Name()]
	if !ok || len(m.Content) != 2*sha256.Size || m != newMark(info, m.Content) {
		return "", false
	}
	s.after[info.Name()] = m
	return m.Content, true
}

// remember takes note of a hash that was just taken; info is from before that.
func (s *seen) remember(info fs.FileInfo, content string) {
	if s.path == "" {
		return
	}
	m := newMark(info, content)
	if last := time.Unix(0, max(m.Modified, m.Changed)); s.now().Sub(last) >= settled {
		s.after[info.Name()] = m
	}
}

func newMark(info fs.FileInfo, content string) mark {
	m := mark{Size: info.Size(), Modified: info.ModTime().UnixNano(), Content: content}
	m.Changed, m.File = identity(info)
	return m
}

// save keeps the memory for the next time. That it cannot be kept costs time then,
// and nothing now.
func (s *seen) save() {
	if s.path == "" {
		return
	}
	text, err := json.Marshal(s.after)
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(s.path), 0o750) != nil {
		return
	}
	temp := s.path + ".tmp"
	if os.WriteFile(temp, text, 0o640) != nil || os.Rename(temp, s.path) != nil {
		_ = os.Remove(temp) // nothing is lost with it
	}
}
