"""Everything that must pass, in the order that fails fastest: `python -m tests.check`."""

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sysconfig.get_path("scripts"))
STEPS = (
    (BIN / "ruff", "check", "."),
    (BIN / "ruff", "format", "--check", "."),
    (BIN / "lint-imports",),
    (BIN / "mypy",),
    (sys.executable, "-m", "pytest", "-n", "2", "--durations", "15"),
)


def main() -> int:
    """Run the steps; the first failure ends it with its exit code."""
    for step in STEPS:
        command = [str(part) for part in step]
        print(f"== {Path(command[0]).name} {' '.join(command[1:])}", flush=True)
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(f"== {time.monotonic() - started:.0f} s", flush=True)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
