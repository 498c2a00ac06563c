package tds

import (
	"encoding/binary"
	"errors"
)

var errShort = errors.New("a message ends within a field")

// cursor reads fields from foreign bytes. After its first error it gives zeros, so
// that a parser may look at err once, at the end.
type cursor struct {
	rest []byte
	err  error
}

// take gives the next n bytes, which belong to the message.
func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.fail(errShort)
	}
	if c.err != nil {
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err, c.rest = err, nil
	}
}

func (c *cursor) uint8() uint8 {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) uint64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// short reads a text whose length in characters is one byte.
func (c *cursor) short() string { return fromUTF16(c.take(2 * int(c.uint8()))) }

// done reports whether everything was read, or nothing more can be.
func (c *cursor) done() bool { return len(c.rest) == 0 }
