package tds

import (
	"errors"
	"fmt"
	"strings"
)

// request is what a client asks for in one message.
type request struct {
	query  string
	params []Param
	rpc    bool // answered as a procedure: DONEINPROC, return status, DONEPROC
	// transaction is the kind of ENVCHANGE that a transaction request is answered with,
	// 0 for other requests. Nothing is ever written here, so a transaction changes nothing.
	transaction byte
}

// parseRequest reads a message of a client that has logged in. An *Error is for the
// client, any other error ends the connection.
func parseRequest(m message) (request, error) {
	c := &cursor{rest: m.body}
	skipHeaders(c)
	if c.err != nil {
		return request{}, c.err
	}
	switch m.kind {
	case kindBatch:
		return request{query: fromUTF16(c.rest)}, nil
	case kindRPC:
		return parseRPC(c)
	case kindTransaction:
		return parseTransaction(c)
	}
	return request{}, fmt.Errorf("a message of kind %d is not understood", m.kind)
}

// skipHeaders passes over ALL_HEADERS, whose length comes first and counts itself.
func skipHeaders(c *cursor) {
	length := c.uint32()
	if length < 4 || int64(length)-4 > int64(len(c.rest)) {
		c.fail(errors.New("the headers of a message do not fit into it"))
		return
	}
	c.take(int(length) - 4)
}

const procExecuteSQL = 10

func parseRPC(c *cursor) (request, error) {
	name, byNumber := "", false
	if n := c.uint16(); n == 0xffff {
		byNumber = c.uint16() == procExecuteSQL
	} else {
		name = fromUTF16(c.take(2 * int(n)))
	}
	c.uint16() // options
	params, err := parseParams(c)
	if err != nil {
		return request{}, err
	}
	if !byNumber && !strings.EqualFold(strings.TrimPrefix(name, "sys."), "sp_executesql") {
		return request{}, &Error{2812, 62, 16, fmt.Sprintf("Could not find stored procedure '%s'.", name)}
	}
	return executeSQL(params)
}

// executeSQL takes the statement and its parameters out of sp_executesql's own.
func executeSQL(params []Param) (request, error) {
	if len(params) == 0 {
		return request{}, &Error{201, 10, 16, "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied."}
	}
	query, ok := params[0].Value.(string)
	if !ok {
		return request{}, &Error{214, 2, 16, "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'."}
	}
	return request{query: query, params: params[min(2, len(params)):], rpc: true}, nil
}

// The transaction requests that are understood (MS-TDS 2.2.6.9).
const (
	transactionBegin    = 5
	transactionCommit   = 7
	transactionRollback = 8
)

func parseTransaction(c *cursor) (request, error) {
	kind := c.uint16()
	if c.err != nil {
		return request{}, c.err
	}
	switch kind {
	case transactionBegin:
		return request{transaction: envBegin}, nil
	case transactionCommit:
		return request{transaction: envCommit}, nil
	case transactionRollback:
		return request{transaction: envRollback}, nil
	}
	return request{}, &Error{3989, 1, 16, fmt.Sprintf("The transaction request %d is not understood.", kind)}
}
