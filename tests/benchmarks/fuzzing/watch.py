"""Hands inputs to the process that reads and stops it where it takes too long or too much."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE") / 1_048_576
_INPUTS_A_PROCESS = 250
"""A fresh process from time to time, so that what one input leaves behind is not counted against another."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost: seconds of processor time, and megabytes of memory with everything imported."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an input did.

    Attributes:
        verdict: empty where all is well, else what is wrong.
        seconds: processor time.
        megabytes: most memory of the process while it read.
        issues: kinds of the issue rows.
        facts: how many fact rows came.
    """

    verdict: str
    seconds: float = 0.0
    megabytes: float = 0.0
    issues: tuple[str, ...] = ()
    facts: int = 0


@dataclass(slots=True)
class Watched:
    """A process that reads, started when needed."""

    _process: subprocess.Popen[bytes] | None = None
    _read: int = 0
    _told: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process, self._read = None, 0

    def read(self, content: bytes, limits: Limits) -> Outcome:
        """Have one input read."""
        if self._process is None or self._read >= _INPUTS_A_PROCESS:
            self.stop()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.fuzzing.victim"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            self._told = []
            threading.Thread(target=_drain, args=(self._process, self._told), daemon=True).start()
        process = self._process
        self._read += 1
        before = _seconds(process.pid)
        assert process.stdin is not None
        try:
            process.stdin.write(len(content).to_bytes(8, "little") + content)
            process.stdin.flush()
        except BrokenPipeError:
            return self._dead()
        return self._answer(process, before, limits)

    def _answer(self, process: subprocess.Popen[bytes], before: float, limits: Limits) -> Outcome:
        assert process.stdout is not None
        most = 0.0
        while not select.select([process.stdout], [], [], 0.02)[0]:
            if process.poll() is not None:
                return self._dead()
            spent, held = _seconds(process.pid) - before, _megabytes(process.pid)
            most = max(most, held)
            if spent > limits.seconds * 2 or held > limits.megabytes * 2:
                self.stop()
                return Outcome(f"stopped after {spent:.1f} s with {most:.0f} MB", spent, most)
        line = process.stdout.readline()
        if not line:
            return self._dead()
        told = json.loads(line)
        verdict = str(told["wrong"])
        if told["seconds"] > limits.seconds:
            verdict = f"took {told['seconds']:.1f} s"
        elif told["megabytes"] > limits.megabytes:
            verdict = f"took {told['megabytes']:.0f} MB"
        return Outcome(verdict, told["seconds"], told["megabytes"], tuple(told["issues"]), told["facts"])

    def _dead(self) -> Outcome:
        process = self._process
        assert process is not None
        code = process.wait()
        time.sleep(0.05)  # the last of what it said is still on its way
        said = b"".join(self._told).decode(errors="replace").strip().splitlines()
        self.stop()
        return Outcome(f"died with {code}: {said[-1] if said else 'nothing said'}")


def _drain(process: subprocess.Popen[bytes], told: list[bytes]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        told.append(line)
        del told[:-50]


def _seconds(pid: int) -> float:
    """Processor time of a process, its own."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _megabytes(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0.0
