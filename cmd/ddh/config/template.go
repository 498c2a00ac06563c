package config

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed ddh.toml
var template string

// keyFile is where a new project keeps its pseudonym key, beside the configuration.
const keyFile = ".pseudonym_key"

// New is what a new project is told.
type New struct {
	PseudonymKey string // random, long enough for privacy.New; written to a file of its own
	Simulated    bool
	Contact      string
}

// Text is the configuration of a new project, ready to edit.
func (n New) Text() string {
	return strings.NewReplacer(
		"simulated = false", "simulated = "+strconv.FormatBool(n.Simulated),
		`contact = ""`, "contact = "+quoted(n.Contact),
	).Replace(template)
}

// quoted is a TOML string.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Write makes dir and puts the configuration and the pseudonym key into it. A
// configuration that is there already is an error that wraps fs.ErrExist, and
// nothing is changed; a key that is there already is kept, because another one would
// part every caller from the calls before.
func (n New) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the project folder: %w", err)
	}
	if err := writeNew(filepath.Join(dir, FileName), n.Text(), 0o644); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	err := writeNew(filepath.Join(dir, keyFile), n.PseudonymKey+"\n", 0o600)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write the pseudonym key: %w", err)
	}
	return nil
}

// writeNew writes a file that is not there yet.
func writeNew(name, text string, mode fs.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
