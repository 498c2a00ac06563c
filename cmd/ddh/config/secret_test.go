package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecretResolve(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"key": " s3cret\r\n", "empty": "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	getenv := func(name string) string { return map[string]string{"KEY": "fr0m env"}[name] }
	resolve := func(path string) string { return filepath.Join(dir, path) }
	for _, c := range []struct{ written, want, fault string }{
		{"env:KEY", "fr0m env", ""},
		{"env:OTHER", "", "the environment variable OTHER is not set"},
		{"file:key", "s3cret", ""},
		{"file:empty", "", "the secret file:empty is empty"},
		{"file:none", "", "read the secret file:none: "},
	} {
		secret, ok := parseSecret(c.written, resolve)
		if !ok {
			t.Fatalf("%s is refused", c.written)
		}
		got, err := secret.Resolve(getenv)
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.HasPrefix(err.Error(), c.fault) {
			t.Errorf("%s gives %q, %v", c.written, got, err)
		}
	}
	if _, err := (Secret{}).Resolve(getenv); err == nil {
		t.Error("no secret resolves")
	}
}

func TestSecretInClearIsRefused(t *testing.T) {
	for _, text := range []string{"", "hunter2", "env:", "env:a b", "env:1A", "file:", "file:  ", "ENV:KEY"} {
		if _, ok := parseSecret(text, func(path string) string { return path }); ok {
			t.Errorf("%q is taken for a reference", text)
		}
	}
}

func TestSecretPrintsItsReference(t *testing.T) {
	secret, _ := parseSecret("env:KEY", nil)
	encoded, err := json.Marshal(map[string]Secret{"key": secret})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%v %s %+v %#v %s", secret, secret, secret, secret, encoded)
	want := `env:KEY env:KEY env:KEY config.Secret("env:KEY") {"key":"env:KEY"}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestExposedSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	secret, _ := parseSecret("file:key", func(string) string { return path })
	if secret.Exposed() {
		t.Error("a file that is not there is exposed")
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: false, 0o644: true} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if got := secret.Exposed(); got != want {
			t.Errorf("%v: exposed is %v", mode, got)
		}
	}
}
