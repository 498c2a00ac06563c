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

func copyPart(out *zip.Writer, file *zip.File, language string) error {
	part, err := file.Open()
	if err != nil {
		return err
	}
	defer part.Close()
	content, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	switch {
	case file.Name == contentTypes:
		content, err = sortContentTypes(content)
	case strings.HasPrefix(file.Name, "xl/charts/") && language != "":
		content = bytes.ReplaceAll(content, []byte(`"`+drawingLang+`"`), []byte(`"`+locale(language)+`"`))
	}
	if err != nil {
		return err
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(content)
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
