"""Tasks shared out among worker processes, so that none can stop, slow or change another.

A worker gets a chunk of tasks and says each outcome as soon as it has it: when it dies,
the first task without an outcome was the one, and the rest of its chunk goes back to the
pile.  A task whose worker was killed is tried once more in a fresh one, since others kill
processes too; the one that took too long is not.  What a task is stands elsewhere.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final

from symderiv.errors import Mistake

_CHUNK: Final = 250
_TICK: Final = 0.2  # seconds between two looks at the clock
_TRIES: Final = 2
_STARTS: Final = 3  # workers in a row that end before they are ready
_TOO_LONG: Final = -getattr(signal, "SIGXCPU", 0)  # the status of a process that the system ended
_FINAL: Final = ("time", "waited")  # the same again would take as long


@dataclass(frozen=True)
class Limits:
    """What one task may take: seconds of CPU time, megabytes, and seconds on the clock.

    The clock is the last line, for what waits and uses no CPU; it is generous, so that a busy
    machine changes nothing.
    """

    seconds: int = 10
    megabytes: int = 1024
    patience: float = 120


@dataclass(frozen=True)
class Outcome:
    """What came of the task `number`: what the job said, or why there is nothing.

    `failure` is `time`, `waited`, `memory`, `crashed`, or the error that the job raised.
    """

    number: int
    done: Any = None
    failure: str = ""


class WorkerLost(Mistake):
    """Workers end before they begin: nothing can be done with this Python or this command."""


def outcomes(
    tasks: Sequence[Any],
    command: Sequence[str],
    setup: Any,
    limits: Limits = Limits(),
    count: int = 1,
) -> Generator[Outcome, None, None]:
    """The outcome of each task, once, in the order in which they are done.

    `command` starts a process that calls `worker.serve`; `setup` is what its job is made of.
    Raises `WorkerLost`.
    """
    pool = _Pool(tasks, command, setup, limits, max(1, min(count, len(tasks))))
    try:
        yield from pool.run()
    finally:
        pool.stop()


class _Pool:
    """The pile of tasks, and the workers that take from it."""

    def __init__(
        self, tasks: Sequence[Any], command: Sequence[str], setup: Any, limits: Limits, count: int
    ) -> None:
        self.tasks, self.command, self.setup, self.limits = tasks, command, setup, limits
        self.pile = deque(range(len(tasks)))
        self.tries = [0] * len(tasks)
        self.said: SimpleQueue[Outcome | Exception] = SimpleQueue()
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.workers = [_Worker(self) for _ in range(count)]

    def run(self) -> Iterator[Outcome]:
        for worker in self.workers:
            worker.start()
        threading.Thread(target=self._watch, daemon=True).start()
        for _ in self.tasks:
            said = self.said.get()
            if isinstance(said, Exception):
                raise said
            yield said

    def stop(self) -> None:
        """End every process, and wait for the threads that drive them."""
        self.stopped.set()
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            if worker.ident is not None:
                worker.join()

    def take(self) -> list[int]:
        """A chunk of the pile: smaller towards its end, so that all workers end together."""
        with self.lock:
            fair = -(-len(self.pile) // (2 * len(self.workers)))
            return [self.pile.popleft() for _ in range(min(_CHUNK, fair))]

    def give_back(self, numbers: Sequence[int]) -> None:
        with self.lock:
            self.pile.extendleft(reversed(numbers))

    def _watch(self) -> None:
        while not self.stopped.wait(_TICK):
            for worker in self.workers:
                worker.look(self.limits.patience)


class _Worker(threading.Thread):
    """A thread that drives one process, and starts a fresh one where that ends."""

    def __init__(self, pool: _Pool) -> None:
        super().__init__(daemon=True)
        self.pool = pool
        self.process: subprocess.Popen[str] | None = None
        self.since = time.monotonic()
        self.late = False

    def run(self) -> None:
        try:
            while not self.pool.stopped.is_set() and (chunk := self.pool.take()):
                self._through(deque(chunk))
        except Exception as error:  # the thread that waits for outcomes must hear of it
            self.pool.said.put(error)
        finally:
            self._end()

    def look(self, patience: float) -> None:
        """End the process if nothing came of it for `patience` seconds."""
        if self.process is not None and time.monotonic() - self.since > patience:
            self.late = True
            self.kill()

    def kill(self) -> None:
        """End the process; whoever reads from it will see that it is gone.  For other threads."""
        process = self.process
        if process is not None:
            process.kill()

    def _end(self) -> None:
        """End the process, if there is one, and let go of its pipes."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was still to be written to it
                        pipe.close()

    def _through(self, left: deque[int]) -> None:
        """Do the tasks of a chunk as far as the process lives; the rest goes back."""
        self._start()
        self._write([self.pool.tasks[number] for number in left])
        while left:
            answer = self._read()
            if "done" in answer or answer["failed"] == "error":
                done, reason = answer.get("done"), answer.get("reason", "")
                self.pool.said.put(Outcome(left.popleft(), done, reason))
                continue
            why = self._lost(answer)
            self.pool.tries[left[0]] += 1
            if why in _FINAL or self.pool.tries[left[0]] == _TRIES:
                self.pool.said.put(Outcome(left.popleft(), failure=why))
            break
        self.pool.give_back(left)

    def _start(self) -> None:
        """A process that is ready for tasks."""
        for _ in range(0 if self.process else _STARTS):
            self.late, self.since = False, time.monotonic()
            self.process = subprocess.Popen(  # noqa: S603 (our own command)
                self.pool.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
            if self.pool.stopped.is_set():  # it was too late to be seen by `stop`
                self.kill()
            limits = self.pool.limits
            setup = {"seconds": limits.seconds, "megabytes": limits.megabytes}
            self._write({"job": self.pool.setup, **setup})
            if "ready" in self._read():
                return
            self._end()
        if self.process is None:
            raise WorkerLost("The processes that check answers end before they begin.")

    def _write(self, what: Any) -> None:
        """Hand something to the process, which waits for it; if it is gone, reading will tell."""
        assert self.process is not None  # noqa: S101 (it was started)
        assert self.process.stdin is not None  # noqa: S101 (a pipe)
        self.since = time.monotonic()
        with suppress(OSError):
            print(json.dumps(what), file=self.process.stdin, flush=True)

    def _read(self) -> dict[str, Any]:
        """What the process says next; `failed: gone` where it has ended."""
        assert self.process is not None  # noqa: S101 (it was started)
        assert self.process.stdout is not None  # noqa: S101 (a pipe)
        line = self.process.stdout.readline()
        self.since = time.monotonic()
        if not line.endswith("\n"):
            return {"failed": "gone"}
        said: dict[str, Any] = json.loads(line)
        return said

    def _lost(self, answer: dict[str, Any]) -> str:
        """Why the process ended; it is gone afterwards."""
        assert self.process is not None  # noqa: S101 (it was started)
        late, process = self.late, self.process
        self._end() if late or answer["failed"] == "memory" else process.wait()
        status = process.returncode
        self._end()
        if answer["failed"] == "memory":
            return "memory"
        if late:
            return "waited"
        return "time" if status == _TOO_LONG else "crashed"
