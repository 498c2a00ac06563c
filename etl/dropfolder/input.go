package dropfolder

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/plaintext"
)

// input is a file that is to be read, some formats more than once.
type input struct {
	path     string
	size     int64
	modified time.Time
	content  string // hex SHA-256 of the bytes as they lie there
	watch    func(done int64)
	script   *plaintext.Script // how a text file is written, once that is known
}

// examine looks a file over and takes its hash, or recalls it.
func examine(ctx context.Context, path string, memory *seen) (*input, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, etl.Fault{Message: "the file is empty", Try: "export it again"}
	}
	in := &input{path: path, size: info.Size(), modified: info.ModTime(), watch: func(int64) {}}
	if content, known := memory.recall(info); known {
		in.content = content
		return in, nil
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, contextReader{ctx, file}); err != nil {
		return nil, err
	}
	in.content = hex.EncodeToString(digest.Sum(nil))
	memory.remember(info, in.content)
	return in, nil
}

// unchanged faults a file that somebody wrote to since it was examined.
func (in *input) unchanged() error {
	info, err := os.Stat(in.path)
	if err != nil {
		return err
	}
	if info.Size() != in.size || !info.ModTime().Equal(in.modified) {
		return etl.Fault{
			Message: "the file was changed while it was read",
			Try:     "run again when it has been copied in full",
		}
	}
	return nil
}

// open returns the file's bytes, unpacked where the name ends in ".gz". Reading
// ends with the context; progress goes to the input's watch where told is set.
func (in *input) open(ctx context.Context, told bool) (io.ReadCloser, error) {
	file, err := os.Open(in.path)
	if err != nil {
		return nil, err
	}
	plain := &opened{Reader: contextReader{ctx, file}, file: file}
	if told {
		plain.Reader = &meter{Reader: plain.Reader, tell: in.watch}
	}
	if !strings.HasSuffix(strings.ToLower(in.path), ".gz") {
		return plain, nil
	}
	unpacked, err := gzip.NewReader(plain.Reader)
	if err != nil {
		file.Close()
		return nil, gzipFault(err)
	}
	plain.Reader = gzipReader{unpacked}
	return plain, nil
}

// opened is a reader and the file to close behind it.
type opened struct {
	io.Reader
	file *os.File
}

func (o *opened) Close() error { return o.file.Close() }

// contextReader ends with an error when its context does.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// meter tells how many bytes have gone by.
type meter struct {
	io.Reader
	done int64
	tell func(int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.done += int64(n)
	m.tell(m.done)
	return n, err
}

// gzipReader words the faults of a compressed file.
type gzipReader struct{ *gzip.Reader }

func (r gzipReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = gzipFault(err)
	}
	return n, err
}

func gzipFault(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return etl.Fault{Message: "the compressed file is cut off", Try: "copy it again"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return etl.Fault{
		Message: fmt.Sprintf("the file cannot be unpacked: %v", err),
		Try:     "copy it again, or take \".gz\" off its name if it is not compressed",
	}
}
