"""The workbook of one run, neutral between formats: cover, contents, notes, then a sheet for each table."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Final

from reports.frames import RunView
from reports.sheet import Sheet, Workbook
from reports.sheets import decided, drift, evidence, figures, leaving, markets, replacing, risks, stress
from reports.sheets.front import TITLE, contents, cover, notes
from reports.standing import run_banner
from reports.style import date_text, words

_SHEETS: Final[tuple[Callable[[RunView], Sheet], ...]] = (
    risks.highest,
    risks.register_sheet,
    risks.movements,
    risks.likelihood_by_impact,
    risks.reasons,
    figures.metrics,
    figures.metric_values,
    figures.peers,
    stress.scenarios,
    stress.draws,
    stress.market,
    figures.exposure,
    markets.markets,
    markets.market_shares,
    replacing.displacement,
    replacing.by_authority,
    leaving.forecast,
    leaving.quality,
    evidence.groups,
    evidence.structure,
    evidence.providers,
    evidence.events,
    figures.scope,
    evidence.documents,
    evidence.quality,
    decided.decisions,
    evidence.issues,
    drift.drift,
    evidence.parameters,
)


def build(view: RunView) -> Workbook:
    """Every sheet of the run's workbook, in reading order.

    Raises:
        SettingsError: where the run has no protective marking.
    """
    body = (notes(), *(sheet(view) for sheet in _SHEETS))
    analyst = view.roles.get("analyst", "")
    return Workbook(
        title=f"{TITLE}, as at {date_text(view.as_at.on)}",
        banner=run_banner(view),
        subject=f"Run {view.run_id}, code version {view.code_version}",
        author=analyst or words("children's homes oversight monitor"),
        created=datetime.combine(view.as_at.on, time(), tzinfo=UTC),
        sheets=(cover(view), contents(body), *body),
    )
