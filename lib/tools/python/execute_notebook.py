"""Executes one notebook on the Deno kernel as a reader would, and writes what the reader would see.

    python execute_notebook.py NOTEBOOK OUTPUT.ipynb [--html] [--way WAY] [--until CELL_ID]
                               [--exercises WHAT]

A code cell whose id begins with `exercise-` holds an exercise's starter, and the text cell below it
the solution. WHAT is `starter` or `solution`: which of them runs, and so whether the check in the
cell has to say "not yet" or "solved"; it is an error when it does not.

The first cell runs when the kernel is ready and standard input has ended.

Ways: `top-to-bottom`; `each-cell-twice`; `interrupted`, which presses Stop while the cell
CELL_ID runs and goes no further; `restarted`, which restarts the kernel at each heading of level 2
and runs the setup cell again before it goes on. The last line on standard output is the result as JSON:
{"cells": 12, "seconds": 3.4} or {"cells": 5, "seconds": 1.2, "cell": "step-1-put", "error": "..."}.
It writes its standard output and the executed notebook; beside that, with the ending .html, a page
of it if --html is given or a cell failed. The notebook's own file stays as it is.
"""

import argparse
import asyncio
import base64
import json
import mimetypes
import re
import sys
import time
from pathlib import Path
from queue import Empty

# nbformat loads jsonschema, which loads these if they are there, to check addresses and durations.
# Notebooks have neither, and a grammar of rfc3987_syntax alone takes a second (jsonschema 4.26).
sys.modules["rfc3987_syntax"] = None
sys.modules["isoduration"] = None

import nbformat
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from nbclient.util import ensure_async
from traitlets import default

# Deno's kernel sends output after it said that it is idle; 50 ms is enough for all of it (measured).
READ_ON_SECONDS = 0.05
CELL_TIMEOUT_SECONDS = 180
KERNEL_STARTUP_SECONDS = 120
KERNEL_STARTS = 3
# How long a cell runs before Stop is pressed on it, and how soon it must have ended after that.
INTERRUPT_AFTER_SECONDS = 0.2
STOPPED_WITHIN_SECONDS = 5
# A cell that ends that soon after Stop was pressed was done already.
JUST_ENDED_SECONDS = 0.5
# How soon after its start a kernel must know the course's names.
STARTED_WITHIN_SECONDS = 10


class KernelEnded(RuntimeError):
    """The kernel's process ended before it answered."""


class ReadyClient(AsyncKernelClient):
    """Is ready as soon as the kernel is. jupyter_client's own then waits 0.2 s for further messages to
    drop them; PatientClient drops what no cell asked for."""

    async def wait_for_ready(self, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    # It was busy with the question: a message shows that the channel is connected.
                    await self.get_iopub_msg(timeout=0.2)
                    return
            except Empty:
                if not await ensure_async(self.is_alive()):
                    raise KernelEnded("the kernel ended before it was ready") from None
        raise RuntimeError(f"the kernel was not ready within {timeout} s")


class Manager(AsyncKernelManager):
    @default("client_factory")
    def _client_factory_default(self):
        return ReadyClient


class PatientClient(NotebookClient):
    """Gives late output to the cell that it belongs to, while the next one runs."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        # The cell and its index by the message that asked for its last run.
        self.asked = {}

    async def async_start_new_kernel_client(self):
        """A kernel that ended at once is started again, with other ports: jupyter_client chooses free
        ones, and another program may take one before the kernel does."""
        for _ in range(KERNEL_STARTS - 1):
            try:
                return await super().async_start_new_kernel_client()
            except KernelEnded:
                self.km = self.create_kernel_manager()
                await self.async_start_new_kernel()
        return await super().async_start_new_kernel_client()

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        # What an earlier run of the same cell still sends is dropped.
        self.asked = {id: asked for id, asked in self.asked.items() if asked[0] is not cell}
        self.asked[parent_msg_id] = (cell, cell_index)
        while await self._read_one() != parent_msg_id:
            pass

    async def _read_one(self, timeout=None):
        """Processes one message, and returns its parent's id if it says that the cell is done."""
        message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=timeout))
        parent = message["parent_header"].get("msg_id")
        if parent in self.asked:
            try:
                self.process_message(message, *self.asked[parent])
            except CellExecutionComplete:
                return parent
        return None

    async def read_on(self):
        """Reads what is late, after the last cell."""
        try:
            while True:
                await self._read_one(timeout=READ_ON_SECONDS)
        except Empty:
            return


SOLUTION = re.compile(
    r"<summary>Solution</summary>.*?^```(?:ts|typescript)\n(.*?)^```", re.DOTALL | re.MULTILINE
)


class ExerciseError(RuntimeError):
    """An exercise's starter passes, its solution does not, or there is no solution."""


def use_solutions(cells):
    """Puts each exercise's solution in the place of its starter."""
    for cell, following in zip(cells, cells[1:] + [None]):
        if not is_exercise(cell):
            continue
        found = SOLUTION.search(following.source) if following else None
        if not found:
            raise ExerciseError(f'the cell after "{cell.id}" must hold a folded solution')
        cell.source = found[1].rstrip("\n")


def is_exercise(cell):
    return cell.cell_type == "code" and cell.id.startswith("exercise-")


def check_exercise(cell, exercises):
    """Looks at what the cell's check has shown."""
    texts = [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    wanted = "solved" if exercises == "solution" else "not yet"
    if not any(re.search(rf"^Exercise [\d.]+: {wanted}(\.|$)", text, re.MULTILINE) for text in texts):
        said = "\n".join(texts).strip() or "nothing"
        raise ExerciseError(f'with its {exercises} it should show "{wanted}", and showed:\n{said}')


class ValueShownError(RuntimeError):
    """A cell ends with a value, which the kernel shows though nobody wanted to see it."""


# Deno's kernel loses output of floods, and about 10 MB can end a session: a cell stays far below.
OUTPUT_BYTES_MAX = 1_000_000
OUTPUTS_MAX = 1_000


class OutputError(RuntimeError):
    """A cell shows an error though the kernel says that it is well, or it shows too much."""


def check_outputs(cell):
    """What the kernel does not say itself: a display method that throws answers ok."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        raise OutputError(f"it shows an error: {errors[0].ename}: {errors[0].evalue}")
    if len(cell.outputs) > OUTPUTS_MAX:
        raise OutputError(f"it has {len(cell.outputs)} outputs; at most {OUTPUTS_MAX}")
    size = len(json.dumps(cell.outputs))
    if size > OUTPUT_BYTES_MAX:
        raise OutputError(f"its output has {size} bytes; at most {OUTPUT_BYTES_MAX}")


def check_no_value(cell):
    for output in cell.outputs:
        if output.output_type == "execute_result":
            shown = output.data.get("text/plain", "")
            raise ValueShownError(f"its last value is shown: end it with `await show(…)`: {shown}")


async def execute(client, way, until, exercises):
    """Runs the code cells and returns how many ran; `client.current_cell` is the last one."""
    cells = 0
    async with client.async_setup_kernel():
        await asyncio.to_thread(sys.stdin.read)
        at_section = False
        for index, cell in enumerate(client.nb.cells):
            at_section = at_section or is_section(cell)
            if cell.cell_type != "code":
                continue
            client.current_cell = cell
            # A section without code needs no new kernel.
            if way == "restarted" and cells > 0 and at_section:
                await restart(client)
            at_section = False
            if way == "interrupted" and cell.id == until:
                await interrupt(client, cell, index)
                return cells + 1
            for _ in range(2 if way == "each-cell-twice" else 1):
                await client.async_execute_cell(cell, index)
            cells += 1
        await client.read_on()
    # Only now: output may have been late.
    for cell in client.nb.cells:
        if cell.cell_type == "code":
            client.current_cell = cell
            check_outputs(cell)
            check_no_value(cell)
            if is_exercise(cell):
                check_exercise(cell, exercises)
    return cells


def is_section(cell):
    return cell.cell_type == "markdown" and bool(re.search(r"^## ", cell.source, re.MULTILINE))


async def restart(client):
    """As a reader does who comes back: a new kernel, and the setup cell, the first of code."""
    await client.read_on()
    await ensure_async(client.km.restart_kernel(now=True))
    await ensure_async(client.kc.wait_for_ready(timeout=KERNEL_STARTUP_SECONDS))
    await check_before_setup(client)
    index, setup = next(pair for pair in enumerate(client.nb.cells) if pair[1].cell_type == "code")
    await client.async_execute_cell(setup, index)


async def check_before_setup(client):
    """A cell that runs before the setup cell must say so. The kernel gets that code as it starts."""
    for _ in range(STARTED_WITHIN_SECONDS * 20):
        try:
            await execute_aside(client, "aws;")
        except CellExecutionError as error:
            if "Run the setup cell first" in readable(error):
                return
        await asyncio.sleep(0.05)
    raise StartError('"aws" before the setup cell does not say to run it')


async def interrupt(client, cell, index):
    """Presses Stop on a cell that waits: it must end with an error, and variables must live."""
    if not await stops(client, client.async_execute_cell(cell, index)):
        # It was done before Stop could reach it. Stop must still work at this place.
        if not await stops(client, execute_aside(client, WAITING)):
            raise StopError("Stop was pressed, and it ended without an error")
    await execute_aside(client, 'if (lab === undefined) throw new Error("lab is lost");')


async def stops(client, execution):
    """Presses Stop after a moment; False if the execution had ended by then, or just ended."""
    running = asyncio.ensure_future(execution)
    await asyncio.sleep(INTERRUPT_AFTER_SECONDS)
    if running.done():
        await running
        return False
    await ensure_async(client.km.interrupt_kernel())
    pressed = time.monotonic()
    try:
        await asyncio.wait_for(running, timeout=STOPPED_WITHIN_SECONDS)
    except CellExecutionError as error:
        if "Stopped" not in readable(error):
            raise
        return True
    except asyncio.TimeoutError:
        raise StopError(f"Stop did not end it within {STOPPED_WITHIN_SECONDS} s") from None
    if time.monotonic() - pressed > JUST_ENDED_SECONDS:
        raise StopError("Stop was pressed, and it went on and ended without an error")
    return False


WAITING = 'await until("Stop is pressed", () => Promise.resolve(false), { withinSeconds: 60 });'


async def execute_aside(client, source):
    """Runs a cell that is not the notebook's, and takes it out again."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    try:
        await client.async_execute_cell(cell, len(client.nb.cells) - 1)
    finally:
        client.nb.cells.remove(cell)


class StartError(RuntimeError):
    """A kernel that does not know the course's names at its start."""


class StopError(RuntimeError):
    """A cell did not end as it must when Stop is pressed."""


def readable(error):
    """What the reader would see, without colours."""
    if isinstance(error, CellExecutionError):
        # nbclient puts the cell's source before it, between such lines.
        text = (error.traceback or f"{error.ename}: {error.evalue}").rsplit("-" * 18 + "\n", 1)[-1]
    else:
        text = f"{type(error).__name__}: {error}"
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


PICTURE = re.compile(r'(<img\b[^>]*? src=")((?!data:|https?:)[^"]+)"')


def page_of(notebook, folder):
    """The executed notebook as one HTML page."""
    from nbconvert import HTMLExporter  # takes longer to load than a notebook to start

    html, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    return with_pictures(html, folder)


def with_pictures(html, folder):
    """The page with its pictures inside, so that it can be moved. nbconvert's own embed_images
    rewrites text cells, too, and unfolds what is folded in them."""

    def embedded(match):
        path = folder / match[2]
        kind = mimetypes.guess_type(path.name)[0]
        return f'{match[1]}data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"'

    return PICTURE.sub(embedded, html)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--way", default="top-to-bottom")
    parser.add_argument("--until")
    parser.add_argument("--exercises", choices=["starter", "solution"], default="starter")
    options = parser.parse_args()

    notebook = nbformat.read(options.notebook, as_version=4)
    client = PatientClient(
        notebook,
        timeout=CELL_TIMEOUT_SECONDS,
        startup_timeout=KERNEL_STARTUP_SECONDS,
        kernel_name="deno",
        kernel_manager_class=Manager,
        shutdown_kernel="immediate",  # a kernel has nothing to keep
        resources={"metadata": {"path": str(options.notebook.parent.resolve())}},
    )
    client.current_cell = None
    began = time.monotonic()
    result = {}
    try:
        if options.exercises == "solution":
            use_solutions(notebook.cells)
        result["cells"] = asyncio.run(
            execute(client, options.way, options.until, options.exercises)
        )
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        result["cell"] = client.current_cell.id if client.current_cell else "(no cell yet)"
        result["error"] = readable(error)
    result["seconds"] = round(time.monotonic() - began, 2)

    options.output.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, options.output)
    page = options.output.with_suffix(".html")
    if options.html or "error" in result:
        page.write_text(page_of(notebook, options.notebook.parent), encoding="utf-8")
    else:
        page.unlink(missing_ok=True)  # it would be of an earlier run
    print(json.dumps(result))


if __name__ == "__main__":
    sys.exit(main())
