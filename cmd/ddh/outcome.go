package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	"github.com/den-digitale-hotline/ddh/reports/powerbi"
)

// outcome is what a run did and what wants a look.
type outcome struct {
	pulled      etl.Pulled
	loaded      []warehouse.Loaded
	held        []*warehouse.HeldError
	declined    int64 // batches that were put aside
	quarantined int64
	still       []string // quarantined rows that a replay could not read either
	// refused are, by source, the lines of what was refused when it was last pulled from,
	// in this run or before.
	refused     map[string][]string
	lasting     lasting // what stands until it is mended or accepted
	built       model.Result
	published   bool
	feed        powerbi.Result
	unreachable []error // sources that could not be read
	failed      error   // what stopped the run
	missing     []reference.Missing
}

// notices are worth knowing and no fault: the run may well be meant so.
func (o outcome) notices() []string {
	var all []string
	for _, m := range o.missing {
		all = append(all, fmt.Sprintf("notice: reference file %s\n  Try: %s", m, m.Try))
	}
	for _, line := range o.lasting.drift {
		all = append(all, "notice: "+line)
	}
	return all
}

// troubles are what the next look at the status must show: what stopped the run, and
// its warnings.
func (o outcome) troubles() []string {
	if o.failed == nil {
		return o.warnings()
	}
	return append([]string{withRemedy(o.failed, "  ")}, o.warnings()...)
}

// warnings are the sentences that make a run end with warnings.
func (o outcome) warnings() []string {
	var all []string
	for _, err := range o.unreachable {
		all = append(all, withRemedy(err, "  "))
	}
	for _, source := range slices.Sorted(maps.Keys(o.refused)) {
		all = append(all, o.refused[source]...)
	}
	for _, f := range o.pulled.Faults {
		if line := faultLine(f); !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	for _, h := range o.held {
		all = append(all, fmt.Sprintf("%[1]v\n  Try: ddh run --confirm %[2]s; where the delivery is wrong, ddh run --decline %[2]s", h, h.Batch.ID))
	}
	all = append(all, o.still...)
	return append(all, o.lasting.warnings...)
}

// refuse notes what a source had that was refused. A file that is mended or taken away is
// not refused again, so what is noted last is what still is.
func (o *outcome) refuse(source string, faults []etl.Fault) {
	if o.refused == nil {
		o.refused = map[string][]string{}
	}
	delete(o.refused, source)
	for _, f := range faults {
		o.refused[source] = append(o.refused[source], faultLine(f))
	}
}

// noticeLine is a notice of a delivery, and what to do about it.
func noticeLine(origin string, n etl.Notice) string {
	line := n.About(origin)
	if n.Try != "" {
		line += "\n  Try: " + n.Try
	}
	return line
}

// loadCounts are the rows of the run's account.
func (o outcome) loadCounts() map[string]int64 {
	counts := map[string]int64{
		"batches": int64(len(o.loaded)), "held": int64(len(o.held)), "declined": o.declined, "quarantined": o.quarantined,
	}
	for _, l := range o.loaded {
		counts["read"] += l.Read
		counts["loaded"] += l.Loaded
		counts["superseded"] += l.Superseded
	}
	return counts
}

// buildCounts are the models that were built, and the checks that warn.
func (o outcome) buildCounts() map[string]int64 {
	return map[string]int64{"models": int64(len(o.built.Done())), "warnings": int64(len(o.built.Warnings))}
}
