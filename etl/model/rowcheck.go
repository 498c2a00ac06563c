package model

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// checksModel is what meta.check_results has as model for the queries of sql/checks.
const checksModel = "checks"

// RowCheck is a query over several tables whose rows are what is wrong.
type RowCheck struct {
	Name      string // file name without .sql
	File      string
	Doc       string
	Severity  Severity
	Threshold int64 // rows that are tolerated
	SQL       string
}

// LoadRowChecks reads the .sql files of a folder. Each is a header and one query:
//
//	-- Prose: what must hold and what it means when it does not.
//	-- @severity error        or warn
//	-- @threshold 10          optional: rows that are tolerated
//
// The error is a Faults with everything that is wrong.
func LoadRowChecks(fsys fs.FS) ([]RowCheck, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("reading checks: %w", err)
	}
	var out []RowCheck
	var faults Faults
	for _, e := range entries {
		name, isSQL := strings.CutSuffix(e.Name(), ".sql")
		switch {
		case ignored(e.Name()):
			continue
		case e.IsDir() || !isSQL:
			faults.add(e.Name(), 0, "only .sql files belong here")
			continue
		}
		text, err := fs.ReadFile(fsys, e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading checks: %w", err)
		}
		out = append(out, parseRowCheck(name, e.Name(), string(text), &faults))
	}
	return out, faults.err()
}

// loadOptional reads the checks of a build; none are given as nil.
func loadOptional(fsys fs.FS) ([]RowCheck, error) {
	if fsys == nil {
		return nil, nil
	}
	return LoadRowChecks(fsys)
}

func parseRowCheck(name, file, text string, faults *Faults) RowCheck {
	h := cut(file, text, faults)
	c := RowCheck{Name: name, File: file, Doc: strings.Join(h.prose, " "), SQL: trimStatement(h.body)}
	if c.Doc == "" {
		faults.add(file, 1, "the header does not say what must hold: begin with a sentence")
	}
	seen := make(map[string]bool)
	for _, t := range h.tags {
		if seen[t.name] {
			faults.add(file, t.line, "@%s is given twice", t.name)
		}
		seen[t.name] = true
		c.tag(t, faults)
	}
	if !seen["severity"] {
		faults.add(file, 1, "@severity is missing: write error or warn")
	}
	if c.SQL == "" {
		faults.add(file, h.line, "there is no query under the header")
	}
	for _, p := range parameters(c.SQL) {
		faults.add(file, h.line, "$%s: a check looks at all rows and has no parameters", p)
	}
	return c
}

func (c *RowCheck) tag(t tag, faults *Faults) {
	switch t.name {
	case "severity":
		c.Severity = Severity(t.text)
		if c.Severity != SeverityError && c.Severity != SeverityWarn {
			faults.add(c.File, t.line, "@severity %s: write error or warn", t.text)
		}
	case "threshold":
		n, err := strconv.ParseInt(t.text, 10, 64)
		if err != nil || n < 0 {
			faults.add(c.File, t.line, "@threshold %s is no number of rows", t.text)
		}
		c.Threshold = n
	default:
		faults.add(c.File, t.line, "@%s is no tag: there are @severity and @threshold", t.name)
	}
}

// rowChecks runs every query on what is about to be committed. All of them run
// even where one fails, so that one build tells everything that is wrong.
func (b *builder) rowChecks(checks []RowCheck) error {
	var failures []error
	for _, c := range checks {
		var failed int64
		if err := b.db.QueryRowContext(b.ctx, "select count(*) from (\n"+c.SQL+"\n)").Scan(&failed); err != nil {
			return fmt.Errorf("check %s: %w", c.File, err)
		}
		var examples []string
		if failed > c.Threshold {
			var err error
			if examples, err = sample(b.ctx, b.db, nil, "select * from (\n"+c.SQL+"\n) limit 3"); err != nil {
				return fmt.Errorf("check %s: %w", c.File, err)
			}
		}
		if err := b.rowResult(c, failed, examples, &failures); err != nil {
			return err
		}
	}
	return errors.Join(failures...)
}

func (b *builder) rowResult(c RowCheck, failed int64, examples []string, failures *[]error) error {
	if failed > c.Threshold {
		if c.Severity == SeverityError {
			*failures = append(*failures, &CheckError{checksModel, c.Name, failed, 0, examples})
		} else {
			b.result.Warnings = append(b.result.Warnings, Warning{checksModel, c.Name, failed, 0, c.Threshold, examples})
		}
	}
	return b.recordCheck(checksModel, c.Name, c.Severity, failed, nil, c.Threshold, examples)
}

// warn keeps a failed warning with the run.
func (b *builder) warn(w Warning) error {
	b.result.Warnings = append(b.result.Warnings, w)
	return b.recordCheck(w.Model, w.Check, SeverityWarn, w.Failed, w.Total, 0, w.Examples)
}

// recordCheck writes one row of meta.check_results; total is nil where unknown.
func (b *builder) recordCheck(model, check string, severity Severity, failed int64, total any, threshold int64, examples []string) error {
	_, err := b.db.ExecContext(b.ctx, `
		insert into meta.check_results (run, model, check_name, severity, failed, total, threshold, examples, checked_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz)`,
		b.opt.Run, model, check, string(severity), failed, total, threshold, strings.Join(examples, "; "),
		b.opt.Now().UTC().Format(time.RFC3339Nano))
	if err != nil {
		return fmt.Errorf("recording the check %s of %s: %w", check, model, err)
	}
	return nil
}
