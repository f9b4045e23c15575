"""The bundled geography against the published files it is made of, and Ofsted's own names against it."""

from importlib import resources
from pathlib import Path

import pytest

from oversight.geography import known
from oversight.geography.making.bundle import bundle
from tests.collectors.ofsted.files import read_rows

pytestmark = pytest.mark.shared


def test_the_bundle_can_be_made_anew(shared_data: Path) -> None:
    made = bundle(shared_data / "geography")
    bundled = resources.files("oversight.geography").joinpath("data")
    assert {name: bundled.joinpath(name).read_text(encoding="utf-8") for name in made} == made
    assert sum(len(text.encode()) for text in made.values()) < 600_000


def test_every_authority_in_every_publication_is_known(shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "ofsted").glob("*/*.csv.gz") if path.parent.name != "ownership")
    seen = 0
    for path in files:
        rows = read_rows(path.read_bytes(), path.name)
        assert not [each for each in rows.tables["issue"] if each["kind"] == "unknown_local_authority"]
        for name in ("home", "inspection", "movement"):
            printed = {(each.get("local_authority"), each.get("local_authority_code")) for each in rows.tables[name]}
            seen += len(printed)
            assert all(text is None or (code and known(str(text))) for text, code in printed)
    assert len(files) >= 17
    assert seen > 2000
