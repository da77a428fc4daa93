//! Reads the objects with Rust's readers: `cargo run PLAN`. Prints one JSON line for each reader and
//! case: the ids of the rows it got, or the error.

use async_compression::tokio::bufread::GzipDecoder;
use serde_json::{json, Value};
use std::error::Error;
use std::fs;
use std::io::Read;
use tokio::io::AsyncReadExt;

type Content = Result<Vec<u8>, Box<dyn Error>>;

const GZIP: [&str; 5] = ["oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"];
const HTTP: [&str; 2] = ["httpOneMember", "httpMembers"];

fn main() {
    let path = std::env::args().nth(1).expect("the plan's path");
    let plan: Value = serde_json::from_str(&fs::read_to_string(path).expect("the plan")).expect("JSON");
    let lock = include_str!("../Cargo.lock");
    let run = |reader: &str, package: &str, cases: &[&str], read: &dyn Fn(&str) -> Content| {
        for case in cases {
            let place = plan["urls"][case].as_str().or(plan["files"][case].as_str()).expect("a place");
            let mut line = json!({ "reader": reader, "version": version_of(lock, package), "case": case });
            match read(place).and_then(|content| ids_of(&content)) {
                Ok(ids) => line["ids"] = json!(ids),
                Err(error) => line["error"] = json!(error.to_string()),
            }
            println!("{line}");
        }
    };
    run("flate2 GzDecoder", "flate2", &GZIP, &|path| all(flate2::read::GzDecoder::new(open(path)?)));
    run("flate2 MultiGzDecoder", "flate2", &GZIP, &|path| all(flate2::read::MultiGzDecoder::new(open(path)?)));
    run("libflate Decoder", "libflate", &GZIP, &|path| all(libflate::gzip::Decoder::new(open(path)?)?));
    run("libflate MultiDecoder", "libflate", &GZIP, &|path| all(libflate::gzip::MultiDecoder::new(open(path)?)?));
    run("async-compression GzipDecoder", "async-compression", &GZIP, &|path| asynchronous(path, false));
    run("async-compression GzipDecoder, multiple_members(true)", "async-compression", &GZIP, &|path| {
        asynchronous(path, true)
    });
    run("reqwest", "reqwest", &HTTP, &|url| Ok(reqwest::blocking::get(url)?.bytes()?.to_vec()));
    run("reqwest, gzip(false), MultiGzDecoder", "reqwest", &HTTP, &|url| {
        let client = reqwest::blocking::Client::builder().gzip(false).build()?;
        all(flate2::read::MultiGzDecoder::new(client.get(url).send()?))
    });
}

fn open(path: &str) -> Result<fs::File, Box<dyn Error>> {
    Ok(fs::File::open(path)?)
}

fn all(mut reader: impl Read) -> Content {
    let mut content = Vec::new();
    reader.read_to_end(&mut content)?;
    Ok(content)
}

fn asynchronous(path: &str, has_multiple_members: bool) -> Content {
    let compressed = fs::read(path)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let mut decoder = GzipDecoder::new(&compressed[..]);
        decoder.multiple_members(has_multiple_members);
        let mut content = Vec::new();
        decoder.read_to_end(&mut content).await?;
        Ok(content)
    })
}

fn ids_of(content: &[u8]) -> Result<Vec<u64>, Box<dyn Error>> {
    let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines
        .map(|line| {
            let row: Value = serde_json::from_slice(line)?;
            row["id"].as_u64().ok_or_else(|| "a row without an id".into())
        })
        .collect()
}

/// The version that Cargo.lock names.
fn version_of(lock: &str, package: &str) -> String {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"")));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.unwrap_or("unknown").to_string()
}
