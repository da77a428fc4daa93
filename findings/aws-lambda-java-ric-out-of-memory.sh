#!/usr/bin/env bash
# After an OutOfMemoryError of the handler, Java's runtime client posts the error and exits with 0.
#
# An exception of the handler is posted, and the process goes on with the next invocation. An OutOfMemoryError
# is posted as well, then the process ends, with the exit code of success. Where memory runs out, the processes
# of Node, Go and Rust end with 134, 2 and 134.
#
# Seen on 2026-11-30 with aws-lambda-java-runtime-interface-client 2.10.1 and Java 17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>example</groupId><artifactId>example</artifactId><version>1</version>
<dependencies><dependency><groupId>com.amazonaws</groupId>
<artifactId>aws-lambda-java-runtime-interface-client</artifactId><version>2.10.1</version></dependency></dependencies></project>
EOF
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib

cat > Handler.java <<'EOF'
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

public class Handler implements RequestHandler<Map<String, Object>, Object> {
  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    return new long[Integer.MAX_VALUE - 8].length;
  }
}
EOF
javac -cp "lib/*" -d classes Handler.java

cat > run.py <<'EOF'
import http.server
import os
import subprocess
import threading

asked, posted = [], []


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        asked.append(self.path)
        self.answer(200, b"{}", [
            ("Lambda-Runtime-Aws-Request-Id", f"id-{len(asked)}"),
            ("Lambda-Runtime-Deadline-Ms", "9999999999999"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f"),
            ("Content-Type", "application/json"),
        ])

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        posted.append(self.path.rsplit("/", 1)[-1])
        self.answer(202, b'{"status":"OK"}\n')

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()
names = ["FUNCTION_NAME", "FUNCTION_VERSION", "LOG_GROUP_NAME", "LOG_STREAM_NAME"]
ended = subprocess.run(
    ["java", "-Xmx64m", "-cp", "classes:lib/*",
     "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", "Handler::handleRequest"],
    env={**os.environ, **{f"AWS_LAMBDA_{name}": "f" for name in names},
         "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "LAMBDA_TASK_ROOT": os.getcwd(),
         "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"},
    capture_output=True,
    text=True,
    timeout=60,
)
print(ended.stdout[:200], f"exit code {ended.returncode}, asked {len(asked)}, posted {posted}")
assert "java.lang.OutOfMemoryError" in ended.stdout
assert (ended.returncode, len(asked), posted) == (0, 1, ["error"]), "it does something else now"
EOF
python3 run.py
