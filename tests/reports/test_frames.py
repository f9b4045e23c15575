"""Tables of a run joined and ordered for a reader."""

from dataclasses import replace

import polars as pl

from reports.frames import by_group, newest_metrics, register
from tests.reports.invented_view import NAMES, view


def test_what_several_sheets_ask_for_is_made_once_for_a_view_and_anew_for_another() -> None:
    one = view()
    assert register(one) is register(one)
    assert newest_metrics(one) is newest_metrics(one)
    other = replace(one, tables={**one.tables, "register_entry": one.tables["register_entry"].head(1)})
    assert register(other).height == 1
    assert register(one).height == len(NAMES)


def test_groups_off_the_register_come_last_by_name_and_unknown_ones_by_their_id() -> None:
    one = view()
    entries = one.tables["register_entry"]
    kept = entries.filter(pl.col("group_name") == NAMES[1])
    held = one.tables["exposure"]
    stray = held.head(1).with_columns(group_id=pl.lit("G-unknown"), exposure_id=pl.lit("E-unknown"))
    cut = replace(one, tables={**one.tables, "register_entry": kept, "exposure": pl.concat([held, stray])})
    found = by_group(cut, "exposure").select("entry_id", "group_name").unique(maintain_order=True)
    assert found["entry_id"].to_list() == [kept["entry_id"][0], None, None, None]
    assert found["group_name"].to_list() == [NAMES[1], *sorted([NAMES[0], NAMES[2], "G-unknown"])]
