package etl

// Relation is a small table held in memory, as reference files and settings are.
type Relation struct {
	Name        string // within the schema reference
	Columns     []RelationColumn
	Rows        [][]any // a string, int64, float64, bool, time.Time (of a date: midnight UTC) or nil
	Fingerprint string  // of columns and rows
}

// RelationColumn is one column and its DuckDB type.
type RelationColumn struct{ Name, SQL string }
