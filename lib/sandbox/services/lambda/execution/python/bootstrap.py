"""Runs AWS's own runtime interface client, awslambdaric, in a function's world.

Four things are added to it: /tmp and /var/task lead to the function's folders, a change of mode or
times of a path is made through an open file, because the sandbox lets no other through, datagrams that
the sandbox would refuse are lost, and a mark follows what each invocation wrote. Called as `python bootstrap.py HANDLER`; the folders come in
_SANDBOX_TASK_FOLDER and _SANDBOX_TMP_FOLDER.
"""

import builtins
import functools
import io
import json
import os
import runpy
import socket
import struct
import sys
import time
import weakref

END_FRAME = 0xA55A00FF
FOLDERS = [
    (os.environ["LAMBDA_TASK_ROOT"], os.environ.pop("_SANDBOX_TASK_FOLDER")),
    ("/tmp", os.environ.pop("_SANDBOX_TMP_FOLDER")),
]
# Stay what they are, also under /tmp, where the project itself may lie.
KEPT = [real for _, real in FOLDERS] + [sys.prefix, sys.base_prefix]
os.environ.pop("_SANDBOX_MARK", None)
# What the sandbox sets for this process, and AWS does not have.
for name in ("TMPDIR", "PYTHONPATH", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"):
    if name + "_OF_FUNCTION" in os.environ:
        os.environ[name] = os.environ.pop(name + "_OF_FUNCTION")
    else:
        os.environ.pop(name, None)


def real_path(path):
    """The path on this machine of what the function calls /tmp/x or /var/task/x."""
    if isinstance(path, os.PathLike):
        path = os.fspath(path)
    if isinstance(path, bytes):
        return os.fsencode(real_path(os.fsdecode(path)))
    if not isinstance(path, str):
        return path
    if any(path == kept or path.startswith(kept + "/") for kept in KEPT):
        return path
    for seen, real in FOLDERS:
        if path == seen or path.startswith(seen + "/"):
            return real + path[len(seen) :]
    return path


def translating(function, paths=1):
    """`function` with its first arguments, which are paths, translated."""

    @functools.wraps(function)
    def call(*args, **named):
        translated = [real_path(arg) if place < paths else arg for place, arg in enumerate(args)]
        for name in ("file", "path", "src", "dst"):
            if name in named:
                named[name] = real_path(named[name])
        return function(*translated, **named)

    return call


def translate(owner, names, paths=1):
    for name in names.split():
        if hasattr(owner, name):
            setattr(owner, name, translating(getattr(owner, name), paths))


def through_descriptor(function):
    """`function` of a path as a function of the open file: chmod and utime."""

    @functools.wraps(function)
    def call(path, *args, **named):
        if isinstance(path, int) or named.get("dir_fd") is not None:
            return function(path, *args, **named)
        named.pop("follow_symlinks", None)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return function(descriptor, *args, **named)
        finally:
            os.close(descriptor)

    return call


def install_files():
    os.chmod = through_descriptor(os.chmod)
    os.utime = through_descriptor(os.utime)
    # `open` stays what it is: a built-in function that classes may hold without binding it.
    builtins.open = io.open = staticmethod(translating(io.open)).__func__
    translate(
        os,
        "access chdir listdir lstat makedirs mkdir mkfifo open readlink remove rmdir scandir stat "
        "statvfs truncate unlink walk",
    )
    translate(os, "link rename replace symlink", paths=2)
    try:
        import sqlite3

        sqlite3.connect = translating(sqlite3.connect)
    except ImportError:
        pass


def install_datagrams():
    """Datagrams that may not be sent are lost, as any may be on a network.

    X-Ray's SDK and StatsD clients only send, and they open their UDP socket when they are imported: a
    refusal there would fail a function that works on AWS. Connections by TCP are refused as before.
    """
    lost = weakref.WeakSet()
    Socket = socket.socket
    init = Socket.__init__

    def opened(self, family=-1, type=-1, proto=-1, fileno=None):
        try:
            init(self, family, type, proto, fileno)
        except PermissionError:
            is_internet = family in (-1, socket.AF_INET, socket.AF_INET6)
            if fileno is not None or not is_internet or not is_datagram(type):
                raise
            # Never connected: it only holds the place of the other one.
            init(self, family, socket.SOCK_STREAM)
            lost.add(self)

    def is_datagram(type):
        return type != -1 and type & 0xF == socket.SOCK_DGRAM

    def losing(name, result):
        function = getattr(Socket, name)

        @functools.wraps(function)
        def call(self, *args):
            return result(*args) if self in lost else function(self, *args)

        setattr(Socket, name, call)

    Socket.__init__ = opened
    losing("connect", lambda address: None)
    losing("connect_ex", lambda address: 0)
    losing("send", lambda data, *flags: memoryview(data).nbytes)
    losing("sendall", lambda data, *flags: None)
    losing("sendto", lambda data, *flags_and_address: memoryview(data).nbytes)
    losing("sendmsg", lambda buffers, *rest: sum(memoryview(data).nbytes for data in buffers))


def write_mark(invocation):
    rss_bytes = 0  # Linux's own figures are read from outside
    if sys.platform == "darwin":
        import resource

        rss_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mark = json.dumps({"id": invocation, "rssBytes": rss_bytes}).encode()
    head = struct.pack(">IIQ", END_FRAME, len(mark), int(time.time() * 1_000_000))
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        stream.flush()
        os.write(descriptor, head + mark)


def mark_ends():
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    wait = LambdaRuntimeClient.wait_next_invocation
    current = "init"

    def marked_wait(self):
        nonlocal current
        write_mark(current)
        request = wait(self)
        current = request.invoke_id
        return request

    LambdaRuntimeClient.wait_next_invocation = marked_wait


if __name__ == "__main__":
    # The function's own modules come first, as on AWS.
    sys.path[0] = FOLDERS[0][1]
    install_files()
    install_datagrams()
    mark_ends()
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
