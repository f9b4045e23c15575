"""The truth about the example market as tables, so that accuracy can be measured."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from oversight.example import accounts
from oversight.example.ofsted import owner_text
from oversight.example.shapes import Market

LABEL = "invented"
_SAME_LINE = {"cash_at_end": "cash"}
"""Captions of the cash flow statement that restate a line of the balance sheet."""

LINES_SCHEMA = pl.Schema(
    {
        "transaction_id": pl.String,
        "document_id": pl.String,
        "company_number": pl.String,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "consolidated": pl.Boolean,
        "comparative": pl.Boolean,
        "line": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "concept": pl.String,
        "medium": pl.String,
        "filed_on": pl.Date,
    }
)


def lines(market: Market) -> pl.DataFrame:
    """Every figure that a set of accounts discloses: costs, creditors and provisions negative, counts positive.

    `medium` is ixbrl, xbrl or scan; `comparative` marks last year's figures as this document gives them.
    """
    names = accounts.names(market)
    rows: list[tuple[object, ...]] = []
    for company in market.companies:
        for each in company.accounts:
            seen: set[tuple[str, bool, bool]] = set()
            for figure in accounts.disclosed(each, names[each.company_number]):
                line = _SAME_LINE.get(figure.line, figure.line)
                key = (line, figure.comparative, figure.consolidated)
                if key in seen:
                    continue
                seen.add(key)
                start = each.comparative_start if figure.comparative else each.period_start
                end = each.comparative_end if figure.comparative else each.period_end
                concept = figure.concept.old if each.medium == "xbrl" else figure.concept.name
                rows.append(
                    (
                        each.transaction_id, each.document_id, each.company_number, start, end, figure.consolidated,
                        figure.comparative, line, float(figure.amount), figure.concept.unit, concept, each.medium,
                        each.filed_on,
                    )
                )  # fmt: skip
    frame = pl.DataFrame(rows, schema=LINES_SCHEMA, orient="row")
    return frame.sort("company_number", "period_end", "transaction_id", "consolidated", "comparative", "line")


def owners(market: Market) -> pl.DataFrame:
    """Every text by which Ofsted's files name an owner, with the company it is; null where it is no company."""
    rows = [
        {
            "owner": text,
            "kind": owner.kind,
            "company_number": owner.company_number,
            "registered_name": owner.name,
            "group": owner.group,
        }
        for owner in market.owners
        for text in sorted({owner_text(owner, home) for home in market.homes if home.owner == owner.key})
    ]
    return pl.DataFrame(rows, schema_overrides={"company_number": pl.String}).sort("owner")


def groups(market: Market) -> pl.DataFrame:
    """The group each company truly belongs to, with its top and the UK parent that consolidates it."""
    held = {number: group for group in market.groups for number in group.companies}
    rows = []
    for company in market.companies:
        group = held.get(company.number)
        rows.append(
            {
                "company_number": company.number,
                "company_name": company.name,
                "role": company.role,
                "group": group.key if group else None,
                "group_name": group.name if group else None,
                "top_kind": group.top_kind if group else None,
                "top": group.top if group else None,
                "uk_parent": group.uk_parent if group else None,
            }
        )
    columns = dict.fromkeys(("group", "group_name", "top_kind", "top", "uk_parent"), pl.String)
    return pl.DataFrame(rows, schema_overrides=columns).sort("company_number")


def events(market: Market) -> pl.DataFrame:
    """What truly happened, by company, kind and the day it became public."""
    rows = [
        {"company_number": each.company_number, "kind": each.kind, "date": each.on, "detail": each.detail}
        for each in market.events
    ]
    return pl.DataFrame(rows).sort("date", "company_number", "kind", "detail")


def homes(market: Market) -> pl.DataFrame:
    """Every setting, closed ones included, with its true owner."""
    by_key = {owner.key: owner for owner in market.owners}
    rows = [
        {
            "urn": home.urn,
            "provision_type": home.kind,
            "sector": home.sector,
            "owner": by_key[home.owner].name,
            "owner_as_typed": owner_text(by_key[home.owner], home),
            "company_number": by_key[home.owner].company_number,
            "group": by_key[home.owner].group,
            "places": home.places,
            "local_authority": home.authority.name,
            "region": home.authority.region,
            "registered_on": home.registered_on,
            "left_on": home.left_on,
        }
        for home in market.homes
    ]
    columns: Mapping[str, pl.DataType | type[pl.DataType]] = {
        "company_number": pl.String, "places": pl.Int64, "left_on": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=columns).sort("urn")


TABLES = {"lines": lines, "owners": owners, "groups": groups, "events": events, "homes": homes}


def export(market: Market, folder: Path) -> dict[str, int]:
    """Write each table as a CSV file whose first column says that it is invented.

    Args:
        market: the market.
        folder: made if it is not there.

    Returns:
        Rows written, by table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, table in TABLES.items():
        frame = table(market).select(pl.lit(LABEL).alias("label"), pl.all())
        frame.write_csv(folder / f"{name}.csv")
        written[name] = frame.height
    return written
