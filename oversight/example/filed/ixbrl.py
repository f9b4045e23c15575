"""A set of accounts as inline XBRL: a readable page whose figures are tagged, as accounts software makes it."""

from html import escape

from oversight.example.filed.contexts import Contexts
from oversight.example.filed.flavours import FLAVOURS, Flavour
from oversight.example.filed.prose import NOTICE
from oversight.example.filed.report import Figure, Heading, Prose, Report, Row, Table
from oversight.example.filed.taxonomy import CONSOLIDATED, Dimension, version

_STYLE = (
    "body{font-family:Arial,sans-serif;font-size:10pt;margin:2em auto;max-width:52em}"
    "td{padding:0.15em 0.6em;vertical-align:bottom}td.n{text-align:right;white-space:nowrap}"
    "tr.subtotal td.n{border-top:1px solid}tr.total td.n{border-top:1px solid;border-bottom:3px double}"
    "h1{font-size:13pt;page-break-before:always}h2{font-size:11pt}.notice{border:1px solid;padding:0.5em}"
)


class Page:
    """Renders one report in one flavour."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.accounts = report.accounts
        self.flavour: Flavour = FLAVOURS[report.accounts.flavour]
        self.contexts = Contexts(report.accounts, self.flavour)
        self.version = version(report.accounts.filed_on)
        self.texts = 0

    def render(self) -> bytes:
        """The whole document, UTF-8."""
        body = self._body()
        header = self._header()
        h = self.flavour.html
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<{h}html {self._namespaces()}>\n<{h}head>"
            f'<{h}meta http-equiv="Content-Type" content="application/xhtml+xml; charset=UTF-8" />'
            f"<{h}title>{escape(self.report.company_name)} - invented example accounts</{h}title>"
            f'<{h}style type="text/css">{_STYLE}</{h}style></{h}head>\n<{h}body>\n'
            f'<{h}div style="display:none">{header}</{h}div>\n{body}\n</{h}body>\n</{h}html>\n'
        ).encode()

    def _namespaces(self) -> str:
        spaces = {
            "xbrli": "http://www.xbrl.org/2003/instance",
            "xbrldi": "http://xbrl.org/2006/xbrldi",
            "link": "http://www.xbrl.org/2003/linkbase",
            "xlink": "http://www.w3.org/1999/xlink",
            "iso4217": "http://www.xbrl.org/2003/iso4217",
            self.flavour.transforms_prefix: self.flavour.transforms,
            self.flavour.prefix("core"): f"http://xbrl.frc.org.uk/fr/{self.version}/core",
            self.flavour.prefix("bus"): f"http://xbrl.frc.org.uk/cd/{self.version}/business",
            self.flavour.prefix("aurep"): f"http://xbrl.frc.org.uk/reports/{self.version}/aurep",
            self.flavour.prefix("direp"): f"http://xbrl.frc.org.uk/reports/{self.version}/direp",
        }
        default = self.flavour.ix if self.flavour.html else "http://www.w3.org/1999/xhtml"
        named = ("xmlns:xhtml", "http://www.w3.org/1999/xhtml") if self.flavour.html else ("xmlns:ix", self.flavour.ix)
        return " ".join(
            [f'xmlns="{default}"', f'{named[0]}="{named[1]}"', *(f'xmlns:{key}="{uri}"' for key, uri in spaces.items())]
        )

    def _header(self) -> str:
        element, standard = self.flavour.element, "FRS-105" if self.accounts.form == "micro" else "FRS-102"
        hidden = "".join(self._hidden())
        references = element("references")
        entry = f"https://xbrl.frc.org.uk/{standard}/{self.version}/{standard}-{self.version}.xsd"
        return (
            f"<{element('header')}><{element('hidden')}>{hidden}</{element('hidden')}>"
            f'<{references}><link:schemaRef xlink:type="simple" xlink:href="{entry}"/></{references}>'
            f"<{element('resources')}>{self.contexts.xml()}"
            '<xbrli:unit id="GBP"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit>'
            '<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>'
            f"</{element('resources')}></{element('header')}>"
        )

    def _hidden(self) -> list[str]:
        accounts = self.accounts
        standard = "Micro-entities" if accounts.form == "micro" else "FRS102"
        audited = "Audited" if accounts.audited else "AuditExempt-NoAccountantsReport"
        facts = [
            self._text("bus:NameProductionSoftware", self.flavour.software),
            self._text("bus:UKCompaniesHouseRegisteredNumber", accounts.company_number),
            self._text("bus:StartDateForPeriodCoveredByReport", accounts.period_start.isoformat(), instant=True),
            self._text("bus:EndDateForPeriodCoveredByReport", accounts.period_end.isoformat(), instant=True),
            self._text("bus:EntityDormantTruefalse", "true" if accounts.form == "dormant" else "false"),
            self._text(
                "bus:AccountingStandardsApplied", "", (("bus:AccountingStandardsDimension", f"bus:{standard}"),)
            ),
            self._text(
                "bus:AccountsStatusAuditedOrUnaudited", "", (("bus:AccountsStatusDimension", f"bus:{audited}"),)
            ),
            self._text("bus:AccountsTypeFullOrAbbreviated", "", (("bus:AccountsTypeDimension", "bus:FullAccounts"),)),
        ]
        if accounts.form == "group":
            scope: Dimension = ("bus:ScopeAccountsDimension", "bus:ConsolidatedGroupCompanyAccounts")
            facts.append(self._text("bus:ScopeAccounts", "", (scope,)))
            name = "core:FinancialStatementsArePreparedOnGoing-concernBasisTruefalse"
            facts.append(self._text(name, "true", (CONSOLIDATED,)))
        if accounts.auditor:
            facts.append(self._text("bus:NameEntityAuditors", accounts.auditor))
        return facts

    def _text(
        self, name: str, text: str, dimensions: tuple[Dimension, ...] = (), *, instant: bool = False, extra: str = ""
    ) -> str:
        context = self.contexts.name(instant=instant, comparative=False, dimensions=dimensions)
        element = self.flavour.element("nonNumeric")
        return f'<{element} name="{self.flavour.name(name)}" contextRef="{context}"{extra}>{escape(text)}</{element}>'

    def _body(self) -> str:
        h, accounts = self.flavour.html, self.accounts
        day = self._text(
            "bus:BalanceSheetDate",
            f"{accounts.period_end.day} {accounts.period_end:%B %Y}",
            instant=True,
            extra=f' format="{self.flavour.transforms_prefix}:{self.flavour.day}"',
        )
        name = self._text("bus:EntityCurrentLegalOrRegisteredName", self.report.company_name)
        parts = [
            f'<{h}p class="notice">{escape(NOTICE)}</{h}p>',
            f"<{h}p>Registered number: {escape(accounts.company_number)} (England and Wales)</{h}p>",
            f"<{h}p><{h}b>{name}</{h}b></{h}p>",
            f"<{h}p>{escape(self.report.title)} for the period ended {day}</{h}p>",
        ]
        for block in self.report.blocks:
            if isinstance(block, Heading):
                parts.append(f"<{h}h{block.level}>{escape(block.text)}</{h}h{block.level}>")
            elif isinstance(block, Prose):
                parts.append(self._prose(block))
            else:
                parts.append(self._table(block))
        return "\n".join(parts)

    def _prose(self, block: Prose) -> str:
        h = self.flavour.html
        if block.concept is None:
            return f"<{h}p>{escape(block.text)}</{h}p>"
        if not (block.breaks and self.flavour.continues):
            return f"<{h}p>{self._text(block.concept, block.text)}</{h}p>"
        self.texts += 1
        half = block.text.index(". ", len(block.text) // 3) + 2
        label = f"text{self.texts}"
        first = self._text(block.concept, block.text[:half], extra=f' continuedAt="{label}"')
        element = self.flavour.element("continuation")
        rest = f'<{element} id="{label}">{escape(block.text[half:])}</{element}>'
        footer = f"<{h}p>{escape(self.report.company_name)}</{h}p>"
        return f"<{h}p>{first}</{h}p>\n{footer}\n<{h}p>{rest}</{h}p>"

    def _table(self, table: Table) -> str:
        h = self.flavour.html
        unit = "£'000" if self.accounts.thousands else "£"
        if all(figure is None or figure.concept.unit == "pure" for row in table.rows for figure in row.figures):
            unit = "Number"
        heads = "".join(f'<{h}td class="n"><{h}b>{escape(head)}</{h}b></{h}td>' for head in table.columns)
        units = "".join(f'<{h}td class="n">{escape(unit)}</{h}td>' for _ in table.columns)
        rows = "\n".join(self._row(row, len(table.columns)) for row in table.rows)
        return (
            f"<{h}table><{h}tr><{h}td></{h}td><{h}td>Note</{h}td>{heads}</{h}tr>"
            f"<{h}tr><{h}td></{h}td><{h}td></{h}td>{units}</{h}tr>\n{rows}</{h}table>"
        )

    def _row(self, row: Row, columns: int) -> str:
        h = self.flavour.html
        caption = f"<{h}b>{escape(row.caption)}</{h}b>" if row.style != "item" else escape(row.caption)
        cells = "".join(
            f'<{h}td class="n">{self._figure(figure) if figure else ""}</{h}td>'
            for figure in (row.figures or (None,) * columns)
        )
        return f'<{h}tr class="{row.style}"><{h}td>{caption}</{h}td><{h}td>{row.note}</{h}td>{cells}</{h}tr>'

    def _figure(self, figure: Figure) -> str:
        """The figure, tagged; brackets of a negative stand outside the tag."""
        concept, flavour = figure.concept, self.flavour
        counted = concept.unit == "pure"
        scale = 3 if self.accounts.thousands and not counted else 0
        context = self.contexts.name(
            instant=concept.instant, comparative=figure.comparative, dimensions=figure.dimensions
        )
        shown = abs(figure.value) // 10**scale
        words = f"{shown:,}" if shown else "-"
        kind = flavour.number if shown else flavour.dash
        sign = ' sign="-"' if figure.tagged < 0 else ""
        element = flavour.element("nonFraction")
        tag = (
            f'<{element} name="{flavour.name("core:" + concept.name)}" contextRef="{context}" unitRef="{concept.unit}" '
            f'decimals="{-scale if scale else 0}" scale="{scale}" format="{flavour.transforms_prefix}:{kind}"{sign}>'
            f"{words}</{element}>"
        )
        if flavour.nested:
            h = flavour.html
            tag = f'<{h}span class="v"><{h}span>{tag}</{h}span></{h}span>'
        return f"({tag})" if figure.value < 0 else tag


def render(report: Report) -> bytes:
    """A report as an inline XBRL document."""
    return Page(report).render()
