package config

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Secret is where a secret is kept. It never holds the secret itself, so it can be
// printed, logged and encoded.
type Secret struct {
	variable string // name in the environment
	file     string // path
	written  string // as the configuration has it
}

// variableName is what an environment variable may be called.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseSecret reads env:NAME or file:PATH. What is neither may be the secret itself,
// and is in no error.
func parseSecret(text string, resolve func(path string) string) (Secret, bool) {
	if name, ok := strings.CutPrefix(text, "env:"); ok && variableName.MatchString(name) {
		return Secret{variable: name, written: text}, true
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok && strings.TrimSpace(path) != "" {
		return Secret{file: resolve(path), written: text}, true
	}
	return Secret{}, false
}

// String is the reference as it was written, "env:NAME"; "" for no secret.
func (s Secret) String() string { return s.written }

// GoString is String: %#v must show no more.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.written) }

// MarshalText is String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.written), nil }

// Set reports whether the configuration names the secret.
func (s Secret) Set() bool { return s.written != "" }

// Resolve reads the secret. Blanks and line ends round what a file holds are cut off.
// From then on Mask finds it.
func (s Secret) Resolve(getenv func(string) string) (string, error) {
	value, err := s.read(getenv)
	if err == nil {
		hide(value)
	}
	return value, err
}

func (s Secret) read(getenv func(string) string) (string, error) {
	if s.variable != "" {
		if value := getenv(s.variable); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("the environment variable %s is not set", s.variable)
	}
	if s.file == "" {
		return "", fmt.Errorf("no secret is configured")
	}
	data, err := os.ReadFile(s.file)
	if err != nil {
		return "", fmt.Errorf("read the secret %s: %w", s.written, err)
	}
	value := strings.TrimSpace(string(data))
	if value == "" {
		return "", fmt.Errorf("the secret %s is empty", s.written)
	}
	return value, nil
}

// Exposed reports whether the secret is a file that other users of the machine can
// read: worth a warning.
func (s Secret) Exposed() bool {
	const others = 0o004
	if s.file == "" {
		return false
	}
	info, err := os.Stat(s.file)
	return err == nil && info.Mode().Perm()&others != 0
}
