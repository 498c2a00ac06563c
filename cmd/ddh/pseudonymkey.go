package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl/privacy"
)

// key reads the pseudonym key and warns where others can read it too. See readKey.
func (p *project) key() (*privacy.Key, error) {
	key, err := p.readKey()
	if p.config.PseudonymKey.Exposed() {
		p.app.warnf("pseudonym_key: other users of this machine can read %s; try chmod 600", p.config.PseudonymKey)
	}
	return key, err
}

// readKey reads the pseudonym key and refuses one that the landing was not written
// with: every caller and every dialled number would become another.
func (p *project) readKey() (*privacy.Key, error) {
	secret, err := p.config.PseudonymKey.Resolve(p.app.getenv)
	if err != nil {
		return nil, p.keyFault(err)
	}
	key, err := privacy.New([]byte(secret))
	if err != nil {
		return nil, p.keyFault(err)
	}
	if _, err := p.isKept(key); err != nil {
		return nil, err
	}
	return key, nil
}

// keyFault says what to do about a key that is of no use. Where something has landed a
// new key is the worst remedy.
func (p *project) keyFault(err error) error {
	try := fmt.Sprintf("set it to a random text of at least %d characters and keep a copy: without it callers cannot be recognised again", privacy.MinKey)
	if p.hasLanded() {
		try = "restore the key from the backup: no other recognises the callers and numbers that have landed; to begin anew, name an empty data_dir"
	}
	return &usageError{err: fmt.Errorf("pseudonym_key: %w", err), try: try}
}

// hasLanded tells whether anything was ever landed. A landing that cannot be read
// counts: another key is no remedy then.
func (p *project) hasLanded() bool {
	entries, err := os.ReadDir(p.config.LandingDir())
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return slices.ContainsFunc(entries, fs.DirEntry.IsDir) // a folder for each source
}

// fingerprintPath is the file that tells which key the landing was written with. It
// lies in the landing, so that a backup of the one has the other.
func (p *project) fingerprintPath() string {
	return filepath.Join(p.config.LandingDir(), "pseudonym-key.fingerprint")
}

// isKept tells whether the landing has this key's fingerprint. The error is for a
// landing that was written with another key.
func (p *project) isKept(key *privacy.Key) (bool, error) {
	text, err := os.ReadFile(p.fingerprintPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read the pseudonym key's fingerprint: %w", err)
	case strings.TrimSpace(string(text)) == key.Fingerprint():
		return true, nil
	case !p.hasLanded():
		return false, nil
	}
	return false, p.keyFault(fmt.Errorf(
		"the key in %s is not the one that the landing %s was written with", p.config.PseudonymKey, p.config.LandingDir()))
}

// keepFingerprint notes the key that the landing is about to be written with. A landing
// from before there were fingerprints takes the first key that comes. The caller holds
// the warehouse's lock.
func (p *project) keepFingerprint(key *privacy.Key) error {
	kept, err := p.isKept(key)
	if err != nil || kept {
		return err
	}
	if err := os.MkdirAll(p.config.LandingDir(), 0o750); err != nil {
		return fmt.Errorf("make the landing: %w", err)
	}
	return replaceFile(p.fingerprintPath(), private, func(out io.Writer) error {
		_, err := fmt.Fprintln(out, key.Fingerprint())
		return err
	})
}
