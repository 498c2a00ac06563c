package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLocate(t *testing.T) {
	got := locate(`# comment = 1
a = "x = [" # ]
"b c" = 1
d.e = 2

[ t . u ]
text = """
no = 1
[nor.this] \"""
"""
list = [
  "]", # ]
  2,
]
inline = { x = 1 }
last = 'C:\'
after = 3
[[rows]]
r = 1`)
	want := map[string]int64{
		"a": 2, "b c": 3, "d": 4, "d.e": 4, "t": 6, "t.u": 6, "t.u.text": 7, "t.u.list": 11,
		"t.u.inline": 15, "t.u.last": 16, "t.u.after": 17, "rows": 18, "rows.r": 19,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
