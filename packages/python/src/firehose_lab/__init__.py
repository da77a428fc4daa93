"""A sandbox of AWS for tests: S3, IAM, STS, Lambda, CloudWatch and Firehose on this machine.

    from firehose_lab import start_sandbox

    with start_sandbox() as sandbox:
        firehose = sandbox.client("firehose")
        ...
        sandbox.flush()
        [stored] = sandbox.objects("my-records")

With pytest, use the fixtures ``firehose_lab`` and ``firehose_lab_clean``.
"""

from ._control import ControlError, DeliveredObject, Fault
from ._objects import StoredObject
from ._sandbox import Credentials, Sandbox, start_sandbox
from ._version import VERSION as __version__

__all__ = [
    "ControlError",
    "Credentials",
    "DeliveredObject",
    "Fault",
    "Sandbox",
    "StoredObject",
    "__version__",
    "start_sandbox",
]
