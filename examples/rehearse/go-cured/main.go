// The naive transform, cured: it answers with the records that fit, and puts the others back.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
)

func main() {
	lambda.Start(withinBudget(handle, 5_000_000))
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

// withinBudget puts back what does not fit. A record that can never fit is ProcessingFailed. In main:
// lambda.Start(withinBudget(handle, 5_000_000)). The function's role needs firehose:PutRecordBatch.
func withinBudget(handle handler, budgetBytes int) handlerWithContext {
	var client *firehose.Client
	return func(ctx context.Context, event events.KinesisFirehoseEvent) (events.KinesisFirehoseResponse, error) {
		response, err := handle(event)
		var late []int
		left := budgetBytes
		for index, answer := range response.Records {
			encoded, _ := json.Marshal(answer) // texts and bytes: it can't fail
			size := len(encoded) + 1
			if size <= left {
				left -= size
			} else if answer.Data != nil {
				response.Records[index] = failed(answer.RecordID)
				if size <= budgetBytes {
					late = append(late, index)
				}
			}
		}
		if err != nil || len(late) == 0 {
			return response, err
		}
		if client == nil {
			settings, err := config.LoadDefaultConfig(ctx)
			if err != nil {
				return response, err
			}
			client = firehose.NewFromConfig(settings)
		}
		return response, putBack(ctx, client, event, response.Records, late)
	}
}

// putBack answers Dropped only for records that the stream has accepted.
func putBack(ctx context.Context, client *firehose.Client, event events.KinesisFirehoseEvent,
	answers []events.KinesisFirehoseResponseRecord, late []int) error {
	_, stream, _ := strings.Cut(event.DeliveryStreamArn, "/")
	sources := map[string][]byte{}
	for _, record := range event.Records {
		sources[record.RecordID] = record.Data
	}
	for some := range slices.Chunk(late, 4) { // 4 records of 1,000 KiB are under 4 MiB
		input := firehose.PutRecordBatchInput{DeliveryStreamName: &stream}
		for _, index := range some {
			input.Records = append(input.Records, types.Record{Data: sources[answers[index].RecordID]})
		}
		put, err := client.PutRecordBatch(ctx, &input)
		if err != nil {
			return err
		}
		for at, entry := range put.RequestResponses {
			if entry.RecordId != nil {
				answers[some[at]].Result = events.KinesisFirehoseTransformedStateDropped
			}
		}
	}
	return nil
}

type handler func(events.KinesisFirehoseEvent) (events.KinesisFirehoseResponse, error)
type handlerWithContext func(context.Context, events.KinesisFirehoseEvent) (events.KinesisFirehoseResponse, error)

func failed(id string) events.KinesisFirehoseResponseRecord {
	return events.KinesisFirehoseResponseRecord{
		RecordID: id,
		Result:   events.KinesisFirehoseTransformedStateProcessingFailed,
	}
}
