#!/usr/bin/env bash
# Deno.serve answers 400 to Java's HttpClient and to `curl --http2`, and its handler is never called.
#
# Both clients offer HTTP/2 over clear text in their first request: "Connection: Upgrade" with "Upgrade:
# h2c". RFC 9110, 7.8, lets a server ignore that. Deno.serve does so, unless the request also has a
# Content-Length, be it 0: then it is a 400 with an empty body. Java's HttpClient sends "Content-Length:
# 0" with every GET, so with its default settings it can't call a Deno server at http:// at all.
#
# Seen on 2026-11-30 with Deno 2.9.6 (npm), OpenJDK 17.0.15 and curl 7.88.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat > server.ts <<'TS'
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, () =>
  new Response("handled\n"));
TS
cat > Client.java <<'JAVA'
import java.net.URI;
import java.net.http.*;

public class Client {
  public static void main(String[] args) throws Exception {
    var version = HttpClient.Version.valueOf(args[1]);
    var client = HttpClient.newBuilder().version(version).build();
    var request = HttpRequest.newBuilder(URI.create(args[0])).build();
    System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
  }
}
JAVA

npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null
./node_modules/.bin/deno run --allow-net=127.0.0.1 server.ts > port.txt 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s port.txt ] && break; sleep 0.1; done
address="http://127.0.0.1:$(cat port.txt)/"

status() { curl --silent --output /dev/null --write-out '%{http_code}' "$@"; }
expect() {
  echo "$1: $3"
  [ "$2" = "$3" ] || { echo "expected $2" >&2; exit 1; }
}
expect "curl --http2, GET without Content-Length" 200 "$(status --http2 "$address")"
expect "curl --http2, POST with a body" 400 "$(status --http2 --data x "$address")"
expect "curl --http1.1, POST with a body" 200 "$(status --http1.1 --data x "$address")"
expect "Java's HttpClient with its default, HTTP_2" 400 "$(java Client.java "$address" HTTP_2)"
expect "Java's HttpClient with HTTP_1_1" 200 "$(java Client.java "$address" HTTP_1_1)"
