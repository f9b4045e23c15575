"""The process that reads: one input after another, each with its cost, until it is told to stop or dies.

Takes frames of a length (8 bytes) and that many bytes on stdin; gives a line of JSON for each on stdout.
"""

import json
import os
import sys
import time
from pathlib import Path

import polars as pl

from collectors.accounts.reader import READER
from collectors.reading import Origin, Rows
from oversight.store.sql import polars_schema

_ORIGIN = Origin("d" * 64, "companies_house.accounts", "01234567", "https://example.test/document")
_KEYS = {"fact": "fact_id", "line": "line_id", "statement": "kind"}
_RESET_PEAK = "5"


def check(rows: Rows) -> str:
    """What is wrong with the rows themselves; empty where nothing is."""
    if not any(rows.tables.values()):
        return "neither rows nor an issue"
    for table, found in rows.tables.items():
        schema = polars_schema(table)
        frame = pl.DataFrame({name: [each.get(name) for each in found] for name in schema}, schema=schema)
        key = _KEYS.get(table)
        if key and frame[key].n_unique() != frame.height:
            return f"{table} rows with the same {key}"
        if any(kind == pl.Float64 and not frame[name].drop_nulls().is_finite().all() for name, kind in schema.items()):
            return f"a number in {table} is not finite"
    return ""


def peak_megabytes() -> float:
    """The most memory the process had since it was last reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Read inputs until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is not an answer
    while head := sys.stdin.buffer.read(8):
        content = sys.stdin.buffer.read(int.from_bytes(head, "little"))
        Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
        started, wall = time.process_time(), time.monotonic()
        rows = READER.read(content, _ORIGIN)
        told = {
            "seconds": time.process_time() - started,
            "wall": time.monotonic() - wall,
            "megabytes": peak_megabytes(),
            "facts": len(rows.tables.get("fact", ())),
            "issues": sorted({str(issue["kind"]) for issue in rows.tables.get("issue", ())}),
        }
        told["wrong"] = check(rows)
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
