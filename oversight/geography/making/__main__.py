"""Makes `data/*` anew: `python -m oversight.geography.making FOLDER`.

FOLDER holds seven open files, under the names of `oversight.geography.making.files`; `data/ATTRIBUTION.md`
says where they come from.
"""

import sys
from importlib import resources
from pathlib import Path

from oversight.geography.making.bundle import bundle


def main() -> None:
    """Write the bundled files."""
    target = Path(str(resources.files("oversight.geography").joinpath("data")))
    for name, text in bundle(Path(sys.argv[1])).items():
        (target / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
