package nearest

import "testing"

func TestTo(t *testing.T) {
	names := []string{"schedule", "folder", "kind", "overlap", "dsn", "municipality_code"}
	for _, c := range []struct{ text, want string }{
		{"schedul", "schedule"},
		{"shcedule", "schedule"},
		{"fodler", "folder"},
		{"knid", "kind"},
		{"municipality", ""},
		{"municipalitycode", "municipality_code"},
		{"dns", "dsn"},
		{"something else", ""},
		{"", ""},
	} {
		if got := To(c.text, names); got != c.want {
			t.Errorf("To(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestToTakesTheFirstOfEquallyNear(t *testing.T) {
	if got := To("abx", []string{"aba", "abc"}); got != "aba" {
		t.Errorf("got %q, want aba", got)
	}
}
