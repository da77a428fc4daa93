"""``firehose-lab COMMAND …``: the same programs and options as the project's tasks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from ._program import commands, deno_command

_SHELL = re.compile(
    r"^-?(sh|bash|dash|zsh|ksh|ash|fish|busybox|cmd\.exe|powershell\.exe|pwsh)$"
)


def main() -> None:
    name, args = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("--help", [])
    known = commands()
    usage = (
        f"firehose-lab COMMAND [options]\n\n  {', '.join(known)}\n\n"
        "firehose-lab COMMAND --help says more."
    )
    if name in known:
        _start(name, args)
    elif name in ("--help", "-h"):
        print(usage)
    else:
        sys.exit(f"There is no command {name}.\n\n{usage}")


def _start(name: str, args: list[str]) -> None:
    """Becomes the command; a sandbox ends with the program that started this one, such as uvx."""
    starter = _starter() if name == "sandbox" else None
    parent = [] if starter is None else ["--parent", str(starter)]
    words, environment = deno_command(name, [*parent, *args])
    if sys.platform == "win32":
        sys.exit(subprocess.run(words, env=environment).returncode)
    os.execve(words[0], words, environment)


def _starter() -> int | None:
    """The parent, unless it is a shell: what is started there with ``&`` stays when it ends."""
    parent = os.getppid()
    name = _name_of(parent)
    return None if name is None or _SHELL.match(name) else parent


def _name_of(pid: int) -> str | None:
    """The file name of a process's program: ``uvx``, ``bash``."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return None
    if sys.platform == "win32":
        return None
    found = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True)
    return os.path.basename(found.stdout.strip()) or None
