package etl

// Formats is what the configuration says of how a source writes its values, for what the
// values themselves leave open. All of it may be empty.
type Formats struct {
	DayMonth string // order of dates such as 08/03/2026: "dmy", "mdy", for years of two digits "ymd"
	Decimal  string // the mark that begins decimals, "." or ","; the other one parts thousands
	// Columns settles single columns: table to column to an order of dates, or to a mark.
	Columns map[string]map[string]string
}
