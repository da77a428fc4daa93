#!/usr/bin/env bash
# Deno's node:sqlite takes only the first step of a statement in DatabaseSync.exec().
#
# SQLite's sqlite3_exec(), which exec() is named after, steps each statement to its end. For most
# statements the first step does all the work. PRAGMA incremental_vacuum(N) frees one page a step: with
# exec() a database that should give N pages back to the file system gives back one, without an error.
# A prepared statement's all() takes all steps.
#
# Seen on 2026-11-30 with Deno 2.9.6 (npm), beside Python 3.11's sqlite3 (SQLite 3.x of the system).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > shrink.ts <<'TS'
import { DatabaseSync } from "node:sqlite";

const database = new DatabaseSync(":memory:");
database.exec("PRAGMA auto_vacuum = INCREMENTAL; CREATE TABLE t (b BLOB)");
database.exec("INSERT INTO t VALUES (zeroblob(4000000)); DROP TABLE t");
const free = () => Number(database.prepare("PRAGMA freelist_count").get()?.freelist_count);
let before = free();
database.exec("PRAGMA incremental_vacuum(100)");
console.log(before - free());
before = free();
database.prepare("PRAGMA incremental_vacuum(100)").all();
console.log(before - free());
TS
cat > shrink.py <<'PY'
import sqlite3

database = sqlite3.connect(":memory:", isolation_level=None)
database.executescript("PRAGMA auto_vacuum = INCREMENTAL; CREATE TABLE t (b BLOB)")
database.executescript("INSERT INTO t VALUES (zeroblob(4000000)); DROP TABLE t")
free = lambda: database.execute("PRAGMA freelist_count").fetchone()[0]
before = free()
database.executescript("PRAGMA incremental_vacuum(100)")
print(before - free())
PY

npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null
read -r by_exec by_all <<< "$(./node_modules/.bin/deno run -A shrink.ts | tr '\n' ' ')"
by_python=$(python3 shrink.py)

expect() {
  echo "$1: $3 pages"
  [ "$2" = "$3" ] || { echo "expected $2" >&2; exit 1; }
}
expect "Deno, exec()" 1 "$by_exec"
expect "Deno, prepare().all()" 100 "$by_all"
expect "Python, executescript()" 100 "$by_python"
