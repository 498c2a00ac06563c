package rest

import (
	"context"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/web"
)

// Examine implements etl.Patient: it signs in and asks for the last three days.
func (f *Feed) Examine(ctx context.Context) []etl.Examined {
	now := f.options.Now()
	return f.options.Client.Examine(ctx, web.Checkup{
		Address: f.ask(span{from: now.Add(-72 * time.Hour)}), Content: web.JSON, Asked: "the last three days",
		Shape: f.shape(f.options.Names), Read: (*web.Rows).AddJSON,
	})
}
