package tds

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// packetKind is the first byte of every packet (MS-TDS 2.2.3.1.1).
type packetKind uint8

const (
	kindBatch       packetKind = 1
	kindRPC         packetKind = 3
	kindReply       packetKind = 4
	kindAttention   packetKind = 6
	kindTransaction packetKind = 14
	kindLogin       packetKind = 16
	kindPrelogin    packetKind = 18
)

// The bits of a packet's status (MS-TDS 2.2.3.1.2).
const (
	statusEnd       = 0x01
	statusIgnore    = 0x02
	statusReset     = 0x08
	statusResetKeep = 0x10
)

const (
	headerSize = 8
	// smallestPacket is the least packet size a client may ask for; before the login
	// the server sends none larger, since the client has not said its own yet.
	smallestPacket = 512
	// largestPacket is the largest on an encrypted connection.
	largestPacket = 16383
	// largestMessage is what a client may send in one message: far more than any
	// query, far less than what would hurt.
	largestMessage = 4 << 20
)

// message is what the packets of one message held together.
type message struct {
	kind  packetKind
	reset bool // the session is to be reset first
	body  []byte
}

// readMessage reads the packets of one message. One that its sender wants ignored is
// passed over.
func readMessage(r io.Reader) (message, error) {
	for {
		m, ignored, err := readPackets(r)
		if err != nil || !ignored {
			return m, err
		}
	}
}

func readPackets(r io.Reader) (m message, ignored bool, err error) {
	for first := true; ; first = false {
		var header [headerSize]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return m, false, err
		}
		kind, status := packetKind(header[0]), header[1]
		size := int(binary.BigEndian.Uint16(header[2:])) - headerSize
		switch {
		case size < 0:
			return m, false, errors.New("a packet is shorter than its header")
		case len(m.body)+size > largestMessage:
			return m, false, errors.New("a message is too long")
		case first:
			m.kind, m.reset = kind, status&(statusReset|statusResetKeep) != 0
		case kind != m.kind:
			return m, false, fmt.Errorf("a packet of kind %d within a message of kind %d", kind, m.kind)
		}
		start := len(m.body)
		m.body = append(m.body, make([]byte, size)...)
		if _, err := io.ReadFull(r, m.body[start:]); err != nil {
			return m, false, fmt.Errorf("read the body of a packet: %w", err)
		}
		if status&statusEnd != 0 {
			return m, status&statusIgnore != 0, nil
		}
	}
}

// writer cuts what is appended to pending into packets, of which each is one write, as
// from SQL Server: a client need not wait for the next one.
type writer struct {
	to      io.Writer
	kind    packetKind
	size    int // of a packet, header included
	number  uint8
	spid    uint16
	pending []byte // of the message, not yet in a packet
	frame   []byte // the packet being written
}

func newWriter(w io.Writer, kind packetKind, size int) *writer {
	return &writer{to: w, kind: kind, size: size}
}

// send puts whole packets of what is pending on their way. The last bytes stay, since
// only end knows which packet is the last.
func (w *writer) send() error {
	sent := 0
	for room := w.size - headerSize; len(w.pending)-sent > room; sent += room {
		if err := w.packet(w.pending[sent:sent+room], room, 0); err != nil {
			return err
		}
	}
	if sent > 0 {
		w.pending = append(w.pending[:0], w.pending[sent:]...)
	}
	return nil
}

// flush sends all that is pending, without ending the message.
func (w *writer) flush() error {
	if err := w.send(); err != nil || len(w.pending) == 0 {
		return err
	}
	err := w.packet(w.pending, len(w.pending), 0)
	w.pending = w.pending[:0]
	return err
}

// end ends the message.
func (w *writer) end() error {
	if err := w.send(); err != nil {
		return err
	}
	err := w.packet(w.pending, len(w.pending), statusEnd)
	w.pending, w.number = w.pending[:0], 0
	return err
}

// truncate sends a packet that is shorter than its header says.
func (w *writer) truncate() error {
	if err := w.send(); err != nil {
		return err
	}
	return w.packet(w.pending[:len(w.pending)/2], len(w.pending), 0)
}

// packet writes a packet whose body is said to have a number of bytes.
func (w *writer) packet(body []byte, said int, status uint8) error {
	w.number++
	w.frame = append(w.frame[:0], byte(w.kind), status, 0, 0, 0, 0, w.number, 0)
	binary.BigEndian.PutUint16(w.frame[2:], uint16(said+headerSize))
	binary.BigEndian.PutUint16(w.frame[4:], w.spid)
	w.frame = append(w.frame, body...)
	_, err := w.to.Write(w.frame)
	return err
}
