#!/usr/bin/env bash
# Deno's Jupyter kernel starts a worker half a second late, and delivers the first message to it half a
# second late again. The same code in `deno run`, also with --inspect, takes some ten milliseconds.
#
# The time is waited, not computed, and workers that start together wait one after the other. A program
# that makes a worker for each task, as one does for an engine in WebAssembly, gets a second slower with
# each of them in a notebook. One worker for all tasks answers at once from its second message on.
#
# Seen on 2026-11-30 with Deno 2.9.6 (npm), jupyter_client 8.10.0 and Python 3.11, on Linux:
# deno run: ready after 10 ms, first answer 1 ms, second 0.1 ms.
# kernel: ready after 510 ms, first answer 502 ms, second 0.3 ms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check jupyter_client==8.10.0
deno=$(find "$PWD/node_modules/@deno" -name deno -type f | head -1)

cat > work.ts <<'TS'
const code = "postMessage('ready'); onmessage = () => postMessage('answer');";
const worker = new Worker(`data:application/javascript,${code}`, { type: "module" });
const seen = async (act: () => void) => {
  const began = performance.now();
  const answer = new Promise((resolve) => worker.onmessage = resolve);
  act();
  await answer;
  const ms = performance.now() - began;
  console.error(`${ms.toFixed(1)} ms`);
  return ms < 300 ? "soon" : "late";
};
const ready = await seen(() => {});
const first = await seen(() => worker.postMessage(1));
const second = await seen(() => worker.postMessage(2));
console.log(`ready ${ready}, first answer ${first}, second ${second}`);
worker.terminate();
TS
cat > kernel.py <<'PY'
import sys

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec


class Deno(KernelManager):
    @property
    def kernel_spec(self):
        argv = [sys.argv[1], "jupyter", "--quiet", "--kernel", "--conn", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Deno", language="typescript")


def show(message):
    if message["msg_type"] == "stream":
        content = message["content"]
        print(content["text"], end="", file=getattr(sys, content["name"]))


manager = Deno()
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.execute_interactive(open("work.ts").read(), output_hook=show, timeout=60)
client.stop_channels()
manager.shutdown_kernel(now=True)
PY

out="deno run: $("$deno" run work.ts)
kernel: $(venv/bin/python kernel.py "$deno")"
echo "$out"
expected='deno run: ready soon, first answer soon, second soon
kernel: ready late, first answer late, second soon'
[[ "$out" == "$expected" ]]
