package sqlserver

import (
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/den-digitale-hotline/ddh/etl"
)

// Numbers of errors that are more to us than their class.
const (
	noSuchColumn = 207
	noSuchObject = 208
	noDatabase   = 4060
)

// verdict is what a server's error means for us.
type verdict struct {
	kind         etl.Kind
	message, try string
}

// decisive is the error that says what happened. The server sends a chain whose last
// can be as general as "login failed" after "cannot open the database".
func decisive(e mssql.Error) mssql.Error {
	for _, link := range e.All {
		if _, ok := known(link.Number); ok {
			return link
		}
	}
	return e
}

// known are the errors that a reader of a SQL Server meets (Microsoft, "Database
// Engine events and errors" and "Troubleshoot transient connection errors").
func known(number int32) (v verdict, ok bool) {
	switch number {
	case 1205:
		v = verdict{etl.Passing, "the server broke a deadlock by giving us up", ""}
	case 1222:
		v = verdict{etl.Passing, "the rows stayed locked by somebody else", ""}
	case 40501, 49918, 49919, 49920, 10928, 10929, 10936, 701, 802, 8645, 8651, 1204, 17809:
		v = verdict{etl.Passing, "the server is too busy for us", "ask for less at a time, or at a quieter time of day"}
	case 40613, 40197, 40143, 40540, 4221, 921, 922, 924, 927, 976, 983, 6005, 17142, 17197, 18401, 18461, 42108, 42109:
		v = verdict{etl.Passing, "the database is not available at the moment", ""}
	case -2, 20, 64, 121, 233, 596, 10053, 10054, 10060:
		v = verdict{etl.Passing, "the server ended the connection", ""}
	case 601, 3960, 3966:
		v = verdict{etl.Passing, "the rows changed while they were read", ""}
	case 18456, 18450, 18452, 18470, 18486:
		v = verdict{etl.Login, "the server does not accept user name and password", "check both with Puzzel: " + loginState(number)}
	case 18487, 18488:
		v = verdict{etl.Login, "the password has expired", "have Puzzel set a new one and put it into the DSN"}
	case noDatabase, 4064:
		v = verdict{etl.Login, "the server knows the user but cannot open the database", "check the database's name in the DSN, and with Puzzel that the user may read it"}
	case 229, 230, 262, 297, 300, 371, 916:
		v = verdict{etl.Permission, "the user may not read it", "ask Puzzel to let the user read the table"}
	case 40615, 40914:
		v = verdict{etl.Permission, "the server does not let this machine in", "ask Puzzel to put this machine's address on their allow-list"}
	case noSuchColumn:
		v = verdict{etl.Contract, "a column is no longer there", "map its new name in the configuration, or ask Puzzel what has become of it"}
	case noSuchObject:
		v = verdict{etl.Contract, "there is no such table", "check the database's name in the DSN, and with Puzzel what has become of the table"}
	case 206, 241, 242, 245, 248, 306, 402, 529, 8114, 8115, 8117, 8169:
		v = verdict{etl.Contract, "a column has another type than agreed", "ask Puzzel what has become of the table"}
	default:
		return v, false
	}
	return v, true
}

func loginState(number int32) string {
	switch number {
	case 18470:
		return "the user is disabled"
	case 18486:
		return "the user is locked after too many attempts"
	case 18452, 18450:
		return "the server wants another way of logging in"
	}
	return "the password may have been changed"
}

// bySeverity judges errors of which nothing is known but their level: up to 16 the
// statement is at fault, of these 13 is a transaction's and 14 a permission's; from
// 17 the server is.
func bySeverity(level uint8) verdict {
	switch {
	case level == 14:
		return verdict{etl.Permission, "the server refuses", "ask Puzzel what the user may read"}
	case level >= 17, level == 13, level == 0:
		return verdict{etl.Passing, "the server failed", ""}
	}
	return verdict{etl.Contract, "the server does not understand the question", "ask Puzzel what has become of the table"}
}
