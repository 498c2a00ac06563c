package tds

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

type silent struct{}

func (silent) Query(context.Context, string, []Param) (Rows, error) { return nil, nil }

// packet is one packet that is a message of its own.
func packet(kind packetKind, body []byte) []byte {
	h := []byte{byte(kind), statusEnd, 0, 0, 0, 0, 1, 0}
	binary.BigEndian.PutUint16(h[2:], uint16(len(body)+headerSize))
	return append(h, body...)
}

// loginFor is the LOGIN7 that a client of TDS 7.4 sends.
func loginFor(user, password, database string) []byte {
	b := make([]byte, loginFixed)
	binary.LittleEndian.PutUint32(b[4:], 0x74000004)
	binary.LittleEndian.PutUint32(b[8:], 4096)
	put := func(at int, raw []byte) {
		binary.LittleEndian.PutUint16(b[at:], uint16(len(b)))
		binary.LittleEndian.PutUint16(b[at+2:], uint16(len(raw)/2))
		b = append(b, raw...)
	}
	put(fieldUser, appendUTF16(nil, user))
	mangled := appendUTF16(nil, password)
	for i, c := range mangled {
		mangled[i] = (c<<4 | c>>4) ^ 0xA5
	}
	put(fieldPassword, mangled)
	put(fieldDatabase, appendUTF16(nil, database))
	binary.LittleEndian.PutUint32(b, uint32(len(b)))
	return b
}

var noHeaders = []byte{4, 0, 0, 0}

// greeting is all that a client sends up to and with its login, without encryption.
func greeting() []byte {
	return append(packet(kindPrelogin, appendPrelogin(nil, encryptNotSupported)), packet(kindLogin, loginFor("u", "p", "d"))...)
}

func TestAPasswordIsUnderstood(t *testing.T) {
	l, err := parseLogin(loginFor("læser", "pässwörd €😀", "db"))
	if err != nil || l.user != "læser" || l.password != "pässwörd €😀" || l.database != "db" || l.packetSize != 4096 {
		t.Errorf("got %+v, %v", l, err)
	}
}

// talk sends bytes to a server without encryption and reads until it hangs up.
func talk(t testing.TB, sent []byte) []byte {
	t.Helper()
	server, err := Serve(t.Context(), Options{User: "u", Password: "p", Database: "d", Handler: silent{}, Plaintext: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Write(sent)
	conn.(*net.TCPConn).CloseWrite()
	// A server that neither answers nor hangs up would keep the test until its end.
	late := time.AfterFunc(10*time.Second, func() { t.Error("the server hangs"); conn.Close() })
	defer late.Stop()
	got, _ := io.ReadAll(conn)
	return got
}

func TestWhatAHostileClientSends(t *testing.T) {
	long := binary.LittleEndian.AppendUint32(nil, 1<<31)
	for _, c := range []struct {
		name string
		sent []byte
		want byte // a token among the answers to what came after the login; 0: there is none
	}{
		{"nothing", nil, 0},
		{"half a header", []byte{1, 1, 0}, 0},
		{"a packet shorter than its header", []byte{1, 1, 0, 3, 0, 0, 0, 0}, 0},
		{"a login without a prelogin", packet(kindLogin, loginFor("u", "p", "d")), 0},
		{"a batch without a login", append(packet(kindPrelogin, appendPrelogin(nil, 2)), packet(kindBatch, noHeaders)...), 0},
		{"an empty prelogin", packet(kindPrelogin, nil), 0},
		{"a login that is cut off", append(packet(kindPrelogin, appendPrelogin(nil, 2)), packet(kindLogin, loginFor("u", "p", "d")[:50])...), 0},
		{"a batch", append(greeting(), packet(kindBatch, append(noHeaders, 'x', 0))...), tokenDone},
		{"a batch of an odd length", append(greeting(), packet(kindBatch, append(noHeaders, 'x'))...), tokenDone},
		{"headers longer than the message", append(greeting(), packet(kindBatch, long)...), 0},
		{"a procedure that is not there", append(greeting(), packet(kindRPC, append(noHeaders, 1, 0, 'x', 0, 0, 0))...), tokenError},
		{"a parameter of no type", append(greeting(), packet(kindRPC, append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0x99))...), tokenError},
		{"a parameter that is cut off", append(greeting(), packet(kindRPC, append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0x26))...), tokenError},
		{"a procedure without a statement", append(greeting(), packet(kindRPC, append(noHeaders, 255, 255, 10, 0, 0, 0))...), tokenError},
		{"a transaction of no kind", append(greeting(), packet(kindTransaction, append(noHeaders, 99, 0))...), tokenError},
		{"a bulk load", append(greeting(), packet(7, noHeaders)...), 0},
		{"cancelling nothing", append(greeting(), packet(kindAttention, nil)...), tokenDone},
		{"two questions at once", append(append(greeting(), packet(kindBatch, noHeaders)...), packet(kindBatch, noHeaders)...), tokenDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := talk(t, c.sent)
			if welcome := talk(t, greeting()); bytes.HasPrefix(c.sent, greeting()) {
				if len(got) < len(welcome) {
					t.Fatalf("the answer of %d bytes has not even the welcome", len(got))
				}
				got = got[len(welcome):]
			}
			if c.want != 0 && (len(got) <= headerSize || got[headerSize] != c.want) {
				t.Errorf("got % x, want token %x", got, c.want)
			}
		})
	}
}

func TestAClientThatDoesNotLogIn(t *testing.T) {
	server, err := Serve(t.Context(), Options{User: "u", Database: "d", Handler: silent{}, Greeting: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
}

func TestReadMessage(t *testing.T) {
	part := func(kind packetKind, status byte, body string) []byte {
		b := packet(kind, []byte(body))
		b[1] = status
		return b
	}
	for _, c := range []struct {
		name string
		sent [][]byte
		want string // "" for an error
	}{
		{"one packet", [][]byte{part(kindBatch, statusEnd, "abc")}, "abc"},
		{"three packets", [][]byte{part(kindBatch, 0, "a"), part(kindBatch, 0, ""), part(kindBatch, statusEnd, "c")}, "ac"},
		{"one to be ignored", [][]byte{part(kindBatch, 0, "a"), part(kindBatch, statusEnd|statusIgnore, "b"), part(kindRPC, statusEnd, "c")}, "c"},
		{"a packet of another kind", [][]byte{part(kindBatch, 0, "a"), part(kindRPC, statusEnd, "b")}, ""},
		{"no end", [][]byte{part(kindBatch, 0, "a")}, ""},
	} {
		m, err := readMessage(bytes.NewReader(bytes.Join(c.sent, nil)))
		if (err != nil) != (c.want == "") || err == nil && string(m.body) != c.want {
			t.Errorf("%s: got %q, %v", c.name, m.body, err)
		}
	}
	var endless endlessPackets
	if _, err := readMessage(&endless); err == nil || endless > 2*largestMessage {
		t.Errorf("a message without end was read for %d bytes: %v", endless, err)
	}
}

// endlessPackets is a message that never ends.
type endlessPackets int

func (e *endlessPackets) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = []byte{1, 0, 0xff, 0xf8, 0, 0, 0, 0}[int(*e)%8]
		*e++
	}
	return len(b), nil
}

// FuzzRequest shows that no message panics, and that what is read is a request or an error.
func FuzzRequest(f *testing.F) {
	f.Add(uint8(kindBatch), append(noHeaders, 's', 0, 'e', 0))
	f.Add(uint8(kindRPC), append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0x26, 4, 4, 1, 0, 0, 0))
	f.Add(uint8(kindRPC), append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0xe7, 255, 255, 0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 'x', 0, 0, 0, 0, 0))
	f.Add(uint8(kindRPC), append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0x2b, 7, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
	f.Add(uint8(kindRPC), append(noHeaders, 255, 255, 10, 0, 0, 0, 0, 0, 0x6c, 9, 19, 2, 9, 1, 1, 0, 0, 0, 0, 0, 0, 0))
	f.Add(uint8(kindTransaction), append(noHeaders, 5, 0))
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		r, err := parseRequest(message{kind: packetKind(kind), body: body})
		var refusal *Error
		if err == nil && kind == uint8(kindRPC) && !r.rpc {
			t.Error("a procedure call became a batch")
		}
		if errors.As(err, &refusal) && refusal.Number == 0 {
			t.Error("an error without a number")
		}
	})
}

func FuzzLogin(f *testing.F) {
	f.Add(loginFor("u", "p", "d"))
	f.Add(make([]byte, loginFixed))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := parseLogin(b); err == nil && (l.packetSize < smallestPacket || l.packetSize > largestPacket) {
			t.Errorf("packets of %d", l.packetSize)
		}
		parsePrelogin(b)
		readMessage(bytes.NewReader(b))
	})
}

// FuzzConversation shows that no bytes after a login panic or hang the server.
func FuzzConversation(f *testing.F) {
	f.Add(packet(kindBatch, noHeaders))
	f.Add(packet(kindAttention, nil))
	f.Fuzz(func(t *testing.T, sent []byte) {
		talk(t, append(greeting(), sent...))
	})
}
