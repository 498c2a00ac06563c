package dropfolder_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
)

func packed(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write([]byte(text)) // a buffer takes everything
	w.Close()
	return out.String()
}

func utf16Text(text string, order binary.AppendByteOrder) string {
	out := order.AppendUint16(nil, 0xFEFF)
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// Whatever program wrote a file, its rows are the same.
func TestDialects(t *testing.T) {
	const plain = "id,at,note,weight\n1,2026-01-05 12:00:00,blåbær,2.5\n2,2026-01-05 12:00:01,,\n"
	want := []string{
		"id=1 at=2026-01-05T12:00:00 note=blåbær weight=2.5 _row=1",
		"id=2 at=2026-01-05T12:00:01 _row=2",
	}
	latin := strings.ReplaceAll(strings.ReplaceAll(plain, "å", "\xe5"), "æ", "\xe6")
	comma := strings.NewReplacer(",", ";", "2.5", "2,5")
	for name, content := range map[string]string{
		"visits_plain.csv":      plain,
		"visits_crlf.csv":       strings.ReplaceAll(plain, "\n", "\r\n"),
		"visits_bom.csv":        "\ufeff" + plain,
		"visits_semicolon.csv":  comma.Replace(plain),
		"visits_tab.csv":        strings.ReplaceAll(plain, ",", "\t"),
		"visits_latin.csv":      latin,
		"visits_latinexcel.csv": comma.Replace(strings.ReplaceAll(latin, "\n", "\r\n")),
		"visits_utf16le.csv":    utf16Text(plain, binary.LittleEndian),
		"visits_utf16be.csv":    utf16Text(plain, binary.BigEndian),
		"visits_quoted.csv":     `"` + strings.NewReplacer(",", `","`, "\n", "\"\r\n\"").Replace(strings.TrimSpace(plain)) + "\"\r\n",
		"visits_nonewline.csv":  strings.TrimSuffix(plain, "\n"),
		"visits_case.csv":       strings.Replace(plain, "id,at,note,weight", " ID, At ,NOTE,\"weight\"", 1),
		"visits_null.csv":       strings.Replace(plain, "01,,\n", "01,NULL, NULL\n", 1),
		"visits_packed.csv.gz":  packed(plain),
		"visits_blank.csv":      "\r\n\n" + plain + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{name: content}))
			if len(pulled.Faults) > 0 {
				t.Fatal(pulled.Faults)
			}
			if diff := cmp.Diff(want, sink.batches[0].rows); diff != "" || len(sink.batches[0].rejects) > 0 {
				t.Errorf("rows (-want +got):\n%s%v", diff, sink.batches[0].rejects)
			}
		})
	}
}

func TestColumnsInAnyOrderAndDrift(t *testing.T) {
	sink, pulled := pull(t, folder(t, map[string]string{
		"visits.csv": "name,svar,at,id\nAnna,tak,2026-01-05 12:00,7\n",
	}, func(o *dropfolder.Options) {
		o.ColumnMap = map[string]map[string]string{"visits": {"note": "Svar"}}
	}))
	if diff := cmp.Diff([]string{"id=7 at=2026-01-05T12:00:00 note=tak _row=1"}, sink.batches[0].rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	drift := etl.Drift{Unknown: []string{"name"}, Missing: []string{"phone", "weight"}}
	if diff := cmp.Diff(drift, pulled.Batches[0].Drift); diff != "" {
		t.Errorf("drift (-want +got):\n%s", diff)
	}
}

func TestAHeaderWithoutRowsIsNoFault(t *testing.T) {
	for _, content := range []string{"id,at", "id,at\n", "id,at\r\n\r\n"} {
		_, pulled := pull(t, folder(t, map[string]string{"visits.csv": content}))
		if len(pulled.Batches) != 1 || pulled.Batches[0].Counts.Read != 0 {
			t.Errorf("%q: %+v", content, pulled)
		}
	}
}

func TestRowsAtFaultAreSetAside(t *testing.T) {
	sink, _ := pull(t, folder(t, map[string]string{"visits.csv": "id,at,note\n" +
		"1,2026-01-05 12:00,fint\n" +
		"to,2026-01-05 12:00,\"ring\n20123456\"\n" +
		"3,2026-01-05 12:00\n" +
		"4,2026-01-05 12:00,a,b\n" +
		"\n" +
		"5,2026-01-05 12:00,\"a\"b\n" +
		"6,2026-01-05 12:00,5\" skærm\n"}))
	want := []string{"id=1 at=2026-01-05T12:00:00 note=fint _row=1", `id=6 at=2026-01-05T12:00:00 note=5" skærm _row=7`}
	if diff := cmp.Diff(want, sink.batches[0].rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	rejects := []etl.Reject{
		{Row: 2, Line: 3, Column: "id", Rule: "not-an-integer", Message: "the value does not read as an integer",
			Raw: `{"id":"to","at":"2026-01-05 12:00","note":"ring\n[telefon]"}`},
		{Row: 3, Line: 5, Rule: "too-few-fields", Message: "the row has 2 fields and the header 3",
			Raw: `{"fields":["3","2026-01-05 12:00"]}`, Key: `{"id":"3"}`},
		{Row: 4, Line: 6, Rule: "too-many-fields", Message: "the row has 4 fields and the header 3",
			Raw: `{"fields":["4","2026-01-05 12:00","a","b"]}`, Key: `{"id":"4"}`},
		{Row: 6, Line: 8, Rule: "bad-quotes", Message: "a quoted field goes on after its closing quote",
			Raw: `{"fields":["5","2026-01-05 12:00","\"a\"b"]}`, Key: `{"id":"5"}`},
	}
	if diff := cmp.Diff(rejects, sink.batches[0].rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// Nothing of a file that is at fault as a whole may land.
func TestFilesAtFaultAreRefused(t *testing.T) {
	const again = "export or copy it again: it is cut off"
	unpacked := strings.Repeat("1,2026-01-05 12:00:00\n", 5000)
	for name, c := range map[string]struct {
		file, content string
		want          etl.Fault
	}{
		"empty": {"visits.csv", "", etl.Fault{Message: "the file is empty", Try: "export it again"}},
		"no header": {"visits.csv", "\r\n\n", etl.Fault{
			Message: "the file has no header", Try: "export it again, with the column names in the first line",
		}},
		"required column missing": {"visits.csv", "\nid,note\n1,\n", etl.Fault{
			Line: 2, Column: "at", Message: `the required column "at" is missing: the header has "id", "note"`,
			Try: "export the table again with all its columns, or map the column's name in the configuration",
		}},
		"column twice": {"visits.csv", "id;at;ID\n", etl.Fault{
			Line: 1, Column: "ID", Message: "the header has the column twice, as number 1 and number 3",
			Try: "remove or rename one of the two",
		}},
		"no known column": {"visits.csv", "1,2026-01-05 12:00\n", etl.Fault{
			Line: 1, Message: `none of the columns is one of visits: the header has "1", "2026-01-05 12:00"`,
			Try: "put the column names in the first line, or rename the file after the table it holds",
		}},
		"cut off in a record": {"visits.csv", oneVisit + "2", etl.Fault{
			Line: 3, Message: "the file ends inside a record: it has 1 fields of 2, and no line end", Try: again,
		}},
		"cut off in quotes": {"visits.csv", "id,at,note\n1,2026-01-05 12:00,\"a\nb\"\n2,2026-01-05 12:00,\"fi\nnt", etl.Fault{
			Line: 4, Message: "the file ends inside a quoted field of the record that starts here",
			Try: "export or copy it again: it is cut off, or a quote is missing",
		}},
		"cut off in a character": {"visits.csv", "id,at,note\n1,2026-01-05 12:00,æ\n2,2026-01-05 12:00,\xc3", etl.Fault{
			Line: 3, Message: "the file ends inside a character", Try: "copy it again: it is cut off",
		}},
		"zero byte": {"visits.csv", oneVisit + "2,\x00\n", etl.Fault{
			Line: 3, Message: "the file holds a zero byte and so is no text file, or part of it is UTF-16", Try: "export it again as CSV",
		}},
		"not packed": {"visits.csv.gz", oneVisit, etl.Fault{
			Message: "the file cannot be unpacked: gzip: invalid header",
			Try:     `copy it again, or take ".gz" off its name if it is not compressed`,
		}},
		"packed and cut off": {"visits.csv.gz", packed("id,at\n" + unpacked)[:120], etl.Fault{
			Message: "the compressed file is cut off", Try: "copy it again",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			sink, pulled := pull(t, folder(t, map[string]string{c.file: c.content}))
			c.want.Origin = c.file
			if diff := cmp.Diff([]etl.Fault{c.want}, pulled.Faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if len(sink.batches) > 0 {
				t.Errorf("landed %v", sink.batches[0].rows)
			}
		})
	}
}

func TestAQuoteThatIsNeverClosedIsFoundBeforeMemoryRunsOut(t *testing.T) {
	source := folder(t, map[string]string{"visits.csv": "id,at,note\n1,2026-01-05 12:00,\"" + strings.Repeat("a\n", 5000)})
	source.SetChunkSize(2 << 10)
	sink, pulled := pull(t, source)
	want := []etl.Fault{{
		Origin: "visits.csv", Line: 2, Message: "the record that starts here is longer than 2048 bytes",
		Try: "look for a quote that is not closed",
	}}
	if diff := cmp.Diff(want, pulled.Faults); diff != "" || sink.aborted != 1 {
		t.Errorf("faults (-want +got):\n%s%d aborted", diff, sink.aborted)
	}
}

// One bad file must not keep the others from landing.
func TestAFaultDoesNotStopTheOthers(t *testing.T) {
	sink, pulled := pull(t, folder(t, map[string]string{"visits_1.csv": "", "visits_2.csv": oneVisit, "visits_3.csv": "x"}))
	if len(pulled.Faults) != 2 || len(sink.batches) != 1 {
		t.Errorf("%d faults, %d batches", len(pulled.Faults), len(sink.batches))
	}
}
