"""The tables that a picture is drawn from: those of a run, or of any day without a run."""

from datetime import date
from pathlib import Path

import polars as pl

from oversight.errors import InputError
from oversight.model.times import AsAt
from oversight.pipeline.replace import standing
from oversight.pipeline.workspace import Workspace
from reports.charts import Picture
from reports.csv import neutral
from reports.files import write_whole
from reports.frames import RunView
from risk import exposure, groups
from risk.replace import measure

_NO_OTHER_NAME = pl.DataFrame(schema={"group_id": pl.String, "name": pl.String})


def view_of_day(workspace: Workspace, on: date, *, displaced: bool = False) -> RunView:
    """Groups, their companies and their homes in the newest registrations that describe a day or an earlier one.

    Args:
        workspace: the installation.
        on: the day.
        displaced: whether to measure what each group's stopping would mean as well.

    Raises:
        InputError: where there are no such registrations.
    """
    stands = standing(workspace, on=on)
    market = stands.market
    held, _ = exposure.measure(market)
    tables = {
        "group": groups.group_table(market, held, _NO_OTHER_NAME),
        "membership": market.membership,
        "holding": market.holding,
        "provider": market.provider,
        "exposure": held,
    }
    if displaced:
        lost = measure(stands.stock, stands.assumed, market.tops["group_id"], stands.on)
        tables |= {"displacement": lost.displacement, "displacement_by_authority": lost.by_authority}
    return RunView(
        run_id="",
        as_at=AsAt(on=stands.on, known_by=workspace.clock()),
        marking=workspace.settings.marking,
        label=workspace.settings.label,
        code_version="",
        roles={},
        tables=tables,
    )


def write_picture(picture: Picture, path: Path) -> list[Path]:
    """Write a picture as SVG or PNG, with its data (.csv) and its words (.txt) beside it under the same name.

    Raises:
        InputError: where the name ends with neither `.svg` nor `.png`.
        StoreError: where the files cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise InputError("a picture is .svg or .png", where=str(path), next_step="Give a file name with one of these.")
    content = picture.png() if suffix == ".png" else picture.svg().encode()
    words = f"{picture.banner}\n\n{picture.title}\n{picture.subtitle}\n\n{picture.alternative}\n\n{picture.source}\n"
    marked = neutral(picture.table.with_columns(pl.lit(picture.banner).alias("marking")))
    return [
        write_whole(path, content),
        write_whole(path.with_suffix(".csv"), marked.write_csv(date_format="%Y-%m-%d").encode()),
        write_whole(path.with_suffix(".txt"), words.encode()),
    ]
