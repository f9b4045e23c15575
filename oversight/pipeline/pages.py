"""Pages of the homes followed on Ofsted's reports site: registration status, inspections, links to reports."""

from dataclasses import dataclass, field

import polars as pl

from collectors.ofsted.reports_site import SOURCE, ReportsSite
from collectors.source import due, source_named
from oversight.identity.names import normal_form
from oversight.model.times import AsAt, london_date
from oversight.model.vocabulary import LINKED
from oversight.pipeline.collect import recorder_for
from oversight.pipeline.link import standing_links
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody


@dataclass(slots=True)
class PagesSummary:
    """What fetching pages did.

    Attributes:
        followed: homes whose owner is linked to a company.
        fetched: pages fetched now.
        failures: what failed, by URN.
        off: whether no site is set.
    """

    followed: int = 0
    fetched: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    off: bool = False

    def sentence(self) -> str:
        """The summary in words."""
        if self.off:
            return "No pages: GOV.UK's address is not its own and OVERSIGHT_OFSTED_REPORTS_URL is unset."
        failed = f" {len(self.failures):,} could not be fetched; the next time tries again." if self.failures else ""
        return f"{self.followed:,} homes followed, {self.fetched:,} pages fetched.{failed}"


def collect_pages(
    workspace: Workspace, tell: Tell = tell_nobody, *, force: bool = False, limit: int | None = None
) -> PagesSummary:
    """Fetch the pages that are due, those never fetched first.

    Args:
        workspace: the installation.
        tell: told of progress.
        force: pages that are still fresh too.
        limit: most pages to fetch; all where not given.

    Raises:
        CollectError: if the site does not answer, or its robots.txt asks robots to stay away.
    """
    summary = PagesSummary()
    if not workspace.settings.ofsted_reports_url:
        summary.off = True
        return summary
    urns = followed_homes(workspace)
    summary.followed = len(urns)
    now, source = workspace.clock(), source_named(SOURCE)
    last = {urn: workspace.ledger.last_fetch(SOURCE, urn) for urn in urns}
    todo = [urn for urn in urns if force or due(source, last[urn], now)]
    todo.sort(key=lambda urn: (str((last[urn] or {}).get("requested_at", "")), urn))
    todo = todo[:limit]
    if not todo:
        return summary
    with recorder_for(workspace, refresh=force) as recorder:
        site = ReportsSite(recorder, workspace.settings.ofsted_reports_url)
        held, summary.failures = site.pages(todo, lambda done: tell("fetching pages", done, len(todo)))
    summary.fetched = len(held)
    return summary


def followed_homes(workspace: Workspace) -> list[str]:
    """URNs in the newest list of registrations whose owner is linked to a company, sorted."""
    now = workspace.clock()
    home = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"}).home
    newest = home.filter(pl.col("as_at") == pl.col("as_at").max(), pl.col("owner").is_not_null())
    linked = set(standing_links(workspace).filter(pl.col("decision").is_in(sorted(LINKED)))["owner_key"])
    return sorted({urn for urn, owner in newest.select("urn", "owner").iter_rows() if normal_form(owner) in linked})
