"""Insolvency notices of the companies followed: collected day by day, matched by number, else by exact name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from collectors.gazette import Gazette
from oversight.identity.names import normal_form
from oversight.model.ids import row_id
from oversight.model.times import london_date
from oversight.pipeline.collect import recorder_for
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody

RULE = "rule:gazette-match-v1"
SOURCE = "gazette.notices"
DAYS_BACK = 30
"""Days before today whose notices are asked for: a month of downtime loses nothing."""


@dataclass(slots=True)
class NoticesSummary:
    """What looking for notices did.

    Attributes:
        answers: pages of the feed fetched.
        by_number: notices matched by company number, newly recorded.
        by_name: notices matched by name, newly recorded as candidates.
        failures: what failed, by day.
        off: whether no Gazette is set.
    """

    answers: int = 0
    by_number: int = 0
    by_name: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    off: bool = False

    def sentence(self) -> str:
        """The summary in words."""
        if self.off:
            return (
                "The Gazette is not asked: Companies House's address is not its own and OVERSIGHT_GAZETTE_URL is unset."
            )
        failed = "".join(
            f" {day} could not be fetched ({why}); the next time starts there." for day, why in self.failures.items()
        )
        return (
            f"{self.answers:,} pages of notices fetched; new of companies followed: {self.by_number:,} by number, "
            f"{self.by_name:,} by exact name (candidates).{failed}"
        )


def collect_notices(workspace: Workspace, tell: Tell = tell_nobody, *, days: int = DAYS_BACK) -> NoticesSummary:
    """Fetch the notices of the days not held yet, read them, and record those of companies followed.

    A day that fails is left for the next time, with the days after it.

    Args:
        workspace: the installation.
        tell: told of progress.
        days: how many days before today to look back.
    """
    summary = NoticesSummary()
    if not workspace.settings.gazette_url:
        summary.off = True
        return summary
    with recorder_for(workspace) as recorder:
        gazette = Gazette(recorder, workspace.settings.gazette_url)
        missing = gazette.missing(london_date(workspace.clock()), days)
        summary.answers, summary.failures = gazette.days(
            missing, lambda done: tell("fetching notices", done, len(missing))
        )
    read_documents(workspace, tell, sources=[SOURCE])
    added = record_matches(workspace)
    summary.by_number, summary.by_name = added["number"], added["name"]
    return summary


def record_matches(workspace: Workspace) -> Mapping[str, int]:
    """Record which notices are about companies followed; how many were new, by how they were matched.

    Running it again adds nothing; a company followed since is found in the notices already held.
    """
    found = match(workspace.ledger.frame("notice"), workspace.ledger.frame("company"))
    now = workspace.clock()
    added = {"number": 0, "name": 0}
    for way in added:
        rows = [
            {
                "notice_match_id": row_id(row["notice_id"], row["company_number"], way),
                **row,
                "decision": "automatic" if way == "number" else "candidate",
                "author": RULE,
                "decided_at": now,
                "reason": "the notice gives the company's number"
                if way == "number"
                else "the notice gives no number and its title is the company's name, present or past",
            }
            for row in found.filter(pl.col("matched_by") == way).iter_rows(named=True)
        ]
        added[way] = workspace.ledger.add("notice_match", rows)
    return added


def match(notice: pl.DataFrame, company: pl.DataFrame) -> pl.DataFrame:
    """Which notices are about which companies.

    Args:
        notice: table `notice`.
        company: table `company`.

    Returns:
        Columns notice_id, company_number, matched_by; a notice that gives a number is matched by that alone, so
        that a namesake is never taken for the company. Sorted.
    """
    numbers = company.select("company_number").unique()
    by_number = notice.join(numbers, on="company_number", how="semi").select("notice_id", "company_number")
    names = pl.DataFrame(
        sorted({(form, row["company_number"]) for row in company.iter_rows(named=True) for form in _forms(row)}),
        schema={"form": pl.String, "company_number": pl.String},
        orient="row",
    )
    nameless = notice.filter(pl.col("company_number").is_null()).select(
        "notice_id", pl.col("company_name").map_elements(normal_form, return_dtype=pl.String).alias("form")
    )
    by_name = nameless.join(names, on="form").select("notice_id", "company_number")
    parts = [
        frame.with_columns(pl.lit(way, pl.String).alias("matched_by"))
        for frame, way in ((by_number, "number"), (by_name, "name"))
    ]
    return pl.concat(parts).unique().sort("notice_id", "company_number", "matched_by")


def _forms(row: Mapping[str, str | None]) -> set[str]:
    names = [row["name"] or "", *(row["previous_names"] or "").split(" | ")]
    return {form for name in names if (form := normal_form(name))}


def notices(workspace: Workspace) -> pl.DataFrame:
    """Notices of companies followed, the newest first.

    Returns:
        Columns published_on, company_number, company, kind, matched_by, decision, notice_id, url.
    """
    company = workspace.ledger.frame("company").unique("company_number", keep="last", maintain_order=True)
    notice = workspace.ledger.frame("notice").unique("notice_id", keep="last", maintain_order=True)
    return (
        workspace.ledger.frame("notice_match")
        .join(notice.drop("company_number", "document_id", "locator"), on="notice_id")
        .join(company.select("company_number", pl.col("name").alias("company")), on="company_number", how="left")
        .select("published_on", "company_number", "company", "kind", "matched_by", "decision", "notice_id", "url")
        .sort("published_on", "notice_id", "company_number", descending=[True, False, False])
    )
