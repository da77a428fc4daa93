//! One function that fails in every way. The variable CASE chooses how; it is set for the whole process.
use aws_lambda_events::event::firehose::{
    KinesisFirehoseResponse, KinesisFirehoseResponseRecord, KinesisFirehoseResponseRecordMetadata,
};
use lambda_runtime::{service_fn, Error, LambdaEvent};
use serde_json::{json, to_value, Value};

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    println!("a line of the function");
    match std::env::var("CASE")?.as_str() {
        "throw" => Err("no country in the record".into()),
        "throwLines" => Err("no country in the record\nrecord 7\nof 12".into()),
        "panic" => {
            let records: Vec<String> = vec![];
            Ok(json!(records[event.payload.as_object().map_or(7, |members| members.len() + 7)]))
        }
        "tooLarge" => Ok(json!({ "records": "x".repeat(6_291_557) })),
        "exit" => std::process::exit(3),
        "memory" => Ok(json!(vec![0u8; 1 << 46].len())),
        "userText" => {
            println!("the child said: signal: killed, and ResponseSizeTooLarge");
            Ok(plain())
        }
        "response" => Ok(plain()),
        "responseOfEvents" => Ok(of_events()?),
        _ => Ok(event.payload),
    }
}

fn plain() -> Value {
    json!({ "records": [
        { "recordId": "1", "result": "Ok", "data": "YQ==", "metadata": { "partitionKeys": { "city": "Zürich 🚆" } } },
        { "recordId": "2", "result": "Dropped" },
    ] })
}

fn of_events() -> Result<Value, Error> {
    let mut response = KinesisFirehoseResponse::default();
    let mut metadata = KinesisFirehoseResponseRecordMetadata::default();
    metadata.partition_keys.insert("city".into(), "Zürich 🚆".into());
    let mut first = KinesisFirehoseResponseRecord::default();
    first.record_id = Some("1".into());
    first.result = Some("Ok".into());
    first.data = serde_json::from_value(json!("YQ=="))?;
    first.metadata = metadata;
    let mut second = KinesisFirehoseResponseRecord::default();
    second.record_id = Some("2".into());
    second.result = Some("Dropped".into());
    response.records = vec![first, second];
    Ok(to_value(response)?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::tracing::init_default_subscriber();
    if std::env::var("CASE")? == "initError" {
        panic!("no such table");
    }
    lambda_runtime::run(service_fn(handle)).await
}
