package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/den-digitale-hotline/ddh/cmd/ddh/config"
	"github.com/den-digitale-hotline/ddh/etl/reference"
)

// inboxes are the drop folders a new project has.
var inboxes = []string{"inbox/puzzel", "inbox/survey", "inbox/guides"}

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a new project: configuration and reference files, ready to edit",
		Args:  exactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if err := newProject(dir, config.New{}); err != nil {
				return err
			}
			if _, err := reference.WriteTemplate(filepath.Join(dir, "reference")); err != nil {
				return err
			}
			a.printf(`A new project is in %s.

1. Edit reference/access_numbers.csv: which number belongs to which municipality.
   A line is like +4570000000,Aarhus,2024-01-01, (the dates may be empty).
2. Edit reference/agent_groups.csv: which user group belongs to which municipality.
   A line is like Aarhus DDH,Aarhus,,
3. Put exported files into inbox/puzzel, inbox/survey and inbox/guides.
4. Run: cd %s && ddh run && ddh kpi
5. See what nobody has named yet: ddh unknown
`, dir, dir)
			return nil
		},
	}
}

// newProject writes configuration, pseudonym key and empty drop folders.
func newProject(dir string, n config.New) error {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	n.PseudonymKey = hex.EncodeToString(secret)
	err := n.Write(dir)
	if errors.Is(err, fs.ErrExist) {
		return &usageError{err: err, try: "another folder, or remove ddh.toml first"}
	}
	if err != nil {
		return err
	}
	for _, inbox := range inboxes {
		if err := os.MkdirAll(filepath.Join(dir, inbox), 0o755); err != nil {
			return err
		}
	}
	return nil
}
