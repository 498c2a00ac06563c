package config

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// resolved lets a secret pass through Resolve, as the program does, and takes it
// back when the test ends.
func resolved(t *testing.T, secrets ...string) {
	t.Helper()
	t.Cleanup(func() { masks.known, masks.pattern = nil, nil })
	for i, text := range secrets {
		secret, ok := parseSecret(fmt.Sprintf("env:SECRET_%d", i), nil)
		if !ok {
			t.Fatal("the reference is refused")
		}
		if got, err := secret.Resolve(func(string) string { return text }); err != nil || got != text {
			t.Fatalf("resolved %q, %v", got, err)
		}
	}
}

func TestMaskFindsEveryForm(t *testing.T) {
	const secret = `p@ss w/ørd:"100%"\+&=` // invented
	resolved(t, secret)
	quotedJSON, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is":       secret,
		"query":          url.QueryEscape(secret),
		"lower case":     strings.ToLower(url.QueryEscape("p@ss w/")) + url.QueryEscape(`ørd:"100%"\+&=`),
		"path":           url.PathEscape(secret),
		"userinfo":       url.UserPassword("ddh", secret).String(),
		"twice encoded":  url.QueryEscape(url.QueryEscape(secret)),
		"quoted":         fmt.Sprintf("%q", secret),
		"ASCII only":     fmt.Sprintf("%+q", secret),
		"JSON":           string(quotedJSON),
		"JSON in quotes": fmt.Sprintf("%q", quotedJSON),
	} {
		got := Mask("login failed for " + text + ".")
		if !strings.HasPrefix(got, "login failed for ") || !strings.HasSuffix(strings.TrimRight(got, `"\.`), masked) || strings.Contains(got, "100") {
			t.Errorf("%s: %s becomes %s", name, text, got)
		}
	}
}

func TestMaskFindsThePasswordOfAnAddress(t *testing.T) {
	for _, dsn := range []string{
		"sqlserver://ddh_reader:hunter2hunter@db.example.com:1433?database=ConnectCallData_1&encrypt=true",
		"server=db.example.com;user id=ddh_reader;password=hunter2hunter;database=ConnectCallData_1",
		"sqlserver://db.example.com?database=x&password=hunter2hunter",
	} {
		t.Run(dsn[:12], func(t *testing.T) {
			resolved(t, dsn)
			for _, text := range []string{dsn, "login error: 'hunter2hunter' is wrong", "parse " + dsn + ": no such host"} {
				if got := Mask(text); strings.Contains(got, "hunter2") || !strings.Contains(got, masked) {
					t.Errorf("%s becomes %s", text, got)
				}
			}
			if text := "login error for ddh_reader at db.example.com"; Mask(text) != text {
				t.Errorf("%q is masked: %s", text, Mask(text))
			}
		})
	}
}

func TestMaskPrefersTheLongest(t *testing.T) {
	resolved(t, "hunter", "hunter2")
	if got := Mask("hunter2 and hunter"); got != "*** and ***" {
		t.Error(got)
	}
}

func TestMaskLeavesTheRest(t *testing.T) {
	const text = "run 20261005T060000Z of ddh: 3 batches"
	if got := Mask(text); got != text {
		t.Errorf("without a secret: %s", got)
	}
	resolved(t, "ddh", "0123456789abcdef")
	if got := Mask(text); got != text {
		t.Errorf("a secret of three letters spoils %s", got)
	}
}

// hideaway holds a secret where a log does not expect one.
type hideaway struct{ URL *url.URL }

func (h hideaway) Error() string { return "GET " + h.URL.String() }

type late string

func (l late) LogValue() slog.Value { return slog.GroupValue(slog.String("inner", string(l))) }

func TestNoSecretReachesALogLine(t *testing.T) {
	const secret = `k/9 "x"ø%zz` // invented
	resolved(t, secret)
	address := &url.URL{Scheme: "https", Host: "example.dk", User: url.UserPassword("ddh", secret), RawQuery: url.Values{"key": {secret}}.Encode()}
	wrapped := fmt.Errorf("source survey: %w", errors.Join(errors.New(secret), hideaway{address}))
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		var handler slog.Handler = slog.NewTextHandler(&out, nil)
		if format == "json" {
			handler = slog.NewJSONHandler(&out, nil)
		}
		log := slog.New(MaskLog(handler))
		log.Info("opened "+secret, "error", wrapped, "dsn", address.String(), slog.Group("g", "password", secret, "n", 7))
		log.With("token", secret).WithGroup("g").Warn("again", "late", late(secret), "list", []string{secret}, "struct", hideaway{address})
		log.LogAttrs(context.Background(), slog.LevelError, "bytes", slog.Any(secret, wrapped))
		text := out.String()
		if strings.Count(text, "\n") != 3 || strings.Count(text, masked) < 10 || !strings.Contains(text, "7") {
			t.Errorf("%s: the log is not what was said: %s", format, text)
		}
		for _, part := range []string{"k/9", "k%2F9", "x%22", "ø%", "zz"} {
			if strings.Contains(text, part) {
				t.Errorf("%s: %q is in the log: %s", format, part, text)
			}
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("hunter2hunter2", "before", "after")
	f.Add("a+b c/d%e", "%", "=")
	f.Add("\xff\xfe\xfd\xfc", "", "")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len([]rune(secret)) < leastMasked || strings.ContainsRune(masked, []rune(secret)[0]) {
			return
		}
		resolved(t, secret)
		for _, text := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), url.UserPassword("u", secret).String()} {
			if got := Mask(before + " " + text + " " + after); strings.Contains(strings.TrimSuffix(strings.TrimPrefix(got, before), after), text) {
				t.Errorf("%q is left in %q", text, got)
			}
		}
	})
}
