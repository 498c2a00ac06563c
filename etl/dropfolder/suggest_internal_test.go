package dropfolder

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/privacy"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
)

// TestAStrangeNameIsAdvisedByWhatTheFileHolds: the header tells the table, and where
// it does not the name.
func TestAStrangeNameIsAdvisedByWhatTheFileHolds(t *testing.T) {
	dir := t.TempDir()
	key, err := privacy.New([]byte("a key for tests, of no worth at all"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := New(Options{Name: "puzzel", Dir: dir, Tables: puzzel.Tables(), Protect: key})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"Kopi af call_events.csv": {"call_id,call_sequence,dte_start,event_type,queue_key\n", `such as "call_events_Kopi_af_call_events.csv"`},
		"udtræk.csv":              {"\ufeffagent_id;user_name;full_name;usergroup_name;email\n", `such as "agents_udtræk.csv"`},
		"Kopi af agents.xlsx":     {"PK", `such as "agents_Kopi_af_agents.xlsx"`},
		"noter.csv":               {"huskeliste\n", "rename it to begin with the table it holds"},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := source.recognise(name)
		var fault etl.Fault
		if !errors.As(err, &fault) || !strings.HasSuffix(fault.Try, c.want) {
			t.Errorf("%s: advised %q, want %q", name, fault.Try, c.want)
		}
	}
}

// TestTheSystemsErrorsAreNotTheFiles: exporting again mends no limit of this machine.
func TestTheSystemsErrorsAreNotTheFiles(t *testing.T) {
	for cause, want := range map[error]string{
		&fs.PathError{Op: "open", Path: "a.csv", Err: syscall.EMFILE}: "ulimit -n",
		&fs.PathError{Op: "open", Path: "a.csv", Err: syscall.EACCES}: "let the user that runs ddh read the file",
		errors.New("parquet: bad footer"):                             "export or copy the file again",
	} {
		var fault etl.Fault
		if !errors.As(stopped(context.Background(), "a.csv", cause), &fault) || !strings.Contains(fault.Try, want) {
			t.Errorf("%v: advised %q, want %q", cause, fault.Try, want)
		}
	}
}
