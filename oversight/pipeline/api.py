"""The rows behind the read interface: tables of a run, what its accounts say, and the list of homes it used."""

from collections.abc import Mapping, Sequence

import polars as pl

from oversight.pipeline.workspace import Workspace
from oversight.store.bulk import NO_MONTH
from oversight.store.runs import Manifest
from reports.api.query import Query
from reports.api.resources import Resource

_ACCOUNTS = "companies_house.accounts"
_LISTS = ("provider", "exposure", "market")
"""Tables of a run that name the list of registrations they rest on; the first that names one counts."""


def runs_rows(resource: Resource, manifests: Sequence[Manifest]) -> pl.DataFrame:
    """Runs as rows, in the order given."""
    names = list(resource.columns)
    rows = [{name: getattr(each, name) for name in names} for each in manifests]
    return pl.DataFrame(rows, schema=resource.schema.create_empty().schema)


def account_rows(
    workspace: Workspace, resource: Resource, tables: Mapping[str, pl.DataFrame], query: Query
) -> pl.DataFrame:
    """Lines or facts of the accounts that a run saw, narrowed by company or document as the query says.

    Only figures are given of facts: texts may name persons.
    """
    visible = tables["visible"].filter(pl.col("source") == _ACCOUNTS)
    if wanted := query.equal.get("document_id"):
        visible = visible.filter(pl.col("document_id").is_in(list(wanted)))
    if companies := query.equal.get("company_number"):
        column = workspace.ledger.columns("filing").company_number
        filed = workspace.ledger.frame("filing", column.in_(list(companies)))["transaction_id"]
        visible = visible.filter(pl.col("subject").is_in(filed.unique().to_list()))
    documents = visible["document_id"].unique().to_list()
    months = set(visible["published_on"].dt.strftime("%Y-%m").fill_null(NO_MONTH))
    column = workspace.ledger.columns("reading").document_id
    readings = workspace.ledger.frame("reading", column.in_(documents))
    rows = workspace.bulk.scan(resource.table, readings, months)
    if resource.table == "fact":
        rows = rows.filter(pl.col("number").is_not_null())
    return rows.collect().select(list(resource.columns))


def home_rows(workspace: Workspace, resource: Resource, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Registered providers in the list of registrations that a run used."""
    named = (tables[name]["document_id"] for name in _LISTS if name in tables and not tables[name].is_empty())
    documents = next(named, pl.Series(dtype=pl.String)).drop_nulls().unique().to_list()
    column = workspace.ledger.columns("home").document_id
    return workspace.ledger.frame("home", column.in_(documents)).select(list(resource.columns))
