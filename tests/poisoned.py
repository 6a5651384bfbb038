"""A worker for tests whose answers do what no answer may: run for ever, eat memory, crash.

An answer that begins with POISON does what it says; any other is judged by the real judge,
so that what the neighbours of poison come to can be compared with a run without it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symderiv.marking.judging import make_job
from symderiv.marking.worker import Job, serve


def _poison(how: str, argument: str) -> None:
    match how:
        case "loop":
            while True:
                pass
        case "memory":
            held = []
            while True:
                held.append(bytearray(10**7))
        case "abort":
            os.abort()
        case "exit":
            os._exit(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "killed-once":
            if not Path(argument).exists():
                Path(argument).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(1000)
        case "raise":
            raise ValueError("poison")
        case "print":
            print("this is no outcome", flush=True)


def make(setup: Mapping[str, Any]) -> Job:
    judge = make_job(setup)

    def judge_or_suffer(task: Mapping[str, str]) -> Mapping[str, Any]:
        word, _, rest = task.get("text", "").partition(" ")
        if word == "POISON":
            how, _, argument = rest.partition(" ")
            _poison(how, argument)
            return judge({**task, "text": "2*x"})
        return judge(task)

    return judge_or_suffer


if __name__ == "__main__":
    serve(make)
