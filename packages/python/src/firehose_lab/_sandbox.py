"""A sandbox that a test starts and stops."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections import deque
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Sequence

from ._control import ControlPages, DeliveredObject, Fault
from ._objects import StoredObject, read_objects
from ._program import deno_command

#: A start takes less than a second; a slow machine's first one, a few.
_READY_WITHIN_S = 60
_STOP_WITHIN_S = 10
#: Lines of the log that are kept.
_LOG_LINES_MAX = 1_000


@dataclass(frozen=True)
class Credentials:
    """The root key of a sandbox's account."""

    access_key_id: str
    secret_access_key: str


def start_sandbox(
    *,
    port: int = 0,
    data_dir: str | os.PathLike[str] | None = None,
    speed: float = 60,
    args: Sequence[str] = (),
) -> Sandbox:
    """Starts a sandbox with its own account, and returns when it answers.

    It ends with this process. ``port`` 0 takes a free one; without ``data_dir`` nothing is kept;
    waits run ``speed`` times faster; ``args`` are further options of ``firehose-lab sandbox``.
    Raises a ``RuntimeError`` with the sandbox's own words if it does not start.
    """
    keep = ["--memory"] if data_dir is None else ["--data", os.fspath(data_dir)]
    options = ["--port", str(port), "--speed", str(speed), "--parent", str(os.getpid())]
    words, environment = deno_command("sandbox", [*options, *keep, *args])
    process = subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    log = _Log(process)
    try:
        endpoint, aws_dir = _ready_line(process, log)
        return Sandbox(process, log, endpoint, Path(aws_dir))
    except BaseException:
        _kill(process)
        raise


class Sandbox:
    """A sandbox that answers. As a context manager it stops at the end of its block."""

    def __init__(
        self, process: subprocess.Popen[str], log: _Log, endpoint: str, aws_dir: Path
    ) -> None:
        """Made by :func:`start_sandbox`."""
        config = _section(aws_dir / "config", "profile sandbox")
        keys = _section(aws_dir / "credentials", "sandbox")
        #: ``http://127.0.0.1:4566``.
        self.endpoint = endpoint
        self.region = config["region"]
        self.credentials = Credentials(keys["aws_access_key_id"], keys["aws_secret_access_key"])
        #: Variables that lead an AWS SDK here.
        self.env = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.credentials.secret_access_key,
            "AWS_CONFIG_FILE": str(aws_dir / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(aws_dir / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            **_asking_no_proxy(os.environ),
        }
        self._authority = config.get("ca_bundle")
        if self._authority is not None:
            self.env["AWS_CA_BUNDLE"] = self._authority
        self._process = process
        self._log = log
        # With --tls too, it speaks HTTP here: these pages need no authority.
        running = json.loads((aws_dir.parent / "sandbox.json").read_text(encoding="utf-8"))
        self._plain_endpoint: str = running["endpoint"]
        self._pages = ControlPages(self._plain_endpoint, config["sandbox_token"])

    def client(self, service: str, **options: Any) -> Any:
        """A client of boto3 for this sandbox: ``sandbox.client("firehose")``."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise ImportError("This needs boto3: pip install boto3") from error
        session = boto3.session.Session(
            aws_access_key_id=self.credentials.access_key_id,
            aws_secret_access_key=self.credentials.secret_access_key,
            region_name=self.region,
        )
        # The sandbox is on this machine: no proxy of the environment is asked.
        direct = Config(proxies={})
        config = direct.merge(options["config"]) if options.get("config") else direct
        usual = {"endpoint_url": self.endpoint, "verify": self._authority}
        return session.client(service, **{**usual, **options, "config": config})

    def flush(self, stream: str | None = None) -> list[DeliveredObject]:
        """Delivers what waits in one delivery stream, or in all, and returns the objects.

        They are in S3 then, also those that went through functions and partitions. Raises a
        ``ControlError`` if something can't be delivered; it stays in its buffer.
        """
        answer = self._pages.ask("POST", "flush", {} if stream is None else {"stream": stream})
        return [DeliveredObject(it["bucket"], it["key"]) for it in answer["objects"]]

    def reset(self, service: str | None = None, region: str | None = None) -> None:
        """Empties the sandbox, or one service or region of it."""
        only = {"service": service, "region": region}
        self._pages.ask("POST", "reset", {name: it for name, it in only.items() if it is not None})

    def fault(
        self,
        *,
        on: Mapping[str, Any],
        then: Mapping[str, Any],
        when: Mapping[str, Any] | None = None,
    ) -> Fault:
        """Makes requests fail, until the fault is removed or the sandbox is reset.

        ``sandbox.fault(on={"service": "firehose", "operation": "PutRecordBatch"},
        when={"first": 1}, then={"failRecords": [0]})``
        """
        fault = {"on": dict(on), "then": dict(then), **({} if when is None else {"when": dict(when)})}
        return Fault(self._pages, self._pages.ask("POST", "faults", fault)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """The faults that are set, with how often each has struck."""
        return self._pages.ask("GET", "faults")["faults"]

    def remove_faults(self) -> None:
        """Removes all faults."""
        self._pages.ask("DELETE", "faults")

    def clock(self, *, advance_seconds: float) -> int:
        """Lets so many seconds pass at once for everything that waits; returns the new time in ms."""
        return self._pages.ask("POST", "clock", {"advanceSeconds": advance_seconds})["nowMs"]

    def state(self) -> dict[str, Any]:
        """Streams with their buffers, deliveries and invocations."""
        return self._pages.ask("GET", "state")

    def console_address(self) -> str:
        """An address that opens the console, which shows where each record is.

        It works once, within 10 minutes.
        """
        return self._plain_endpoint + self._pages.ask("POST", "console/codes")["path"]

    def objects(self, bucket: str, prefix: str = "") -> list[StoredObject]:
        """The objects of a bucket whose keys begin with ``prefix``, in the order of their keys."""
        return read_objects(self.client("s3"), bucket, prefix)

    def log(self, start: int = 0) -> list[str]:
        """The last lines that the sandbox logged: one for each request, with reasons of refusals."""
        return self._log.since(start)

    @property
    def log_position(self) -> int:
        """Lines logged until now; for :meth:`log`."""
        return self._log.count

    def stop(self) -> None:
        """Ends the sandbox, and returns when its process has ended."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                _kill(self._process)
        self._log.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Log:
    """Reads what a process says on standard error, so that it never waits for a reader."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.count = 0
        self._lines: deque[str] = deque(maxlen=_LOG_LINES_MAX)
        self._process = process
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line.rstrip("\n"))
            self.count += 1

    def since(self, start: int) -> list[str]:
        lines = list(self._lines)
        return lines[max(0, len(lines) - max(0, self.count - start)) :]

    def close(self) -> None:
        """After the process's end: returns when its last words are read."""
        self._thread.join(_STOP_WITHIN_S)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def _ready_line(process: subprocess.Popen[str], log: _Log) -> tuple[str, str]:
    """The endpoint and the folder of the AWS files, once the sandbox says them."""
    assert process.stdout is not None
    late = threading.Timer(_READY_WITHIN_S, process.kill)
    late.start()
    try:
        for line in process.stdout:
            found = re.search(
                r"ready: (\S+), AWS files in (.*?)(?:, certificate authority .*)?$", line
            )
            if found:
                return found[1], found[2]
    finally:
        late.cancel()
    process.wait()
    log.close()
    raise RuntimeError("The sandbox did not start. " + "\n".join(log.since(0)))


def _asking_no_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables that keep requests to this machine from a proxy; what they name already stays.

    botocore 1.43 asks HTTP_PROXY for 127.0.0.1 too. Both spellings, since either may win.
    """
    named = [environment.get(name) for name in ("NO_PROXY", "no_proxy")]
    direct = ",".join(dict.fromkeys([*filter(None, named), "127.0.0.1,localhost,::1"]))
    return {"NO_PROXY": direct, "no_proxy": direct}


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def _section(path: Path, name: str) -> Mapping[str, str]:
    """A section of an AWS file."""
    files = ConfigParser(interpolation=None)
    files.read(path, encoding="utf-8")
    if name in files:
        return files[name]
    raise RuntimeError(f"{path} has no section [{name}].")
