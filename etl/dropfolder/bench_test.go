package dropfolder_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/dropfolder"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
)

// callEventsHeader has the 41 columns of SOURCES §1.
const callEventsHeader = "rec_id,customer_key,call_id,call_sequence,media_type_id,dte_start,duration_tot_sec," +
	"duration_speak_sec,dte_speak_start,source,destination,additional_source,redirect_source,service_num," +
	"queue_key,menue_key,menue_choice,agent_id,event_type,result_code,answered,ciq,call_transfer,wrap_up_sec," +
	"alert_ms,setup_ms,block_duration_sec,internal_iq_session_id,internal_odr_id,dte_updated,sla,alt_sla," +
	"dte_scheduled_callback,result_response,request_id,hold,consult,caller_on_hold_sec,leg_type,originating,add_originating"

// callEvents writes a made-up call_events file of so many calls of four rows.
func callEvents(calls int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	out.WriteString(callEventsHeader + "\n")
	start := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for call := range calls {
		at := start.Add(time.Duration(call) * 47 * time.Second).Format("2006-01-02 15:04:05.000")
		caller := 20_000_000 + random.IntN(79_999_999)
		for sequence, kind := range []string{"i", "m", "q", "c"} {
			agent, queue, speak, destination, leg := "", "", "", "+4578901234", ""
			switch kind {
			case "q":
				queue, destination = "ddh_hoved", ""
			case "c":
				agent, queue, speak, leg = fmt.Sprint(100+random.IntN(200)), "ddh_hoved", at, "Agent"
				destination = fmt.Sprintf("+45%d", 31_000_000+random.IntN(200))
			}
			fmt.Fprintf(&out, "%d,10012,%d,%d,1,%s,%d,%d,%s,+45%d,%s,,,78901234,%s,,,%s,%s,k ,1,,0,%d,%d,%d,0,"+
				"6f9619ff-8b86-d011-b42d-%012x,%d,%s,60,0,,0,,0,0,0,%s,,\n",
				call*4+sequence, uint64(9_000_000_000_000_000_000)+uint64(call), sequence+1, at, random.IntN(900),
				random.IntN(600), speak, caller, destination, queue, agent, kind, random.IntN(60),
				random.IntN(20_000), random.IntN(2_000), call, call*7, at, leg)
		}
	}
	return out.Bytes()
}

// drain is a sink that throws everything away.
type drain struct{ rows int64 }

func (*drain) Recent(context.Context, etl.Table, time.Time, func(etl.Delivered)) error { return nil }
func (d *drain) Cursor(string, etl.Table) time.Time                                    { return time.Time{} }

func (d *drain) Advance(string, etl.Table, time.Time) {}

func (d *drain) Known(etl.Table, string) bool         { return false }
func (d *drain) Begin(etl.Batch) (etl.Writer, error)  { return d, nil }
func (d *drain) Reject(etl.Reject) error              { return nil }
func (d *drain) Commit(etl.Drift) (etl.Landed, error) { return etl.Landed{}, nil }
func (d *drain) Abort() error                         { return nil }
func (d *drain) Write(rec arrow.RecordBatch) error    { d.rows += rec.NumRows(); return nil }

// BenchmarkCallEvents pulls 200,000 rows of call_events from a CSV file.
func BenchmarkCallEvents(b *testing.B) {
	const calls = 50_000
	content := callEvents(calls)
	for name, text := range map[string]string{
		"plain":  string(content),
		"quoted": `"` + strings.NewReplacer(",", `","`, "\n", "\"\n\"").Replace(strings.TrimSuffix(string(content), "\n")) + "\"\n",
	} {
		b.Run(name, func(b *testing.B) {
			source := folder(b, map[string]string{"call_events.csv": text}, func(o *dropfolder.Options) {
				o.Tables, o.Workers = puzzel.Tables(), 0
			})
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				sink := &drain{}
				if _, err := source.Pull(b.Context(), sink, nil); err != nil || sink.rows != 4*calls {
					b.Fatal(sink.rows, err)
				}
			}
			b.ReportMetric(4*calls*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
