package tds

import "fmt"

// Type is a SQL Server data type. The values that a row may hold of each, besides nil:
// Bit takes bool; the whole numbers, Float and Numeric take int64, and Numeric also
// uint64 and decimal text, Float also float64; texts take string; UniqueIdentifier
// takes [16]byte in the order of its text, or the text itself; the times take
// time.Time, of which all but DateTimeOffset use the wall clock shown and drop the zone.
type Type uint8

const (
	Bit Type = iota
	TinyInt
	SmallInt
	Int
	BigInt
	Float
	Numeric // Precision, Scale
	Char    // Length, padded with spaces; Windows-1252
	VarChar // Length or Max; Windows-1252
	NChar   // Length, padded with spaces
	NVarChar
	DateTime       // to 1/300 s
	DateTime2      // Scale
	DateTimeOffset // Scale
	Date
	UniqueIdentifier
	// Time, Money and Binary are known as parameters only.
	Time
	Money
	Binary
)

// Max is the Length of varchar(max) and nvarchar(max).
const Max = -1

// String is the type's name in SQL Server, as INFORMATION_SCHEMA gives it.
func (t Type) String() string {
	names := [...]string{
		"bit", "tinyint", "smallint", "int", "bigint", "float", "numeric", "char", "varchar", "nchar", "nvarchar",
		"datetime", "datetime2", "datetimeoffset", "date", "uniqueidentifier", "time", "money", "varbinary",
	}
	if int(t) >= len(names) {
		return fmt.Sprintf("type %d", t)
	}
	return names[t]
}

// Column is one column of a result set.
type Column struct {
	Name      string
	Type      Type
	Length    int // of texts, in characters; Max where there is no limit
	Precision int // of Numeric: 1 to 38
	Scale     int // of Numeric: 0 to Precision; of DateTime2 and DateTimeOffset: digits of a second, 0 to 7
	NotNull   bool
}

// String is the column's declaration: "call_id numeric(19,0) not null".
func (c Column) String() string {
	text := c.Name + " " + c.Type.String()
	switch c.Type {
	case Numeric:
		text += fmt.Sprintf("(%d,%d)", c.Precision, c.Scale)
	case Char, VarChar, NChar, NVarChar:
		if c.Length == Max {
			text += "(max)"
		} else {
			text += fmt.Sprintf("(%d)", c.Length)
		}
	case DateTime2, DateTimeOffset:
		text += fmt.Sprintf("(%d)", c.Scale)
	}
	if c.NotNull {
		text += " not null"
	}
	return text
}

// valid tells what is wrong with a column that a handler has given.
func (c Column) valid() error {
	switch c.Type {
	case Numeric:
		if c.Precision < 1 || c.Precision > 38 || c.Scale < 0 || c.Scale > c.Precision {
			return fmt.Errorf("column %s cannot have precision %d and scale %d", c.Name, c.Precision, c.Scale)
		}
	case Char, VarChar, NChar, NVarChar:
		longest := 8000
		if c.Type == NChar || c.Type == NVarChar {
			longest = 4000
		}
		unlimited := c.Length == Max && (c.Type == VarChar || c.Type == NVarChar)
		if !unlimited && (c.Length < 1 || c.Length > longest) {
			return fmt.Errorf("column %s cannot have length %d", c.Name, c.Length)
		}
	case DateTime2, DateTimeOffset:
		if c.Scale < 0 || c.Scale > 7 {
			return fmt.Errorf("column %s cannot have scale %d", c.Name, c.Scale)
		}
	case Time, Money, Binary:
		return fmt.Errorf("column %s cannot be a %s: known as parameter only", c.Name, c.Type)
	}
	return nil
}
