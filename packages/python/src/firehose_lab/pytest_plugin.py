"""Fixtures for pytest: a sandbox of AWS for the tests of a run.

With pytest-xdist, each worker has its own sandbox. During a test that uses one of the fixtures
boto3 and every other AWS SDK are led to the sandbox by variables of the environment; other tests keep
the machine's own settings.
"""

from __future__ import annotations

import os
import shlex
import time
import warnings
from typing import Iterator

import pytest

from ._sandbox import Sandbox, start_sandbox

#: The first boto3 that reads AWS_ENDPOINT_URL.
_BOTO3_MIN = (1, 28)
#: The sandbox gathers the lines of its log for 40 ms.
_LOG_DELAY_S = 0.1
#: Lines that a failed test shows.
_LINES_MAX = 50
_LOG = pytest.StashKey[tuple[Sandbox, int]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "firehose_lab_args",
        "options of `firehose-lab sandbox` for the fixtures, for example --quotas",
        default="",
    )


@pytest.fixture(scope="session")
def firehose_lab(pytestconfig: pytest.Config) -> Iterator[Sandbox]:
    """A sandbox for all tests of the run; what one test makes, the next one finds."""
    args = shlex.split(pytestconfig.getini("firehose_lab_args"))
    if hasattr(pytestconfig, "workerinput"):  # a worker of pytest-xdist: it ends with the run
        args += ["--parent", str(os.getppid())]
    with start_sandbox(args=args) as sandbox:
        yield sandbox


@pytest.fixture
def firehose_lab_clean(firehose_lab: Sandbox) -> Sandbox:
    """The sandbox of the run, emptied for this test."""
    firehose_lab.reset()
    return firehose_lab


@pytest.fixture(autouse=True)
def _firehose_lab_environment(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leads AWS SDKs to the sandbox while a test runs that uses it."""
    if "firehose_lab" not in request.fixturenames:
        return
    sandbox: Sandbox = request.getfixturevalue("firehose_lab")
    request.node.stash[_LOG] = (sandbox, sandbox.log_position)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    _forget_session(monkeypatch)


def _forget_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 keeps the credentials that it found first: this test's session is its own."""
    try:
        import boto3
    except ImportError:
        return
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    version = tuple(int(part) for part in boto3.__version__.split(".")[:2])
    if version < _BOTO3_MIN:
        warnings.warn(
            f"boto3 {boto3.__version__} does not read AWS_ENDPOINT_URL and calls the real AWS: use "
            "1.28 or newer, or clients of firehose_lab.client(…).",
            stacklevel=2,
        )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """A test that fails shows the last requests that the sandbox answered."""
    if call.excinfo is None or _LOG not in item.stash:
        return
    sandbox, start = item.stash[_LOG]
    time.sleep(_LOG_DELAY_S)
    lines = sandbox.log(start)[-_LINES_MAX:]
    if lines:
        item.add_report_section(call.when, "firehose-lab", "\n".join(lines))
