"""Objects of the sandbox's S3, as a test looks at them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StoredObject:
    """An object of S3, read whole."""

    key: str
    #: Its bytes, as they are stored.
    body: bytes

    def text(self) -> str:
        """The content as text; that of gzip is unpacked."""
        is_gzip = self.body.startswith(b"\x1f\x8b")
        return (gzip.decompress(self.body) if is_gzip else self.body).decode()


def read_objects(s3: Any, bucket: str, prefix: str) -> list[StoredObject]:
    """The objects of a bucket whose keys begin with ``prefix``, in the order of their keys."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return [
        StoredObject(key, s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys
    ]
