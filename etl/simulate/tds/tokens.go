package tds

import "encoding/binary"

// The tokens of an answer (MS-TDS 2.2.7).
const (
	tokenReturnStatus = 0x79
	tokenColumns      = 0x81
	tokenError        = 0xaa
	tokenInfo         = 0xab
	tokenLoginAck     = 0xad
	tokenRow          = 0xd1
	tokenRowNulls     = 0xd2
	tokenEnvChange    = 0xe3
	tokenDone         = 0xfd
	tokenDoneProc     = 0xfe
	tokenDoneInProc   = 0xff
)

// The bits of DONE's status.
const (
	doneMore      = 0x01
	doneError     = 0x02
	doneCount     = 0x10
	doneAttention = 0x20
)

// The kinds of ENVCHANGE that are sent.
const (
	envDatabase   = 1
	envLanguage   = 2
	envPacketSize = 4
	envCollation  = 7
	envBegin      = 8
	envCommit     = 9
	envRollback   = 10
	envReset      = 18
)

// serverName is the name the server gives itself in errors.
const serverName = "SIMULATED"

// commandSelect is what DONE names as the command that ended.
const commandSelect = 0xc1

// collation is Danish_Norwegian_CI_AS: code page 1252.
var collation = [5]byte{0x06, 0x04, 0xd0, 0x00, 0x00}

// sized appends a token whose length in two bytes follows its first byte.
func sized(b []byte, token byte, body func([]byte) []byte) []byte {
	at := len(b)
	b = body(append(b, token, 0, 0))
	binary.LittleEndian.PutUint16(b[at+1:], uint16(len(b)-at-3))
	return b
}

func appendEnvText(b []byte, kind byte, now, before string) []byte {
	return sized(b, tokenEnvChange, func(b []byte) []byte {
		return appendShort(appendShort(append(b, kind), now), before)
	})
}

func appendEnvBytes(b []byte, kind byte, now, before []byte) []byte {
	return sized(b, tokenEnvChange, func(b []byte) []byte {
		b = append(append(b, kind, byte(len(now))), now...)
		return append(append(b, byte(len(before))), before...)
	})
}

func appendLoginAck(b []byte) []byte {
	return sized(b, tokenLoginAck, func(b []byte) []byte {
		b = append(b, 1, 0x74, 0, 0, 4) // Transact-SQL, TDS 7.4
		b = appendShort(b, "Microsoft SQL Server")
		return append(b, serverVersion[:]...)
	})
}

func appendError(b []byte, e *Error) []byte { return appendMessage(b, tokenError, e) }
func appendInfo(b []byte, e *Error) []byte  { return appendMessage(b, tokenInfo, e) }

// longestMessage keeps an error's text within its token, as SQL Server does.
const longestMessage = 2047

func appendMessage(b []byte, token byte, e *Error) []byte {
	text := []rune(e.Message)
	if len(text) > longestMessage {
		text = text[:longestMessage]
	}
	return sized(b, token, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint32(b, uint32(e.Number))
		b = append(b, e.State, e.Class)
		b = appendLong(b, string(text))
		b = appendShort(b, serverName)
		b = appendShort(b, "")
		return binary.LittleEndian.AppendUint32(b, 1) // line
	})
}

// appendDone appends DONE, DONEPROC or DONEINPROC with the number of rows.
func appendDone(b []byte, token byte, status uint16, rows int64) []byte {
	b = append(b, token)
	b = binary.LittleEndian.AppendUint16(b, status)
	b = binary.LittleEndian.AppendUint16(b, commandSelect)
	return binary.LittleEndian.AppendUint64(b, uint64(rows))
}

func appendReturnStatus(b []byte, status int32) []byte {
	return binary.LittleEndian.AppendUint32(append(b, tokenReturnStatus), uint32(status))
}
