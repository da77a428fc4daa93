"""Starts a kernel, and sends it a first piece of code that no front end sees.

    python start_kernel.py CONNECTION_FILE CODE_FILE KERNEL [ARGUMENT …]

Deno's kernel (2.9.6) has no option for code that runs at its start. So this program becomes the
kernel, and a second process sends the code as an ordinary `execute_request`, silent and without a
counter, waits for the answer, and ends. The kernel keeps this process's id, so signals reach it.
The messages are those of https://jupyter-client.readthedocs.io/en/stable/messaging.html.
"""

import hashlib
import hmac
import json
import os
import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path

# The kernel answers within a second; a machine under load may need more.
ANSWER_WITHIN_MS = 60_000


def execute_request(code, key):
    """The frames of a signed request, as jupyter_client would send them."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "session": uuid.uuid4().hex,
        "username": "start_kernel",
        "date": datetime.now(timezone.utc).isoformat(),
        "msg_type": "execute_request",
        "version": "5.3",
    }
    content = {
        "code": code,
        "silent": True,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    signature = hmac.new(key.encode(), b"".join(parts), hashlib.sha256).hexdigest()
    return [b"<IDS|MSG>", signature.encode(), *parts]


def send_first(connection_file, code_file):
    """Sends the code, and waits until the kernel has answered."""
    import zmq  # loaded only here: the kernel does not wait for it

    connection = json.loads(Path(connection_file).read_text())
    socket = zmq.Context().socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(f"{connection['transport']}://{connection['ip']}:{connection['shell_port']}")
    socket.send_multipart(execute_request(Path(code_file).read_text("utf-8"), connection["key"]))
    socket.poll(ANSWER_WITHIN_MS)


def in_the_background(act):
    """Runs `act` in a process that the kernel is not the parent of: nobody has to collect it."""
    child = os.fork()
    if child != 0:
        os.waitpid(child, 0)
        return
    if os.fork() == 0:
        try:
            act()
        finally:
            os._exit(0)
    os._exit(0)


if __name__ == "__main__":
    connection_file, code_file, *kernel = sys.argv[1:]
    in_the_background(lambda: send_first(connection_file, code_file))
    os.execv(kernel[0], kernel)
