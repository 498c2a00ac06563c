package config

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// masks finds the secrets that this process has resolved. It belongs to the process,
// as its output does: a driver or a library that is handed a secret may bring it back
// in an error that passes through code which knows of no configuration.
var masks struct {
	sync.RWMutex
	known   []string
	pattern *regexp.Regexp // nil: no secret is known
}

// masked is what stands in the place of a secret.
const masked = "***"

// leastMasked is the length, in characters, from which a secret is masked. What is
// shorter stands in every other word, and keeps no secret anyway.
const leastMasked = 4

// hide lets Mask find a secret from now on; of an address or a connection string the
// password in it as well.
func hide(secret string) {
	masks.Lock()
	defer masks.Unlock()
	for _, s := range append(passwords(secret), secret) {
		if utf8.RuneCountInString(s) >= leastMasked && !slices.Contains(masks.known, s) {
			masks.known = append(masks.known, s)
		}
	}
	if len(masks.known) == 0 {
		return
	}
	// The longest first: a secret may begin with another.
	slices.SortFunc(masks.known, func(a, b string) int { return len(b) - len(a) })
	forms, plain := make([]string, len(masks.known)), make([]string, len(masks.known))
	for i, s := range masks.known {
		forms[i], plain[i] = form(s), regexp.QuoteMeta(s)
	}
	pattern, err := regexp.Compile(strings.Join(forms, "|"))
	if err != nil { // a file of many kilobytes is too much for all its forms
		pattern = regexp.MustCompile(strings.Join(plain, "|"))
	}
	masks.pattern = pattern
}

// passwordKey finds the password in a connection string of keys and values.
var passwordKey = regexp.MustCompile(`(?i)(?:^|[;&?])\s*(?:password|pwd)\s*=\s*([^;&]*)`)

// passwords are the parts of a secret that are one by themselves.
func passwords(secret string) []string {
	var all []string
	for _, m := range passwordKey.FindAllStringSubmatch(secret, -1) {
		all = append(all, strings.TrimSpace(m[1]))
		if plain, err := url.QueryUnescape(m[1]); err == nil {
			all = append(all, plain)
		}
	}
	if u, err := url.Parse(secret); err == nil && u.User != nil {
		if password, ok := u.User.Password(); ok {
			all = append(all, password)
		}
	}
	return all
}

// form is a pattern of a secret as it may come back: as it is, percent-encoded in
// whole or in part, once or twice, as in a query or in the user name and password of
// an address, and escaped as in a quoted or JSON text.
func form(secret string) string {
	var b strings.Builder
	for rest := secret; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest) // of no rune the pattern is that of a lone byte
		octets := rest[:size]
		rest = rest[size:]
		ways := []string{`\\*` + regexp.QuoteMeta(string(r)), `\\+u` + anyCase(fmt.Sprintf("%04x", r))}
		var encoded strings.Builder
		for _, octet := range []byte(octets) {
			encoded.WriteString(`%(?:25)*` + anyCase(fmt.Sprintf("%02x", octet)))
		}
		ways = append(ways, encoded.String())
		switch r {
		case ' ':
			ways = append(ways, `\+`, `%(?:25)*`+anyCase("2b"))
		case '\n':
			ways = append(ways, `\\+n`)
		case '\r':
			ways = append(ways, `\\+r`)
		case '\t':
			ways = append(ways, `\\+t`)
		}
		b.WriteString("(?:" + strings.Join(ways, "|") + ")")
	}
	return b.String()
}

// anyCase is a pattern of hexadecimal digits in upper or lower case.
func anyCase(digits string) string { return "(?i:" + digits + ")" }

// Mask replaces every secret that has been resolved.
func Mask(text string) string {
	masks.RLock()
	defer masks.RUnlock()
	if masks.pattern == nil {
		return text
	}
	return masks.pattern.ReplaceAllLiteralString(text, masked)
}

// MaskLog is a log handler that masks messages and attributes before it passes them
// on.
func MaskLog(next slog.Handler) slog.Handler { return maskLog{next} }

type maskLog struct{ next slog.Handler }

func (h maskLog) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h maskLog) WithGroup(name string) slog.Handler { return maskLog{h.next.WithGroup(Mask(name))} }

func (h maskLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return maskLog{h.next.WithAttrs(maskAttrs(attrs))}
}

func (h maskLog) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(maskAttr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func maskAttrs(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = maskAttr(a)
	}
	return clean
}

// maskAttr masks an attribute's texts. Whatever is no text, number, time or group is
// printed first, since a secret may lie anywhere in it.
func maskAttr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		v = slog.StringValue(Mask(v.String()))
	case slog.KindGroup:
		v = slog.GroupValue(maskAttrs(v.Group())...)
	case slog.KindAny:
		v = slog.StringValue(Mask(fmt.Sprintf("%+v", v.Any())))
	}
	return slog.Attr{Key: Mask(a.Key), Value: v}
}
