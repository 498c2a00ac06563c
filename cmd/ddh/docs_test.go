package main

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"testing"

	"github.com/den-digitale-hotline/ddh/reports/docs"
)

// TestCatalogueIsWhole looks at the real catalogue: everything is described, the
// marked way exists, and no link leads nowhere.
func TestCatalogueIsWhole(t *testing.T) {
	c, err := catalogue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]docs.Table{}
	for _, table := range c.Tables {
		tables[table.FullName()] = table
		if table.Doc == "" {
			t.Errorf("%s is not described", table.FullName())
		}
		for _, read := range table.Reads {
			if _, there := tables[read]; !there {
				t.Errorf("%s reads %s, which is not in the catalogue before it", table.FullName(), read)
			}
		}
	}
	for i := 1; i < len(c.Spine); i++ {
		if !slices.Contains(tables[c.Spine[i]].Reads, c.Spine[i-1]) {
			t.Errorf("%s does not read %s: mend the spine", c.Spine[i], c.Spine[i-1])
		}
	}
	for _, k := range c.KPIs {
		if k.Label == "" || k.Definition == "" || k.Formula == "" || len(k.Exclusions) == 0 {
			t.Errorf("%s is not described: %+v", k.ID, k)
		}
	}
	for _, check := range c.Checks {
		if check.Text == "" {
			t.Errorf("the check %s does not say what it looks for", check.Name)
		}
	}
	var page bytes.Buffer
	if err := docs.Write(&page, c); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllSubmatch(page.Bytes(), -1) {
		if !bytes.Contains(page.Bytes(), []byte(` id="`+string(m[1])+`"`)) {
			t.Errorf("a link leads to %s, which is not there", m[1])
		}
	}
}
