package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// value returns a key's value if it has the type T; ok is false where it is absent
// or has another type, which is a fault.
func value[T any](s section, key, want string) (v T, ok bool) {
	s.know(key)
	raw, there := s.values[key]
	if !there {
		return v, false
	}
	v, ok = raw.(T)
	if !ok {
		s.fault(key, "this must be "+want+", not "+kindOf(raw), "")
	}
	return v, ok
}

// kindOf names a TOML value's type for people.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number"
	case time.Time:
		return "a date"
	case map[string]any:
		return "a table"
	default:
		return "a list"
	}
}

// text reads an optional text.
func (s section) text(key, otherwise string) string {
	if v, ok := value[string](s, key, "a text in quotes"); ok {
		return v
	}
	return otherwise
}

// required reads a text that must be there and hold something.
func (s section) required(key string) (text string, ok bool) {
	if !s.has(key) {
		s.know(key)
		s.fault(key, "the key is missing", "")
		return "", false
	}
	text, ok = value[string](s, key, "a text in quotes")
	if ok && strings.TrimSpace(text) == "" {
		s.fault(key, "the text is empty", "")
		return "", false
	}
	return text, ok
}

// boolean reads an optional true or false; absent is false.
func (s section) boolean(key string) bool {
	v, _ := value[bool](s, key, "true or false")
	return v
}

// integer reads an optional whole number within bounds, both inclusive.
func (s section) integer(key string, otherwise, least, most int) int {
	v, ok := value[int64](s, key, "a whole number")
	if !ok {
		return otherwise
	}
	if v < int64(least) || v > int64(most) {
		s.fault(key, fmt.Sprintf("%d is not between %d and %d", v, least, most), "")
		return otherwise
	}
	return int(v)
}

// longestDuration keeps durations in the realm of the plausible.
const longestDuration = 366 * 24 * time.Hour

// duration reads an optional duration of at least least.
func (s section) duration(key string, otherwise, least time.Duration) time.Duration {
	text, ok := value[string](s, key, `a duration in quotes, such as "30s"`)
	if !ok {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		s.fault(key, fmt.Sprintf("%q is not a duration", text), `write it with its unit: "30s", "5m" or "72h"`)
	case d < least || d > longestDuration:
		s.fault(key, fmt.Sprintf("%s is not between %s and %s", text, plain(least), plain(longestDuration)), "")
	case d%time.Second != 0:
		s.fault(key, fmt.Sprintf("%s is not a whole number of seconds", text), "")
	default:
		return d
	}
	return otherwise
}

// plain prints a duration without its empty parts: "2h", not "2h0m0s".
func plain(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// choice reads a required text out of a few.
func (s section) choice(key string, choices []string) string {
	if _, ok := s.required(key); !ok {
		return ""
	}
	return s.choiceOr(key, "", choices)
}

// choiceOr reads an optional text out of a few.
func (s section) choiceOr(key, otherwise string, choices []string) string {
	text, ok := value[string](s, key, "a text in quotes")
	if !ok {
		return otherwise
	}
	if !slices.Contains(choices, text) {
		s.fault(key, fmt.Sprintf("%q is not one of %s", text, strings.Join(choices, ", ")), suggestion(text, choices))
		return otherwise
	}
	return text
}

// location reads the time zone, of which there is but one.
func (s section) location(key string) *time.Location {
	zone, err := time.LoadLocation(danishTime)
	if err != nil {
		s.fault(key, "the time zone "+danishTime+" cannot be loaded: "+err.Error(), "")
		return time.UTC
	}
	if name := s.text(key, danishTime); name != danishTime {
		s.fault(key, fmt.Sprintf("%q cannot be the time zone: the figures are made for the Danish clock", name), fmt.Sprintf("write %q", danishTime))
	}
	return zone
}

// danishTime is the time zone that the SQL models are written for (DOMAIN §5).
const danishTime = "Europe/Copenhagen"

// folder reads the path of a folder.
func (s section) folder(key, otherwise string) string {
	text := s.text(key, otherwise)
	if strings.TrimSpace(text) == "" {
		s.fault(key, "the path is empty", "")
	}
	return s.p.resolve(text)
}

// requiredFolder reads the path of a folder that must be named.
func (s section) requiredFolder(key string) string {
	text, ok := s.required(key)
	if !ok {
		return ""
	}
	return s.p.resolve(text)
}

// resolve takes a relative path from the folder of the configuration.
func (p *parser) resolve(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.dir, path)
}

// memorySize is a size as DuckDB reads it.
var memorySize = regexp.MustCompile(`^[0-9]+(\.[0-9]+)? ?([KMGT]i?B)$`)

// memory reads an amount of memory.
func (s section) memory(key, otherwise string) string {
	text := s.text(key, otherwise)
	if !memorySize.MatchString(text) {
		s.fault(key, fmt.Sprintf("%q is not an amount of memory", text), `write it as "1GiB" or "800MiB"`)
	}
	return text
}

// secret reads an optional reference to a secret.
func (s section) secret(key string) Secret {
	text, ok := value[string](s, key, "env:NAME or file:PATH in quotes")
	if !ok {
		return Secret{}
	}
	secret, ok := parseSecret(text, s.p.resolve)
	if !ok {
		s.fault(key, "a secret must not stand in the configuration itself", `name it as "env:NAME" or "file:PATH"`)
	}
	return secret
}

// requiredSecret reads a reference to a secret that must be there.
func (s section) requiredSecret(key string) Secret {
	if !s.has(key) {
		s.know(key)
		s.fault(key, "the key is missing", `name the secret as "env:NAME" or "file:PATH"`)
		return Secret{}
	}
	return s.secret(key)
}

// day reads an optional date: midnight in the configuration's zone, zero without it.
func (s section) day(key string) time.Time {
	text, ok := value[string](s, key, "a date in quotes")
	if !ok {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, text, s.p.zone)
	if err != nil {
		s.fault(key, fmt.Sprintf("%q is not a date", text), `write it as "2025-01-01"`)
	}
	return day
}

// file reads an optional path of a file; "" without it.
func (s section) file(key string) string {
	text, ok := value[string](s, key, "a path in quotes")
	if !ok || text == "" {
		return ""
	}
	return s.p.resolve(text)
}

// texts reads an optional table of texts; nil without it.
func (s section) texts(key string) map[string]string {
	if !s.has(key) {
		s.know(key)
		return nil
	}
	all, entries := map[string]string{}, s.table(key)
	for _, name := range slices.Sorted(maps.Keys(entries.values)) {
		all[name] = entries.text(name, "")
	}
	return all
}
