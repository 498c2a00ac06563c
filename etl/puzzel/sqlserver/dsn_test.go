package sqlserver_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/puzzel/sqlserver"
)

func newFeed(dsn string) (*sqlserver.Feed, error) {
	return sqlserver.New(sqlserver.Options{DSN: dsn, Zone: copenhagen, Now: func() time.Time { return noon }})
}

func TestDSNsThatAreTaken(t *testing.T) {
	const base = "sqlserver://reader:s%40lt@rawdata.example:1433?database=ConnectCallData_1"
	for _, dsn := range []string{
		base,
		base + "&encrypt=true&TrustServerCertificate=false",
		base + "&Encrypt=Mandatory",
		base + "&encrypt=strict",
		base + "&packet+size=8192&app+name=ddh-test&ApplicationIntent=ReadWrite",
		" sqlserver://reader:s%40lt@[::1]:1433/?database=ConnectCallData_1\n",
		"sqlserver://reader:s%40lt@rawdata.example?database=ConnectCallData_1",
	} {
		feed, err := newFeed(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		feed.Close()
	}
}

func TestDSNsThatAreRefused(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "none.pem")
	for dsn, want := range map[string]string{
		"": "the DSN is empty",
		"Server=rawdata.example;User ID=reader;Password=geheim":                 "does not begin with sqlserver://",
		"sqlserver://reader:ge%heim@host?database=x":                            "is not an address",
		"sqlserver://reader:geheim@host:port?database=x":                        "is not an address",
		"postgres://reader:geheim@host?database=x":                              "does not begin with sqlserver://",
		"sqlserver://reader:geheim@?database=x":                                 "names no host",
		"sqlserver://reader:geheim@host:0?database=x":                           "port is not a number from 1 to 65535",
		"sqlserver://reader:geheim@host:70000?database=x":                       "port is not a number from 1 to 65535",
		"sqlserver://reader:geheim@host:?database=x":                            "port is not a number from 1 to 65535",
		"sqlserver://reader:geheim@host/instance?database=x":                    "names an instance",
		"sqlserver://reader@host?database=x":                                    "no user name or no password",
		"sqlserver://:geheim@host?database=x":                                   "no user name or no password",
		"sqlserver://host?database=x&password=geheim":                           "no user name or no password",
		"sqlserver://reader:geheim@host":                                        "names no database",
		"sqlserver://reader:geheim@host?database=x&password=y":                  `the parameter "password", which is not supported`,
		"sqlserver://reader:geheim@host?databse=x":                              `the parameter "databse"`,
		"sqlserver://reader:geheim@host?database=x&Database=y":                  `gives the parameter "database" twice`,
		"sqlserver://reader:geheim@host?database=x&database=y":                  `gives the parameter "database" twice`,
		"sqlserver://reader:geheim@host?database=x;y":                           "parameters do not read",
		"sqlserver://reader:geheim@host?database=x&encrypt=disable":             "turns encryption off",
		"sqlserver://reader:geheim@host?database=x&encrypt=false":               "turns encryption off",
		"sqlserver://reader:geheim@host?database=x&encrypt=optional":            "turns encryption off",
		"sqlserver://reader:geheim@host?database=x&trustservercertificate=true": "check of the server's certificate off",
		"sqlserver://reader:geheim@host?database=x&TrustServerCertificate=yes":  "check of the server's certificate off",
		"sqlserver://reader:geheim@host?database=x&serverCertificate=a.pem":     `the parameter "serverCertificate"`,
		"sqlserver://reader:geheim@host?database=x&log=63":                      `the parameter "log"`,
		"sqlserver://reader:geheim@host?database=x&change+password=new":         `the parameter "change password"`,
		"sqlserver://reader:geheim@host?database=x&packet+size=many":            "does not read",
		"sqlserver://reader:geheim@host?database=x&certificate=" + broken:       "does not read",
	} {
		feed, err := newFeed(dsn)
		if err == nil {
			feed.Close()
			t.Errorf("%s was taken", dsn)
			continue
		}
		var trouble *etl.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != etl.Setup || trouble.Try == "" {
			t.Errorf("%s: %#v is no setup trouble with advice", dsn, err)
		}
		if text := err.Error() + trouble.Try; strings.Contains(text, "heim") || strings.Contains(text, "\n") || !strings.Contains(text, want) {
			t.Errorf("%s: %q, want …%s…, in one line and without the password", dsn, text, want)
		}
	}
}

func FuzzDSN(f *testing.F) {
	f.Add("sqlserver://", "host:1433?database=x")
	f.Add("sqlserver://", "%zz?database=x&encrypt=maybe")
	f.Add("Server=", "host;Database=x")
	const secret = "Geheim-4711"
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, secret) {
			return
		}
		feed, err := newFeed(before + "reader:" + secret + "@" + after)
		if err == nil {
			feed.Close()
			return
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error repeats the password: %v", err)
		}
	})
}

// What the certificate file holds must be a certificate.
func TestCertificateFileIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "root.txt")
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := newFeed("sqlserver://reader:geheim@host?database=x&certificate=" + file)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("%v does not name %s", err, file)
	}
}
