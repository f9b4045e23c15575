"""Figures on pictures of paper are framed where they stand."""

from pathlib import Path

import cv2
import numpy as np

from collectors.accounts.scans.paper import open_paper
from collectors.accounts.scans.places import Box
from collectors.showing.paper import DPI, framed_page
from collectors.showing.places import Place
from collectors.showing.show import show

PDF = Path(__file__).resolve().parents[2] / "fixtures" / "accounts" / "scanned_statements.pdf"
TURNOVER = "page 1 box 416.9,197.3,472.0,212.0"


def test_the_row_is_cut_out_and_its_page_shown() -> None:
    places = (Place(f"PROFIT AND LOSS ACCOUNT, column 1: {TURNOVER}", "turnover", 40_820_331.0),)
    shown = show(PDF.read_bytes(), places, address="x.pdf", title="x")
    assert shown.missing == ()
    assert shown.picture is not None
    assert shown.picture.startswith(b"\x89PNG")
    assert shown.html.count("<img") == 2
    assert 'id="oversight-figure"' in shown.html
    assert 'alt="turnover: page 1, as filed"' in shown.html


def test_a_derived_figure_shows_every_term() -> None:
    locator = f"{TURNOVER} + page 2 box 341.6,283.0,363.2,297.4"
    shown = show(PDF.read_bytes(), (Place(locator, "sum"),), address="x.pdf", title="x")
    assert len(shown.highlights) == 2
    assert "Page 2" in shown.html


def test_a_page_that_is_not_there_is_said() -> None:
    shown = show(PDF.read_bytes(), (Place("page 99 box 1,1,2,2"), Place("c1/Turnover/0")), address="x", title="x")
    assert set(shown.missing) == {"page 99 box 1,1,2,2", "c1/Turnover/0"}
    assert shown.picture is None


def test_only_the_frame_and_its_inside_are_coloured() -> None:
    with open_paper(PDF.read_bytes(), "x") as paper:
        picture = paper.picture(1, DPI)
    box = Box(416.9, 197.3, 472.0, 212.0)
    page = cv2.imdecode(np.frombuffer(framed_page(picture, [box]), np.uint8), cv2.IMREAD_COLOR)
    assert page is not None
    coloured = np.argwhere(page.max(axis=2).astype(int) - page.min(axis=2) > 50)
    top, left = coloured.min(axis=0) * 72 / DPI
    bottom, right = coloured.max(axis=0) * 72 / DPI
    assert abs(top - box.top) < 2
    assert abs(bottom - box.bottom) < 2
    assert abs(left - (box.left - 3)) < 2
    assert abs(right - (box.right + 3)) < 2
