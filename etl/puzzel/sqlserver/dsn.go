package sqlserver

import (
	"crypto/tls"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/den-digitale-hotline/ddh/etl"
)

const (
	dsnForm    = "write it as sqlserver://user:password@host:port?database=ConnectCallData_1234, special characters in the password as %XX"
	appName    = "ddh"
	dialTime   = 15 * time.Second
	packetSize = 8192 // bytes; on loopback 4096 to 16383 cost the same
)

// parameters are those a DSN may have. All others are refused: a misspelled one would
// be passed over in silence, and some weaken the connection.
var parameters = []string{
	msdsn.Database, msdsn.Encrypt, msdsn.TrustServerCertificate, msdsn.HostNameInCertificate, msdsn.Certificate,
	msdsn.TLSMin, msdsn.PacketSize, msdsn.AppName, msdsn.WorkstationID, msdsn.ApplicationIntent, msdsn.DialTimeout,
}

// parseDSN reads a DSN and makes sure of what SOURCES §1 demands: TLS 1.2 or newer,
// the certificate verified, the intent to read only. The errors repeat nothing of
// the DSN but the names of its parameters.
func parseDSN(dsn, certificateHost string) (msdsn.Config, error) {
	var none msdsn.Config
	u, err := url.Parse(strings.TrimSpace(dsn))
	switch {
	case strings.TrimSpace(dsn) == "":
		return none, setup("the DSN is empty", dsnForm)
	case err != nil: // its text repeats the DSN
		return none, setup("the DSN is not an address", dsnForm)
	case u.Scheme != "sqlserver":
		return none, setup("the DSN does not begin with sqlserver://", dsnForm)
	case u.Hostname() == "":
		return none, setup("the DSN names no host", dsnForm)
	case badPort(u):
		return none, setup("the DSN's port is not a number from 1 to 65535", dsnForm)
	case strings.Trim(u.Path, "/") != "":
		return none, setup("the DSN names an instance", "name the instance's port instead")
	}
	if password, given := u.User.Password(); !given || password == "" || u.User.Username() == "" {
		return none, setup("the DSN has no user name or no password", dsnForm)
	}
	values, err := readParameters(u.RawQuery)
	if err != nil {
		return none, err
	}
	if certificateHost != "" {
		values[msdsn.HostNameInCertificate] = certificateHost
	}
	return makeConfig(u, values)
}

func badPort(u *url.URL) bool {
	if u.Port() == "" {
		return strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err != nil || port == 0
}

// readParameters checks a DSN's parameters and adds those that are always set.
func readParameters(query string) (map[string]string, error) {
	given, err := url.ParseQuery(query)
	if err != nil {
		return nil, setup("the DSN's parameters do not read", dsnForm)
	}
	values := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		key := strings.ToLower(name)
		if _, twice := values[key]; twice || len(given[name]) > 1 {
			return nil, setup(fmt.Sprintf("the DSN gives the parameter %q twice", key), "leave one of them out")
		}
		if !slices.Contains(parameters, key) {
			return nil, setup(fmt.Sprintf("the DSN has the parameter %q, which is not supported", name),
				"leave it out; these are known: "+strings.Join(parameters, ", "))
		}
		values[key] = given[name][0]
	}
	if values[msdsn.Database] == "" {
		return nil, setup("the DSN names no database", "add ?database=ConnectCallData_1234 with your customer's number")
	}
	return values, insist(values)
}

// insist sets the parameters that are not the DSN's to choose.
func insist(values map[string]string) error {
	switch strings.ToLower(values[msdsn.Encrypt]) {
	case "strict":
	case "", "true", "mandatory", "yes", "1", "t":
		values[msdsn.Encrypt] = "true"
	default:
		return setup("the DSN turns encryption off", "leave encrypt out or set it to true")
	}
	switch strings.ToLower(values[msdsn.TrustServerCertificate]) {
	case "", "false", "no", "0", "f":
		values[msdsn.TrustServerCertificate] = "false"
	default:
		return setup("the DSN turns the check of the server's certificate off",
			"leave TrustServerCertificate out; where the certificate has another name than the host, set certificate_host")
	}
	for key, value := range map[string]string{
		msdsn.AppName: appName, msdsn.ApplicationIntent: "ReadOnly", msdsn.PacketSize: strconv.Itoa(packetSize),
		msdsn.DialTimeout: strconv.Itoa(int(dialTime / time.Second)),
	} {
		if values[key] == "" {
			values[key] = value
		}
	}
	return nil
}

// makeConfig hands the parts to the driver's own parser.
func makeConfig(u *url.URL, values map[string]string) (msdsn.Config, error) {
	query := url.Values{}
	for key, value := range values {
		query.Set(key, value)
	}
	whole := url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host, RawQuery: query.Encode()}
	config, err := msdsn.Parse(whole.String())
	if err != nil { // of the values, only those of the parameters can be in its text
		return config, setup("the DSN does not read: "+err.Error(), dsnForm)
	}
	config.TLSConfig.MinVersion = max(config.TLSConfig.MinVersion, tls.VersionTLS12)
	return config, nil
}

func setup(message, try string) *etl.Trouble {
	return &etl.Trouble{Kind: etl.Setup, Message: message, Try: try}
}
