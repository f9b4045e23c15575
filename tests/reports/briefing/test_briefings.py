"""Briefings, packs and bulletins of an invented run: what they say, what each figure rests on, what they never say."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

from oversight.errors import InputError, SettingsError
from reports.briefing import briefing, bulletin, file_name, find_group, register_order, warning_pack
from reports.documents import Document, completed, docx_bytes, html_text
from reports.documents.model import Heading, Images, Table
from reports.frames import RunView
from risk.trace import trace_all
from tests.reports.briefing import golden
from tests.reports.invented_view import NAMES, view
from tests.reports.test_register_files import HOSTILE

VIEW = view(compared_with="20260930-0123456789")
FIRST, SECOND, THIRD = VIEW.tables["register_entry"]["group_id"].to_list()
WRITTEN: dict[str, Callable[[RunView], Document]] = {
    "briefing": lambda run: briefing(run, FIRST),
    "briefing on little": lambda run: briefing(run, THIRD),
    "pack": lambda run: warning_pack(run, "Bolton", [FIRST, SECOND]),
    "bulletin": bulletin,
}


@cache
def draft_of(name: str) -> Document:
    return WRITTEN[name](VIEW)


def test_the_briefing_reads_as_it_should() -> None:
    assert golden.text() == golden.PATH.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRITTEN)
def test_every_figure_resolves_in_the_run(name: str) -> None:
    draft = draft_of(name)
    items = draft.items()
    assert len(items) > 1
    walks = trace_all(VIEW.tables, items)
    assert [walk.item for walk in walks.values()] == list(items)
    assert all(walk.kind != "unknown" for walk in walks.values())


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_said_that_only_people_may_say(name: str) -> None:
    said = golden.plain(draft_of(name)).lower()
    for phrase in (
        r"\bis subject to\b(?! oversight, or will fail)",
        r"\bwill (?:fail|close|collapse)\b",
        r"\bis insolvent\b",
    ):
        found = [line for line in said.splitlines() if re.search(phrase, line) and "does not say" not in line]
        assert not found, found
    assert "official-sensitive" in said
    assert "22 november 2026" in said
    assert VIEW.run_id.lower() in said


@pytest.mark.parametrize("name", WRITTEN)
def test_every_picture_has_words_and_every_annex_a_letter_in_order(name: str) -> None:
    whole = completed(draft_of(name), {})
    pictures = [image for block in whole.blocks if isinstance(block, Images) for image in block.items]
    assert pictures
    assert all(image.png.startswith(b"\x89PNG") and len(image.alternative) > 30 for image in pictures)
    letters = [
        block.text[6] for block in whole.blocks if isinstance(block, Heading) and block.text.startswith("Annex ")
    ]
    assert letters == sorted(set(letters))
    assert letters[0] == "A"


def test_each_chart_has_its_data_in_a_table() -> None:
    captions = [block.caption for block in draft_of("briefing").blocks if isinstance(block, Table)]
    for start in ("Key figures", "Homes by local authority", "Figures by the day", "The group among its peers",
                  "Rules of likelihood", "The year after"):  # fmt: skip
        assert any(caption.startswith(start) for caption in captions), start


def test_what_cannot_be_drawn_is_said_in_words() -> None:
    full, little = (
        [len(block.items) for block in draft_of(name).blocks if isinstance(block, Images)]
        for name in ("briefing", "briefing on little")
    )
    assert full[:2] == [2, 2]
    assert little[0] == 1, "of the four charts only the field of the group"
    said = golden.plain(draft_of("briefing on little"))
    assert "give a margin." in said
    assert "give net debt against EBITDA." in said


def test_a_pack_is_a_draft_and_leaves_decisions_to_people() -> None:
    draft = warning_pack(VIEW, "Bolton", [FIRST])
    assert draft.banner.endswith("DRAFT, NOT APPROVED")
    said = golden.plain(draft)
    assert said.count("[to be completed]") == 13
    assert "Limb one" in said
    assert "Limb two" in said
    assert "20 (16 to 26)" in said


def test_a_pack_is_about_groups_with_homes_there() -> None:
    with pytest.raises(InputError, match="no such local authority"):
        warning_pack(VIEW, "Atlantis")
    with pytest.raises(InputError, match="no home in Leeds"):
        warning_pack(VIEW, "Leeds", [FIRST])
    low = VIEW.tables["register_entry"].with_columns(pl.lit(1, dtype=pl.Int64).alias("proposed_stage"))
    with pytest.raises(InputError, match="proposed stage of 3"):
        warning_pack(replace(VIEW, tables={**VIEW.tables, "register_entry": low}), "Bolton")


def test_a_bulletin_names_no_group_as_weak() -> None:
    said = golden.plain(draft_of("bulletin"))
    before, _, _ = said.partition("Annex A")
    assert "material uncertainty" not in before
    assert "likelihood 4" not in before.lower().replace("likelihood 4 and impact", "")
    with pytest.raises(InputError, match="no market"):
        bulletin(replace(VIEW, tables={}))


def test_a_reference_is_an_entry_a_company_or_a_name() -> None:
    entry = VIEW.tables["register_entry"].row(0, named=True)
    assert find_group(VIEW, entry["entry_id"].lower()) == FIRST
    assert find_group(VIEW, entry["uk_parent_number"]) == FIRST
    assert find_group(VIEW, "larkrise") == FIRST
    assert register_order(VIEW)[0] == FIRST
    with pytest.raises(InputError):
        find_group(VIEW, "no such group")


def test_a_group_without_an_entry_has_no_briefing() -> None:
    with pytest.raises(InputError, match="not on the register"):
        briefing(VIEW, "0" * 16)
    with pytest.raises(SettingsError):
        briefing(replace(VIEW, marking=" "), FIRST)


@pytest.mark.parametrize("name", [HOSTILE[2], HOSTILE[3] + HOSTILE[4] + HOSTILE[5], HOSTILE[6]])
def test_hostile_names_are_harmless(name: str) -> None:
    run = view(name, *NAMES[1:])
    whole = completed(briefing(run, str(run.tables["register_entry"]["group_id"][0])), {})
    assert docx_bytes(whole).startswith(b"PK")
    assert not re.search(r"<script|<!ENTITY|\x00|\x1b|\u202e", html_text(whole))
    assert len(whole.title) <= 110


def test_a_name_becomes_a_file_that_stays_in_its_folder() -> None:
    assert file_name("../../etc/passwd") == "etc-passwd"
    assert file_name("<B>Example</B> & Co") == "b-example-b-co"
    assert len(file_name("\u05d1\u05d9\u05ea")) == 12
    assert len(file_name("name " * 900)) <= 60
