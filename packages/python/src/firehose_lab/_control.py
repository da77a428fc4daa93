"""The sandbox's control pages: what a test does with the sandbox itself."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

# The sandbox is on this machine: no proxy of the environment is asked.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlError(Exception):
    """A control page's refusal, in its own words."""

    def __init__(self, message: str, status: int, answer: Any) -> None:
        super().__init__(message)
        #: The status of HTTP.
        self.status = status
        #: The page's whole answer: a flush names what was delivered, and what was not.
        self.answer = answer


@dataclass(frozen=True)
class DeliveredObject:
    """An object that a flush delivered."""

    bucket: str
    key: str


class ControlPages:
    """Asks the pages of one sandbox."""

    def __init__(self, endpoint: str, token: str) -> None:
        self._endpoint = endpoint
        self._token = token

    def ask(self, method: str, page: str, body: Any = None) -> Any:
        """A page's answer. Raises a :class:`ControlError` for a refusal, or a ``ConnectionError``."""
        request = urllib.request.Request(
            f"{self._endpoint}/_sandbox/{page}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with _OPENER.open(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            answer = json.loads(text) if "json" in error.headers.get_content_type() else text
            message = answer.get("error", text) if isinstance(answer, dict) else text
            raise ControlError(f"{page}: {message}", error.code, answer) from None
        except urllib.error.URLError as error:
            raise ConnectionError(
                f"{page}: the sandbox at {self._endpoint} does not answer. Was it stopped?"
            ) from error


class Fault:
    """A fault that was set. As a context manager it ends with its block."""

    def __init__(self, pages: ControlPages, fault_id: str) -> None:
        self.id = fault_id
        self._pages = pages

    def remove(self) -> None:
        """Ends the fault."""
        self._pages.ask("DELETE", f"faults/{urllib.parse.quote(self.id, safe='')}")

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
