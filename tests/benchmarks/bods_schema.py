"""Whether an export keeps the published schema of BODS: `python -m tests.benchmarks.bods_schema EXPORT SCHEMA_FOLDER`.

SCHEMA_FOLDER holds the JSON files of the standard's release 0.4 (statement, entity-record, person-record,
relationship-record, components), from https://github.com/openownership/data-standard (folder `schema`) or
the Python package libcovebods (folder `libcovebods/data/schema-0-4-0`). Leaves with 1 where a statement breaks it.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

_PARTS = ("statement", "entity-record", "person-record", "relationship-record", "components")
_SHOWN = 20


def main(export: Path, folder: Path) -> int:
    """Validate and print; the exit code."""
    statements = json.loads(export.read_text(encoding="utf-8"))
    faults = list(validator(folder).iter_errors(statements))
    kinds = Counter(each["recordType"] for each in statements)
    print(", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())))
    print(f"{len(faults):,} faults by the published schema")
    for fault in faults[:_SHOWN]:
        print(f"  {'/'.join(map(str, fault.path))}: {fault.message[:200]}")
    return 1 if faults else 0


def validator(folder: Path) -> Any:
    """The standard's own schema, its parts put together by the names they give themselves."""
    parts = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in _PARTS}
    registry: Any = Registry().with_resources((part["$id"], Resource.from_contents(part)) for part in parts.values())
    return Draft202012Validator(parts["statement"], registry=registry, format_checker=FormatChecker())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
