"""Which code judged: the version, and a hash of every file that can change a figure."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = ("oversight", "collectors", "risk", "reports")
_SUFFIXES = {".py", ".yaml", ".csv"}
_DISTRIBUTION = "childrens-homes-oversight"


@cache
def code_version() -> str:
    """Such as `0.1.0+3f2a9c41d7e0`: two runs with the same text come from the same code and rules."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        root = _folder(package)
        for path in sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    try:
        number = version(_DISTRIBUTION)
    except PackageNotFoundError:  # run from a folder, not installed
        number = "0"
    return f"{number}+{digest.hexdigest()[:12]}"


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])
