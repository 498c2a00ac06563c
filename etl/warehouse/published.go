package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Published says which read copy was opened.
type Published struct {
	Path string
	Run  string    // run that published it
	At   time.Time // when
}

// ErrNothingPublished is what readers get before the first Publish.
var ErrNothingPublished = errors.New("nothing has been published yet")

// OpenPublished opens the current read copy of a folder. It needs no lock and keeps
// no writer out. A copy that is replaced while it is open stays readable.
func OpenPublished(ctx context.Context, dir string) (*sql.DB, Published, error) {
	name, err := readPointer(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, Published{}, fmt.Errorf("published folder %s: %w", dir, ErrNothingPublished)
	}
	if err != nil {
		return nil, Published{}, fmt.Errorf("published folder %s: %w", dir, err)
	}
	db, p, err := openCopy(ctx, filepath.Join(dir, name))
	if err == nil {
		return db, p, nil
	}
	// Two publications between reading the pointer and opening remove the copy.
	if moved, again := readPointer(dir); again == nil && moved != name {
		return openCopy(ctx, filepath.Join(dir, moved))
	}
	return nil, Published{}, err
}

func openCopy(ctx context.Context, path string) (*sql.DB, Published, error) {
	db, err := connectReadOnly(path)
	if err != nil {
		return nil, Published{}, err
	}
	p := Published{Path: path}
	err = db.QueryRowContext(ctx, "select run, published_at from meta.published").Scan(&p.Run, &p.At)
	if err != nil {
		return nil, Published{}, errors.Join(fmt.Errorf("read copy %s: %w", path, err), db.Close())
	}
	return db, p, nil
}

// readPointer returns the file name of the current copy.
func readPointer(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, pointerFile))
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(text))
	if name == "" || name != filepath.Base(name) {
		return "", fmt.Errorf("%s does not hold a file name", filepath.Join(dir, pointerFile))
	}
	return name, nil
}
