"""A builder of small evidence for tests: rows by name, documents and filings made as they are needed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from oversight.identity.names import normal_form
from oversight.model.evidence import VISIBLE_SCHEMA, Evidence, schema_of
from oversight.model.ids import row_id
from oversight.model.times import AsAt

ON = date(2025, 6, 30)
PUBLISHED = date(2025, 3, 31)
KNOWN_BY = datetime(2025, 7, 1, tzinfo=UTC)


def document(name: str) -> str:
    """A document id made of a name."""
    return hashlib.sha256(name.encode()).hexdigest()


@dataclass(slots=True)
class Builder:
    """Collects rows and makes evidence of them."""

    on: date = ON
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    visible: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: str, **values: Any) -> None:
        """A row of any table; columns left out are null."""
        self.tables.setdefault(table, []).append(values)

    def page(self, source: str, subject: str, published_on: date | None = None) -> str:
        """A visible document of a source."""
        doc = document(f"{source}/{subject}/{published_on}")
        self.visible.append(
            {
                "document_id": doc,
                "source": source,
                "subject": subject,
                "url": f"https://example.org/{source}/{subject}",
                "published_on": published_on,
                "retrieved_at": datetime(2025, 6, 1, tzinfo=UTC),
                "media_type": "text/plain",
            }
        )
        return doc

    def homes(self, owner: str | None, count: int, *, as_at: date = PUBLISHED, **values: Any) -> None:
        """Homes of one owner in the publication of a day."""
        subject = as_at.isoformat()
        doc = document(f"ofsted.provider_level/{subject}/{as_at}")
        if all(row["document_id"] != doc for row in self.visible):
            self.page("ofsted.provider_level", subject, as_at)
        rows = self.tables.setdefault("home", [])
        for _ in range(count):
            number = len(rows) + 1
            rows.append(
                {
                    "document_id": doc,
                    "urn": f"SC{number:06d}",
                    "locator": f"sheet 'Providers' row {number + 4}",
                    "as_at": as_at,
                    "provision_type": "Children's home",
                    "status": "Active",
                    "owner": owner,
                    "sector": "Private",
                    "places": 4,
                    "local_authority": "Testshire",
                    "local_authority_code": "E10000015",
                    "region": "North West",
                    "overall": "Good",
                }
                | values
            )

    def link(self, owner: str, number: str | None, decision: str = "confirmed", **values: Any) -> None:
        """A decision that an owner is a company."""
        made = {
            "owner_key": normal_form(owner), "owner": owner, "company_number": number,
            "kind": "company" if number else "unknown", "decision": decision, "author": "A. Analyst",
            "decided_at": datetime(2025, 5, 1, tzinfo=UTC), "reason": "same name and place",
        } | values  # fmt: skip
        self.add("link", link_id=row_id("link", owner, number, decision, made["decided_at"]), **made)

    def company(self, number: str, name: str, **values: Any) -> None:
        """A profile, with pages of the registers that show nothing."""
        doc = self.page("companies_house.profile", number)
        for source in ("filing_history", "officers", "psc"):
            self.page(f"companies_house.{source}", number)
        made = {
            "name": name, "status": "active", "company_type": "ltd", "incorporated_on": date(2010, 1, 4),
            "has_charges": False, "has_insolvency_history": False,
        } | values  # fmt: skip
        self.add("company", document_id=doc, company_number=number, locator="", **made)

    def owns(self, parent: str, child: str, **values: Any) -> None:
        """A company that controls another."""
        doc = document(f"companies_house.psc/{child}/None")
        made = {
            "owner_kind": "corporate", "owner_key": parent, "owner_name": f"Company {parent}",
            "owner_company_number": parent, "owner_country": "England", "share_min": 75.0, "share_max": 100.0,
            "natures": "ownership-of-shares-75-to-100-percent", "notified_on": date(2016, 4, 6),
        } | values  # fmt: skip
        self.add("ownership", document_id=doc, locator=f"/items/{parent}", company_number=child, **made)

    def filing(self, number: str, filed_on: date, **values: Any) -> str:
        """A transaction; returns its id."""
        transaction = row_id("transaction", number, filed_on, *sorted(str(item) for item in values.items()))
        doc = document(f"companies_house.filing_history/{number}/None")
        self.add(
            "filing", document_id=doc, transaction_id=transaction, locator=f"/items/{transaction}",
            company_number=number, filed_on=filed_on, **values,
        )  # fmt: skip
        return transaction

    def accounts(
        self,
        number: str,
        end: date,
        lines: Mapping[str, float],
        *,
        before: Mapping[str, float] | None = None,
        filed_on: date | None = None,
        consolidated: bool = False,
        start: date | None = None,
        method: str = "tagged",
        file: bool = True,
    ) -> str:
        """Accounts as filed, with the figures of the year before beside them; returns the document's id."""
        filed = filed_on or date(end.year + 1, 1, 10)
        first = start or (date(end.year, 1, 1) if end.month == 12 else date(end.year - 1, end.month + 1, 1))
        doc = self.page("companies_house.accounts", row_id("accounts", number, end, filed, consolidated), filed)
        if file:
            transaction = self.filing(number, filed, category="accounts", form="AA", made_up_to=end)
            self.visible[-1]["subject"] = transaction
        for comparative, figures in ((False, lines), (True, before or {})):
            period_end = end if not comparative else date(end.year - 1, end.month, end.day)
            period_start = first if not comparative else first.replace(year=first.year - 1)
            for line, value in figures.items():
                self.add(
                    "line",
                    line_id=row_id(doc, line, period_end, str(consolidated)),
                    document_id=doc,
                    company_number=number,
                    period_start=period_start,
                    period_end=period_end,
                    consolidated=consolidated,
                    comparative=comparative,
                    line=line,
                    value=float(value),
                    unit="count" if line == "average_employees" else "GBP",
                    concept=line.title(),
                    locator=f"c1/{line}/0",
                    method=method,
                    confidence=1.0,
                )
        return doc

    def override(self, line_id: str, value: str | None, decided_at: datetime | None = None) -> None:
        """An analyst's figure in place of a read one."""
        moment = decided_at or datetime(2025, 6, 2, tzinfo=UTC)
        self.add(
            "override", override_id=row_id("override", line_id, value, moment), subject=line_id, field="value",
            new_value=value, author="A. Analyst", decided_at=moment, reason="misread",
        )  # fmt: skip

    def evidence(self) -> Evidence:
        """The evidence, every table in its declared columns."""
        frames = {
            name: pl.DataFrame(self.tables.get(name, []), schema=schema_of(name).create_empty().schema)
            for name in Evidence.table_names()
        }
        visible = pl.DataFrame(self.visible, schema=VISIBLE_SCHEMA)
        return Evidence(as_at=AsAt(self.on, KNOWN_BY), visible=visible, **frames)


FULL_YEAR: Mapping[str, float] = {
    "turnover": 10_000_000, "cost_of_sales": -6_000_000, "gross_profit": 4_000_000,
    "administrative_expenses": -2_500_000, "operating_profit": 1_500_000, "interest_payable": -500_000,
    "interest_receivable": 0, "profit_before_tax": 1_000_000, "tax": -200_000, "profit_after_tax": 800_000,
    "staff_costs": -5_500_000, "depreciation": -300_000, "amortisation": -200_000, "impairment": 0,
    "operating_lease_rent": -400_000, "intangible_assets": 1_000_000, "goodwill": 1_000_000,
    "tangible_assets": 5_000_000, "fixed_assets": 6_000_000, "stocks": 0, "debtors": 1_500_000, "cash": 500_000,
    "current_assets": 2_000_000, "creditors_within_one_year": -1_800_000, "net_current_assets": 200_000,
    "total_assets_less_current_liabilities": 6_200_000, "creditors_after_one_year": -4_200_000,
    "net_assets": 2_000_000, "profit_and_loss_reserve": 1_900_000, "bank_loans_within_one_year": -600_000,
    "overdrafts": 0, "bank_loans_after_one_year": -3_000_000, "other_loans_within_one_year": 0,
    "other_loans_after_one_year": 0, "finance_leases_within_one_year": 0, "finance_leases_after_one_year": -200_000,
    "loan_notes_within_one_year": 0, "loan_notes_after_one_year": -1_000_000, "owed_to_group_within_one_year": 0,
    "owed_to_group_after_one_year": 0, "operating_cash_flow": 1_600_000, "capital_expenditure": -400_000,
    "tax_paid": -150_000, "interest_paid": -450_000, "average_employees": 250,
}  # fmt: skip
"""A group with debt: EBITDA 2.0 million, net debt 4.3 million, of it 1.0 million loan notes."""
