"""Tables of strangers: read whole, or refused with file and next step."""

import gzip
import io
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.errors import HostileInputError, InputError
from oversight.pipeline.panel_files import read_panel

SAMPLE = Path(__file__).parents[2] / "fixtures" / "failure" / "polish_sample.arff.gz"


def test_the_polish_sample_is_read_in_full() -> None:
    frame = read_panel(SAMPLE)
    assert frame.shape == (706, 65)
    assert frame.columns[:2] == ["Attr1", "Attr2"]
    assert frame["class"].value_counts().sort("class").rows() == [("0", 615), ("1", 91)]
    assert frame["Attr37"].null_count() > 200
    assert frame.select(pl.col("Attr1")).dtypes == [pl.Float64]


def test_quoted_names_comments_and_text_in_arff(tmp_path: Path) -> None:
    path = tmp_path / "a.arff"
    path.write_text(
        "% a comment\n@RELATION x\n@ATTRIBUTE 'net debt' REAL\n@attribute kind {a, 'b c'}\n"
        "@DATA\n% more\n1.5,'b c'\n?, a\n\n"
    )
    assert read_panel(path).to_dicts() == [{"net debt": 1.5, "kind": "b c"}, {"net debt": None, "kind": "a"}]


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "parquet"])
def test_one_table_in_other_files(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame({"company": ["00000001", "00000002"], "debt": [1.5, None], "failed": [0, 1]})
    path = tmp_path / f"panel.{suffix}"
    if suffix == "parquet":
        frame.write_parquet(path)
    else:
        text = frame.write_csv().encode()
        path.write_bytes(gzip.compress(text) if suffix.endswith("gz") else text)
    read = read_panel(path)
    assert read.columns == frame.columns
    assert read["debt"].to_list() == [1.5, None]


@pytest.mark.parametrize(
    "content",
    [
        b"@relation x\n@attribute a numeric\n1,2\n",
        b"@relation x\n@data\n1,2\n",
        b"@relation x\n@attribute a numeric\n@attribute a numeric\n@data\n1,2\n",
        b"@relation x\n@attribute a numeric\n@data\n{0 1}\n",
        b"@relation x\n@attribute a numeric\n@data\nword\n",
        b"@relation x\n@attribute a numeric\n@attribute b numeric\n@data\n1,2,3\n",
        b"PAR1 and nothing more",
        b"",
        b"a,b\n1,2,3,4\n",
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "panel.arff"
    path = path if content.startswith(b"@") else tmp_path / "panel.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_panel(path)
    assert path.name in caught.value.where
    assert caught.value.next_step


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_panel(tmp_path / "none.csv")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    # 40 MB from 40 kB: over the ratio that is believed
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream:
        for _ in range(40):
            stream.write(b"0" * 1024 * 1024)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(packed.getvalue())
    with pytest.raises(HostileInputError):
        read_panel(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["@relation x\n@attribute a numeric\n@data\n", "", "a,b\n"]))
def test_any_bytes_are_a_table_or_an_error(tmp_path: Path, content: bytes, head: str) -> None:
    path = tmp_path / "panel"
    path.write_bytes(head.encode() + content)
    with suppress(InputError):
        assert isinstance(read_panel(path), pl.DataFrame)
