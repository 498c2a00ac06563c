// Package model builds the warehouse's SQL models: it reads their headers, finds
// what each reads, decides which have to be built again and for which days, and
// builds them in one transaction together with their checks.
//
// The engine owns neither the SQL files (an fs.FS) nor the connection. It knows no
// model, no KPI and no source by name. It must not load data (package warehouse
// does), read the clock or the environment, or print.
//
// A model is one file `<schema>/<name>.sql`: a header of `--` lines and one query.
//
//	-- One row per answered call. Prose comes first and becomes the table's comment.
//	-- @grain call_id
//	-- @build incremental by call_date, 7 days back
//	-- @check wait_seconds >= 0
//	-- @check warn: wait_seconds < 7200
//	-- @column call_id id Puzzel's call
//	-- @column call_date date local date on which the call starts
//	-- @column wait_seconds s from the first queue to the answer
//	select …
//
// What a model reads touches the same days in it, a few more where its @build line says
// so, and where the two are about different days those that @follow finds.
//
// A header line indented by two blanks or more continues the tag above it. The
// grammar in full is with [Load]; what decides a build is with [Graph.Plan].
package model
