"""One worker process: tasks come in as lines of JSON, outcomes go out, nothing else is shared.

Whatever an answer does to this process (no end, no memory, a crash in C), the process that
started it lives on and sees which answer it was: outcomes leave one by one, in order.  Limits
are the operating system's.  The pool of workers stands in `workers`.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeAlias

try:
    import resource
except ImportError:  # not on Windows: there only the clock of `workers` limits an answer
    resource = None  # type: ignore[assignment]

Job: TypeAlias = Callable[[Any], Mapping[str, Any]]
"""A task as it came out of JSON becomes an outcome that goes into JSON."""


def serve(make: Callable[[Any], Job]) -> None:
    """Answer until the input ends; the first line is what `make` makes the job of, and limits.

    Each further line is a list of tasks; each task is answered by one line: `{"done": outcome}`,
    or `{"failed": kind, "reason": ...}` where the task raised.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what anything here prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides
    setup = json.loads(sys.stdin.readline())
    job = make(setup["job"])
    gc.freeze()  # what was read and posed stays: looking through it again and again costs a sixth
    _limit_memory(setup["megabytes"])
    _say({"ready": True}, answers)
    for line in sys.stdin:
        for task in json.loads(line):
            _limit_time(setup["seconds"])
            answer = _answer(job, task)
            _say(answer, answers)
            if answer.get("failed") == "memory":
                return  # what is left of the memory is in pieces: a fresh process goes on


def _answer(job: Job, task: Any) -> dict[str, Any]:
    try:
        return {"done": job(task)}
    except MemoryError:
        return {"failed": "memory"}
    except Exception as error:  # a fault of ours must not end the others' marking
        return {"failed": "error", "reason": f"{type(error).__name__}: {str(error)[:200]}"}


def _say(answer: Mapping[str, Any], answers: TextIO) -> None:
    print(json.dumps(answer), file=answers, flush=True)


def _limit_memory(megabytes: int) -> None:
    if resource is not None:
        _lower(resource.RLIMIT_AS, megabytes * 2**20)
        _lower(resource.RLIMIT_CORE, 0)


def _limit_time(seconds: int) -> None:
    """The CPU time, counted from now, after which the operating system ends this process."""
    if resource is not None:
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)


def _lower(what: int, limit: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (limit if hard < 0 else min(limit, hard), hard))
