"""The program in this package, and the Deno that runs it: that of the PyPI package ``deno``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Sequence

from deno import find_deno_bin

_PROGRAM = Path(__file__).with_name("program")


def commands() -> dict[str, dict[str, Any]]:
    """The commands, by name."""
    return json.loads((_PROGRAM / "commands.json").read_text(encoding="utf-8"))


def deno_command(name: str, args: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words of a command and its environment, with ``args`` behind the command's own."""
    command = commands()[name]
    runtimes = os.environ.get("FIREHOSE_LAB_RUNTIMES") or str(_cache_folder() / "runtimes")
    options = [option.replace("{runtimes}", runtimes) for option in command["options"]]
    words = [
        os.fsdecode(find_deno_bin()),
        "run",
        "--quiet",
        *options,
        str(_PROGRAM / command["module"]),
        *command["args"],
        *args,
    ]
    return words, {
        **os.environ,
        **command["env"],
        "DENO_NO_UPDATE_CHECK": "1",
        # The program has its own configuration, whatever project it is installed in.
        "DENO_NO_PACKAGE_JSON": "1",
        "FIREHOSE_LAB_RUNTIMES": runtimes,
        "FIREHOSE_LAB_DATA": os.environ.get("FIREHOSE_LAB_DATA") or str(Path.cwd() / ".sandbox"),
    }


def _cache_folder() -> Path:
    """Where this user's programs keep what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "firehose-lab"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "firehose-lab"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "firehose-lab"
