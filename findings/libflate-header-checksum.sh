#!/usr/bin/env bash
# libflate refuses a gzip header with a correct checksum (FHCRC).
#
# RFC 1952, section 2.3.1: the checksum is the two low bytes of the CRC-32 of the header before it. zlib
# checks it and reads the member, and so does flate2. libflate computes another value.
#
# Seen on 2026-11-30 with libflate 2.3.2 and Rust 1.95: "CRC16 of GZIP header mismatched" for a header
# of ten bytes and its checksum; the content if the flag and the checksum are left out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > Cargo.toml <<'EOF'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
libflate = "=2.3.2"
EOF
mkdir src
cat > src/main.rs <<'EOF'
use std::io::Read;

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let mut content = String::new();
        match libflate::gzip::Decoder::new(&bytes[..]).and_then(|mut d| d.read_to_string(&mut content)) {
            Ok(_) => println!("{path}: {}", content.trim()),
            Err(error) => println!("{path}: {error}"),
        }
    }
}
EOF
python3 - <<'EOF'
import gzip, struct, zlib

plain = gzip.compress(b"content\n", mtime=0)
header = plain[:3] + b"\x02" + plain[4:10]
checked = header + struct.pack("<H", zlib.crc32(header) & 0xFFFF) + plain[10:]
assert zlib.decompress(checked, 31) == b"content\n"
open("plain.gz", "wb").write(plain)
open("checksum.gz", "wb").write(checked)
EOF
seen=$(cargo run --quiet -- plain.gz checksum.gz)
echo "$seen"
grep -q "^plain.gz: content$" <<< "$seen"
grep -q "^checksum.gz: CRC16 of GZIP header mismatched" <<< "$seen"
