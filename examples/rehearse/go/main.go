// A first transform, as many people write it. It works until records compress too well.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(handle)
}

func handle(event events.KinesisFirehoseEvent) (events.KinesisFirehoseResponse, error) {
	var response events.KinesisFirehoseResponse
	for _, record := range event.Records {
		answer, err := answerOf(record)
		if err != nil {
			return response, err
		}
		response.Records = append(response.Records, answer)
	}
	return response, nil
}

func answerOf(record events.KinesisFirehoseEventRecord) (events.KinesisFirehoseResponseRecord, error) {
	answer := events.KinesisFirehoseResponseRecord{
		RecordID: record.RecordID,
		Result:   events.KinesisFirehoseTransformedStateOk,
	}
	reader, err := gzip.NewReader(bytes.NewReader(record.Data))
	if err != nil {
		return answer, err
	}
	document, err := io.ReadAll(reader)
	if err != nil {
		return answer, err
	}
	var fields struct{ Database, Table string }
	if err := json.Unmarshal(document, &fields); err != nil {
		return answer, err
	}
	answer.Data = append(document, '\n')
	answer.Metadata.PartitionKeys = map[string]string{
		"database": fields.Database,
		"table":    fields.Table,
	}
	return answer, nil
}
