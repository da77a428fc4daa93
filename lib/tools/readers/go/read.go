// Reads the objects with Go's readers: `go run . PLAN`. Prints one JSON line for each reader and
// case: the ids of the rows it got, or the error.
package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	xerial "github.com/eapache/go-xerial-snappy"
	klauspost "github.com/klauspost/compress/gzip"
)

type plan struct {
	Files map[string]string
	Urls  map[string]string
}

type line struct {
	Reader  string `json:"reader"`
	Version string `json:"version"`
	Case    string `json:"case"`
	Ids     []int  `json:"ids"`
	Error   string `json:"error,omitempty"`
}

type read func(place string) ([]byte, error)

var gzipCases = []string{"oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"}
var httpCases = []string{"httpOneMember", "httpMembers"}

func main() {
	var plan plan
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &plan)
	}
	if err != nil {
		panic(err)
	}
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	run(plan, "Go compress/gzip", goVersion, gzipCases, ofFile(func(file io.Reader) (io.Reader, error) {
		return gzip.NewReader(file)
	}))
	run(plan, "Go archive/zip", goVersion, []string{"zip"}, readZip)
	run(plan, "Go net/http", goVersion, httpCases, get)
	version := versionOf("github.com/klauspost/compress")
	run(plan, "klauspost/compress gzip", version, gzipCases, ofFile(func(file io.Reader) (io.Reader, error) {
		return klauspost.NewReader(file)
	}))
	version = versionOf("github.com/eapache/go-xerial-snappy")
	run(plan, "go-xerial-snappy", version, []string{"snappy"}, func(path string) ([]byte, error) {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return xerial.Decode(content)
	})
}

func run(plan plan, reader, version string, cases []string, read read) {
	out := json.NewEncoder(os.Stdout)
	for _, name := range cases {
		place, isUrl := plan.Urls[name]
		if !isUrl {
			place = plan.Files[name]
		}
		line := line{Reader: reader, Version: version, Case: name}
		content, err := read(place)
		if err == nil {
			line.Ids, err = idsOf(content)
		}
		if err != nil {
			line.Error = err.Error()
		}
		out.Encode(line)
	}
}

func idsOf(content []byte) ([]int, error) {
	ids := []int{}
	for _, text := range bytes.Split(content, []byte("\n")) {
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var row struct{ Id int }
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, err
		}
		ids = append(ids, row.Id)
	}
	return ids, nil
}

func ofFile(open func(io.Reader) (io.Reader, error)) read {
	return func(path string) ([]byte, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		reader, err := open(file)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(reader)
	}
}

func readZip(path string) ([]byte, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	file, err := archive.File[0].Open()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}

func get(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}

func versionOf(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	return ""
}
