"""Everything a reader sees is a rendering of one run; nothing here computes a figure.

`render` writes the risk register of a run as CSV, ODS and XLSX from one model of the workbook.
"""

from pathlib import Path

from reports.csv import csv_bytes
from reports.files import write_whole
from reports.frames import RunView
from reports.ods import ods_bytes
from reports.workbook import build
from reports.xlsx import xlsx_bytes

__all__ = ["RunView", "render"]


def render(view: RunView, folder: Path) -> dict[str, Path]:
    """Write `register.csv`, `register.ods` and `register.xlsx` into a folder, made where there is none.

    The same view gives the same bytes. Each file appears whole or not at all.

    Returns:
        Path by file name.

    Raises:
        SettingsError: where the view has no protective marking.
        StoreError: where the folder cannot be written.
    """
    workbook = build(view)
    files = {
        "register.csv": csv_bytes(view),
        "register.ods": ods_bytes(workbook),
        "register.xlsx": xlsx_bytes(workbook),
    }
    return {name: write_whole(folder / name, content) for name, content in files.items()}
