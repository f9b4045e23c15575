"""Which statements and notes a set of accounts holds, by regime. What is composed here is what is disclosed."""

from collections.abc import Sequence

from oversight.example.filed import prose
from oversight.example.filed.report import Block, Figure, Heading, Prose, Report, Row, Table
from oversight.example.filed.taxonomy import CONCEPTS
from oversight.example.shapes import Accounts

Layout = Sequence[tuple[str, str, str, str]]
"""Caption, line (empty for a heading), style, note number."""

PROFIT_AND_LOSS: Layout = (
    ("Turnover", "turnover", "item", "3"),
    ("Cost of sales", "cost_of_sales", "item", ""),
    ("Gross profit", "gross_profit", "subtotal", ""),
    ("Administrative expenses", "administrative_expenses", "item", ""),
    ("Other operating income", "other_operating_income", "item", ""),
    ("Operating profit/(loss)", "operating_profit", "subtotal", "4"),
    ("Interest receivable and similar income", "interest_receivable", "item", ""),
    ("Interest payable and similar expenses", "interest_payable", "item", ""),
    ("Profit/(loss) before taxation", "profit_before_tax", "subtotal", ""),
    ("Tax on profit/(loss)", "tax", "item", "6"),
    ("Profit/(loss) for the financial period", "profit_after_tax", "total", ""),
)
BALANCE_SHEET: Layout = (
    ("Fixed assets", "", "head", ""),
    ("Intangible assets", "intangible_assets", "item", "7"),
    ("Tangible assets", "tangible_assets", "item", "8"),
    ("Investments", "investments", "item", "9"),
    ("Total fixed assets", "fixed_assets", "subtotal", ""),
    ("Current assets", "", "head", ""),
    ("Stocks", "stocks", "item", ""),
    ("Debtors", "debtors", "item", "10"),
    ("Cash at bank and in hand", "cash", "item", ""),
    ("Total current assets", "current_assets", "subtotal", ""),
    ("Creditors: amounts falling due within one year", "creditors_within_one_year", "item", "11"),
    ("Net current assets/(liabilities)", "net_current_assets", "subtotal", ""),
    ("Total assets less current liabilities", "total_assets_less_current_liabilities", "subtotal", ""),
    ("Creditors: amounts falling due after more than one year", "creditors_after_one_year", "item", "12"),
    ("Provisions for liabilities", "provisions", "item", ""),
    ("Net assets/(liabilities)", "net_assets", "total", ""),
    ("Capital and reserves", "", "head", ""),
    ("Called up share capital", "share_capital", "item", ""),
    ("Profit and loss account", "profit_and_loss_reserve", "item", ""),
    ("Shareholders' funds", "shareholders_funds", "total", ""),
)
MICRO_BALANCE_SHEET: Layout = (
    ("Fixed assets", "fixed_assets", "item", ""),
    ("Current assets", "current_assets", "item", ""),
    ("Creditors: amounts falling due within one year", "creditors_within_one_year", "item", ""),
    ("Net current assets/(liabilities)", "net_current_assets", "subtotal", ""),
    ("Total assets less current liabilities", "total_assets_less_current_liabilities", "subtotal", ""),
    ("Creditors: amounts falling due after more than one year", "creditors_after_one_year", "item", ""),
    ("Provisions for liabilities", "provisions", "item", ""),
    ("Net assets/(liabilities)", "net_assets", "total", ""),
    ("Capital and reserves", "shareholders_funds", "total", ""),
)
CASH_FLOW: Layout = (
    ("Cash generated from operations", "cash_generated_from_operations", "item", ""),
    ("Corporation tax paid", "tax_paid", "item", ""),
    ("Net cash from operating activities", "operating_cash_flow", "subtotal", ""),
    ("Purchase of tangible fixed assets", "capital_expenditure", "item", ""),
    ("Proceeds from sale of tangible fixed assets", "disposal_proceeds", "item", ""),
    ("Interest received", "interest_received", "item", ""),
    ("Net cash from investing activities", "investing_cash_flow", "subtotal", ""),
    ("Interest paid", "interest_paid", "item", ""),
    ("New borrowings", "borrowings_drawn", "item", ""),
    ("Repayment of borrowings", "borrowings_repaid", "item", ""),
    ("Dividends paid", "dividends_paid", "item", ""),
    ("Net cash from financing activities", "financing_cash_flow", "subtotal", ""),
    ("Net increase/(decrease) in cash and cash equivalents", "change_in_cash", "total", ""),
    ("Cash and cash equivalents at end of period", "cash_at_end", "total", ""),
)
STAFF: Layout = (
    ("Wages and salaries", "wages_and_salaries", "item", ""),
    ("Social security costs", "social_security_costs", "item", ""),
    ("Other pension costs", "pension_costs", "item", ""),
    ("Staff costs", "staff_costs", "total", ""),
)
EMPLOYEES: Layout = (("Average number of employees during the period", "average_employees", "item", ""),)
CHARGED: Layout = (
    ("Depreciation of owned tangible fixed assets", "depreciation", "item", ""),
    ("Amortisation of intangible assets", "amortisation", "item", ""),
    ("Operating lease charges", "operating_lease_rent", "item", ""),
)
GOODWILL: Layout = (("Goodwill: net book value", "goodwill", "item", ""),)
DEBTORS: Layout = (
    ("Trade debtors", "trade_debtors", "item", ""),
    ("Amounts owed by group undertakings", "debtors_group", "item", ""),
    ("Prepayments and accrued income", "prepayments", "item", ""),
    ("Debtors", "debtors", "total", ""),
)
DUE_WITHIN: Layout = (
    ("Bank loans and overdrafts", "bank_loans_within_one_year", "item", ""),
    ("Trade creditors", "trade_creditors", "item", ""),
    ("Amounts owed to group undertakings", "owed_to_group_within_one_year", "item", ""),
    ("Corporation tax", "corporation_tax_payable", "item", ""),
    ("Other taxation and social security", "other_taxation_payable", "item", ""),
    ("Accruals and deferred income", "accruals_within_one_year", "item", ""),
    ("Other creditors", "other_creditors_within_one_year", "item", ""),
)
DUE_AFTER: Layout = (
    ("Bank loans", "bank_loans_after_one_year", "item", ""),
    ("Shareholder loan notes", "other_loans_after_one_year", "item", ""),
)
LEASES: Layout = (
    ("Not later than one year", "lease_commitments_within_one_year", "item", ""),
    ("Later than one year and not later than five years", "lease_commitments_one_to_five_years", "item", ""),
    ("Later than five years", "lease_commitments_after_five_years", "item", ""),
    ("Total future minimum lease payments", "operating_lease_commitments", "total", ""),
)


class Composer:
    """Builds the blocks of one set of accounts."""

    def __init__(self, accounts: Accounts, company_name: str) -> None:
        self.accounts = accounts
        self.name = company_name
        self.blocks: list[Block] = []

    def _columns(self, scopes: Sequence[bool]) -> tuple[str, ...]:
        last = "restated" if self.accounts.restated else ""
        heads = []
        for consolidated in scopes:
            word = "" if len(scopes) == 1 else ("Group " if consolidated else "Company ")
            heads.append(f"{word}{self.accounts.period_end.year}")
            heads.append(f"{word}{self.accounts.comparative_end.year} {last}".strip())
        return tuple(heads)

    def _value(self, line: str, *, comparative: bool, consolidated: bool) -> int:
        own = self.accounts.company_before if comparative else self.accounts.company
        group = self.accounts.group_before if comparative else self.accounts.group
        return (group if consolidated and group is not None else own)[line]

    def table(self, layout: Layout, scopes: Sequence[bool]) -> None:
        """Add a table, without the rows that would be nil in every column."""
        rows: list[Row] = []
        for caption, line, style, note in layout:
            if not line:
                rows.append(Row(caption, style=style))
                continue
            figures = tuple(
                Figure(
                    line,
                    CONCEPTS[line],
                    self._value(line, comparative=comparative, consolidated=consolidated),
                    comparative,
                    consolidated,
                )
                for consolidated in scopes
                for comparative in (False, True)
            )
            if any(figure.value for figure in figures):
                rows.append(Row(caption, figures, style, note))
        if any(row.figures for row in rows):
            kept = [row for index, row in enumerate(rows) if row.figures or self._led(rows, index)]
            self.blocks.append(Table(self._columns(scopes), tuple(kept)))

    @staticmethod
    def _led(rows: list[Row], index: int) -> bool:
        """Whether a heading row has a figure row right below it."""
        return index + 1 < len(rows) and bool(rows[index + 1].figures)

    def head(self, text: str, level: int = 2) -> None:
        """Add a heading."""
        self.blocks.append(Heading(level, text))

    def say(self, text: str, concept: str | None = None, *, breaks: bool = False) -> None:
        """Add a paragraph."""
        self.blocks.append(Prose(text, concept, breaks))


def compose(accounts: Accounts, company_name: str) -> Report:
    """The whole set of accounts, by regime."""
    composer = Composer(accounts, company_name)
    titles = {
        "group": "Annual report and consolidated financial statements",
        "full": "Annual report and financial statements",
        "small": "Unaudited financial statements (filleted)",
        "micro": "Micro-entity accounts",
        "dormant": "Dormant accounts",
    }
    composer.say(prose.NOTICE)
    if accounts.form in {"group", "full"}:
        _reports(composer)
    _statements(composer)
    if accounts.form != "dormant":
        _notes(composer)
    return Report(accounts, company_name, titles[accounts.form], tuple(composer.blocks))


def _reports(composer: Composer) -> None:
    accounts = composer.accounts
    composer.head("Directors' report", 1)
    composer.say(prose.phrase("activity"), "bus:DescriptionPrincipalActivities")
    composer.head("Going concern", 2)
    composer.say(f"The directors' assessment of going concern is set out in note 2. {prose.ownership(accounts)}")
    composer.head("Independent auditor's report", 1)
    for heading, text in prose.audit_report(accounts):
        composer.head(heading)
        composer.say(text, "aurep:OpinionAuditorsOnEntity" if heading == "Opinion" else None)
    composer.say(f"Example Auditor, senior statutory auditor, for and on behalf of {accounts.auditor}")


def _statements(composer: Composer) -> None:
    accounts = composer.accounts
    group = accounts.form == "group"
    if accounts.form in {"group", "full"}:
        composer.head("Consolidated profit and loss account" if group else "Profit and loss account", 1)
        composer.table(PROFIT_AND_LOSS, [group])
    layout = MICRO_BALANCE_SHEET if accounts.form == "micro" else BALANCE_SHEET
    if not group:
        composer.head("Balance sheet", 1)
        composer.table(layout, [False])
    elif accounts.flavour % 2:
        composer.head("Group and company balance sheets", 1)
        composer.table(layout, [True, False])
    else:
        composer.head("Consolidated balance sheet", 1)
        composer.table(layout, [True])
        composer.head("Company balance sheet", 1)
        composer.table(layout, [False])
    if group:
        composer.say(prose.phrase("section_408"))
    if not accounts.audited:
        composer.say(prose.exemption(accounts))
    composer.say("Approved by the board and signed on its behalf by Example Person, director.")
    if group:
        composer.head("Consolidated statement of cash flows", 1)
        composer.table(CASH_FLOW, [True])


def _notes(composer: Composer) -> None:
    accounts = composer.accounts
    group, detailed = accounts.form == "group", accounts.form in {"group", "full"}
    composer.head("Notes to the financial statements", 1)
    composer.head("1 Accounting policies")
    standard = "FRS 105" if accounts.form == "micro" else "FRS 102"
    composer.say(prose.phrase("policy", standard=standard))
    if accounts.going_concern != "none":
        doubt = accounts.going_concern == "material_uncertainty"
        reason = "DescriptionWhyEntityNotGoing-concernOrUncertaintiesOverGoing-concernStatus"
        composer.head("2 Going concern")
        composer.say(
            prose.going_concern(accounts),
            f"core:{reason if doubt else 'GoingConcernCriticalEstimatesJudgements'}",
            breaks=True,
        )
    if accounts.restated:
        composer.head("Prior year adjustment")
        composer.say(
            prose.restatement(accounts), "core:GeneralDescriptionPriorPeriodPolicyChangeAdjustmentsTheirEffect"
        )
    if detailed:
        composer.head("4 Operating profit is stated after charging")
        composer.table(CHARGED, [group])
        composer.head("5 Staff costs")
        composer.table(STAFF, [group])
    composer.head("5 Employees" if not detailed else "Average number of employees")
    composer.table(EMPLOYEES, [group])
    if accounts.form == "micro":
        return
    scopes = [True, False] if group else [False]
    if group and accounts.group is not None and accounts.group["goodwill"]:
        composer.head("7 Intangible assets")
        composer.table(GOODWILL, [True])
    for heading, layout in (
        ("10 Debtors", DEBTORS),
        ("11 Creditors: amounts falling due within one year", DUE_WITHIN),
        ("12 Creditors: amounts falling due after more than one year", DUE_AFTER),
    ):
        before = len(composer.blocks)
        composer.head(heading)
        composer.table(layout, scopes)
        if len(composer.blocks) == before + 1:
            composer.blocks.pop()
    if detailed and (accounts.group if group and accounts.group else accounts.company)["operating_lease_commitments"]:
        composer.head("13 Commitments under operating leases")
        composer.table(LEASES, [group])
    composer.head("14 Parent undertaking and related parties")
    composer.say(prose.ownership(accounts), "core:DescriptionRelationshipsBetweenEntityParentsIncludingAnyChanges")
    if accounts.parent_name:
        composer.say(prose.phrase("group_balances"))
