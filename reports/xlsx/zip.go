package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	contentTypes = "[Content_Types].xml"
	drawingLang  = "en-US" // what excelize writes as the language of a chart's text
)

// normalise rewrites a workbook so that equal workbooks have equal bytes: parts in
// order of name behind the content types, content types in order, no time stamps.
// It also gives the charts' texts the document's language.
func normalise(w io.Writer, workbook []byte, language string) error {
	in, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return err
	}
	files := slices.Clone(in.File)
	slices.SortFunc(files, func(a, b *zip.File) int {
		if (a.Name == contentTypes) != (b.Name == contentTypes) {
			return cmp.Compare(b2i(b.Name == contentTypes), b2i(a.Name == contentTypes))
		}
		return strings.Compare(a.Name, b.Name)
	})
	out := zip.NewWriter(w)
	for _, file := range files {
		if err := copyPart(out, file, language); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return out.Close()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// copyPart writes one part, edited where it must be; all others pass without being
// unpacked and packed again.
func copyPart(out *zip.Writer, file *zip.File, language string) error {
	var edit func([]byte) ([]byte, error)
	switch {
	case file.Name == contentTypes:
		edit = sortContentTypes
	case strings.HasPrefix(file.Name, "xl/charts/") && language != "":
		edit = func(content []byte) ([]byte, error) {
			return bytes.ReplaceAll(content, []byte(`"`+drawingLang+`"`), []byte(`"`+locale(language)+`"`)), nil
		}
	default:
		return copyPacked(out, file)
	}
	content, err := readPart(file)
	if err != nil {
		return err
	}
	if content, err = edit(content); err != nil {
		return err
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

func readPart(file *zip.File) ([]byte, error) {
	part, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(part)
}

func copyPacked(out *zip.Writer, file *zip.File) error {
	packed, err := file.OpenRaw()
	if err != nil {
		return err
	}
	w, err := out.CreateRaw(&zip.FileHeader{
		Name: file.Name, Method: file.Method, CRC32: file.CRC32,
		CompressedSize64: file.CompressedSize64, UncompressedSize64: file.UncompressedSize64,
	})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, packed)
	return err
}

// locale is the language with its country, as drawings want it.
func locale(language string) string {
	if language == "da" {
		return "da-DK"
	}
	return language
}

type typesPart struct {
	XMLName   xml.Name `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Defaults  []typeOf `xml:"Default"`
	Overrides []typeOf `xml:"Override"`
}

type typeOf struct {
	Extension   string `xml:"Extension,attr,omitempty"`
	PartName    string `xml:"PartName,attr,omitempty"`
	ContentType string `xml:"ContentType,attr"`
}

func sortContentTypes(content []byte) ([]byte, error) {
	var types typesPart
	if err := xml.Unmarshal(content, &types); err != nil {
		return nil, err
	}
	byName := func(a, b typeOf) int {
		return cmp.Or(strings.Compare(a.Extension, b.Extension), strings.Compare(a.PartName, b.PartName))
	}
	slices.SortFunc(types.Defaults, byName)
	slices.SortFunc(types.Overrides, byName)
	sorted, err := xml.Marshal(types)
	return append([]byte(xml.Header), sorted...), err
}
