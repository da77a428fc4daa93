#!/usr/bin/env bash
# aws-lambda-go's type of a Firehose response writes 120 bytes of empty fields for each record.
#
# KinesisFirehoseResponseRecord has no omitempty: a record without metadata gets "partitionKeys":null and
# an "otfMetadata" (for Apache Iceberg destinations) with three empty texts; a dropped one "data":null
# besides. For the 10,000 records that Firehose may send at once these are 1.2 MB of the 6 MB that a
# response may take. A map of the same members has none of it.
#
# Seen on 2026-11-30 with github.com/aws/aws-lambda-go 1.55.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

func main() {
	typed, _ := json.Marshal(events.KinesisFirehoseResponseRecord{RecordID: "1", Result: "Ok", Data: []byte("a")})
	plain, _ := json.Marshal(map[string]string{"recordId": "1", "result": "Ok", "data": "YQ=="})
	fmt.Println(string(typed))
	fmt.Println(len(typed) - len(plain))
}
EOF
go mod init example > /dev/null 2>&1
go get github.com/aws/aws-lambda-go@v1.55.1 > /dev/null 2>&1
output=$(go run .)
echo "$output"
[ "$(tail -n 1 <<< "$output")" = 120 ]
