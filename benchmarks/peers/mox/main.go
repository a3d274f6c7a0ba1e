// Reads the generated reports and records with mox. The protocol is in ../README.md.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mjl-/mox/tlsrpt"
)

type input struct {
	name  string
	bytes []byte
}

// readPlain does what mox does with a report: Parse, then Convert to the struct it works with.
func readPlain(b []byte) (*tlsrpt.Report, error) {
	r, err := tlsrpt.Parse(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	report := r.Convert()
	return &report, nil
}

// readGzip takes the steps that tlsrpt.ParseMessage takes with a gzip part.
func readGzip(b []byte) (*tlsrpt.Report, error) {
	gz, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	r, err := tlsrpt.Parse(gz)
	if err != nil {
		return nil, err
	}
	report := r.Convert()
	return &report, nil
}

func readMail(b []byte) (*tlsrpt.Report, error) {
	r, err := tlsrpt.ParseMessage(slog.New(slog.DiscardHandler), bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	report := r.Convert()
	return &report, nil
}

func readRecord(text []byte) (*tlsrpt.Record, error) {
	record, isRecord, err := tlsrpt.ParseRecord(string(text))
	if err == nil && !isRecord {
		err = fmt.Errorf("not a TLS-RPT record")
	}
	return record, err
}

func sessions(report *tlsrpt.Report) (sum int64) {
	for _, p := range report.Policies {
		sum += p.Summary.TotalSuccessfulSessionCount + p.Summary.TotalFailureSessionCount
	}
	return sum
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func reports(folder, set, suffix string) (inputs []input) {
	paths := must(filepath.Glob(filepath.Join(folder, set, "*"+suffix)))
	slices.Sort(paths)
	for _, path := range paths {
		inputs = append(inputs, input{set + "/" + filepath.Base(path), must(os.ReadFile(path))})
	}
	return inputs
}

func records(folder string) (inputs []input) {
	text, _ := os.ReadFile(filepath.Join(folder, "records.txt"))
	for i, line := range bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) {
		inputs = append(inputs, input{fmt.Sprintf("records.txt:%d", i+1), line})
	}
	return inputs
}

var lineBreaks = strings.NewReplacer("\n", " ", "\t", " ")

func say(name, value string, err error) {
	if err != nil {
		fmt.Printf("%s\trefused\t%s\n", name, lineBreaks.Replace(err.Error()))
	} else {
		fmt.Printf("%s\tread\t%s\n", name, value)
	}
}

func check(inputs []input, read func([]byte) (*tlsrpt.Report, error)) {
	for _, in := range inputs {
		report, err := read(in.bytes)
		value := ""
		if err == nil {
			value = string(must(json.Marshal(report.Convert())))
		}
		say(in.name, value, err)
	}
}

func checkRecords(inputs []input) {
	for _, in := range inputs {
		record, err := readRecord(in.bytes)
		var uris []string
		if err == nil {
			for _, list := range record.RUAs {
				for _, uri := range list {
					uris = append(uris, uri.String())
				}
			}
		}
		say(in.name, strings.Join(uris, " "), err)
	}
}

// measure reads all inputs once, then for at least 0.2 seconds; prints the nanoseconds and the
// rounds that this took, how many inputs there are, and what a round adds up to.
func measure(inputs []input, skip map[string]bool, read func([]byte) int64) {
	var used [][]byte
	for _, in := range inputs {
		if !skip[in.name] {
			used = append(used, in.bytes)
		}
	}
	round := func() (sum int64) {
		for _, b := range used {
			sum += read(b)
		}
		return sum
	}
	sum, rounds := round(), 0
	start := time.Now()
	for time.Since(start) < 200*time.Millisecond {
		if round() != sum {
			log.Fatal("two rounds differ")
		}
		rounds++
	}
	fmt.Println(time.Since(start).Nanoseconds(), rounds, len(used), sum)
}

func main() {
	folder := os.Args[2]
	if os.Args[1] == "check" {
		for _, set := range []string{"small", "medium"} {
			check(reports(folder, set, ".json"), readPlain)
			check(reports(folder, set, ".json.gz"), readGzip)
			check(reports(folder, set, ".eml"), readMail)
		}
		checkRecords(records(folder))
		return
	}
	skip := map[string]bool{}
	for _, name := range strings.Fields(string(must(os.ReadFile(os.Args[3])))) {
		skip[name] = true
	}
	plain := func(b []byte) int64 { return sessions(must(readPlain(b))) }
	gzipped := func(b []byte) int64 { return sessions(must(readGzip(b))) }
	mail := func(b []byte) int64 { return sessions(must(readMail(b))) }
	record := func(b []byte) (uris int64) {
		for _, list := range must(readRecord(b)).RUAs {
			uris += int64(len(list))
		}
		return uris
	}
	type task struct {
		inputs []input
		read   func([]byte) int64
	}
	tasks := map[string]task{
		"report/small":  {reports(folder, "small", ".json"), plain},
		"gzip/small":    {reports(folder, "small", ".json.gz"), gzipped},
		"mail/small":    {reports(folder, "small", ".eml"), mail},
		"report/medium": {reports(folder, "medium", ".json"), plain},
		"gzip/medium":   {reports(folder, "medium", ".json.gz"), gzipped},
		"record":        {records(folder), record},
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		measure(tasks[lines.Text()].inputs, skip, tasks[lines.Text()].read)
	}
}
