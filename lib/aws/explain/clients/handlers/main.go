// One function that fails in every way. The variable CASE chooses how; it is set for the whole process.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func handle(_ context.Context, event json.RawMessage) (any, error) {
	fmt.Println("a line of the function")
	switch os.Getenv("CASE") {
	case "throw":
		return nil, errors.New("no country in the record")
	case "throwLines":
		return nil, errors.New("no country in the record\nrecord 7\nof 12")
	case "panic":
		var records []string
		return records[7], nil
	case "tooLarge":
		return map[string]string{"records": strings.Repeat("x", 6_291_557)}, nil
	case "exit":
		os.Exit(3)
	case "memory":
		debug.SetMemoryLimit(1 << 40)
		return len(make([]byte, 1<<46)), nil
	case "unserialisable":
		return map[string]any{"records": make(chan int)}, nil
	case "userText":
		fmt.Println("the child said: signal: killed, and ResponseSizeTooLarge")
		return plain(), nil
	case "response":
		return plain(), nil
	case "responseOfEvents":
		return events.KinesisFirehoseResponse{Records: []events.KinesisFirehoseResponseRecord{
			{RecordID: "1", Result: "Ok", Data: []byte("a"), Metadata: events.KinesisFirehoseResponseRecordMetadata{
				PartitionKeys: map[string]string{"city": "Zürich 🚆"},
			}},
			{RecordID: "2", Result: "Dropped"},
		}}, nil
	}
	return event, nil
}

func plain() any {
	return map[string]any{"records": []any{
		map[string]any{"recordId": "1", "result": "Ok", "data": "YQ==", "metadata": map[string]any{
			"partitionKeys": map[string]string{"city": "Zürich 🚆"},
		}},
		map[string]any{"recordId": "2", "result": "Dropped"},
	}}
}

func main() {
	if os.Getenv("CASE") == "initError" {
		panic("no such table")
	}
	lambda.Start(handle)
}
