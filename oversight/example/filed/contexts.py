"""Contexts of an XBRL document: each period and set of dimensions once, named as the program names them."""

from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

from oversight.example.filed.flavours import Flavour
from oversight.example.filed.taxonomy import Dimension
from oversight.example.shapes import Accounts

SCHEME = "http://www.companieshouse.gov.uk/"


@dataclass(slots=True)
class Contexts:
    """Collects the contexts that facts need, in the order they are asked for."""

    accounts: Accounts
    flavour: Flavour
    _names: dict[tuple[bool, bool, tuple[Dimension, ...]], str] = field(default_factory=dict)

    def name(self, *, instant: bool, comparative: bool, dimensions: tuple[Dimension, ...] = ()) -> str:
        """Name of the context of a fact."""
        key = (instant, comparative, dimensions)
        if key not in self._names:
            self._names[key] = self._new_name(dimensions, instant=instant, comparative=comparative)
        return self._names[key]

    def _new_name(self, dimensions: tuple[Dimension, ...], *, instant: bool, comparative: bool) -> str:
        members = [member.partition(":")[2] for _, member in dimensions]
        if self.flavour.context == "plain":
            return f"c{len(self._names) + 2}"
        if self.flavour.context == "speaking":
            base = ("FY2" if comparative else "FY1") + (".END" if instant else "")
            return ".".join([base, *(["segment", *members] if members else [])])
        return "_".join([*members, "PeriodEnd" if instant else "Period", "TMinusOne" if comparative else "TMinusZero"])

    def xml(self) -> str:
        """The contexts as XML, each with the entity's company number."""
        return "\n".join(
            self._context(name, dimensions, instant=instant, comparative=comparative)
            for (instant, comparative, dimensions), name in self._names.items()
        )

    def _context(self, name: str, dimensions: tuple[Dimension, ...], *, instant: bool, comparative: bool) -> str:
        accounts = self.accounts
        start = accounts.comparative_start if comparative else accounts.period_start
        end = accounts.comparative_end if comparative else accounts.period_end
        gap = "\n" if self.flavour.breaks else ""
        segment = "".join(
            f'<xbrldi:explicitMember dimension="{self.flavour.name(axis)}">{gap}{self.flavour.name(member)}{gap}'
            "</xbrldi:explicitMember>"
            for axis, member in dimensions
        )
        return (
            f'<xbrli:context id="{name}"><xbrli:entity>'
            f'<xbrli:identifier scheme="{SCHEME}">{escape(accounts.company_number)}</xbrli:identifier>'
            + (f"<xbrli:segment>{segment}</xbrli:segment>" if segment else "")
            + f"</xbrli:entity>{_period(start, end, instant=instant)}</xbrli:context>"
        )


def _period(start: date, end: date, *, instant: bool) -> str:
    if instant:
        return f"<xbrli:period><xbrli:instant>{end}</xbrli:instant></xbrli:period>"
    return (
        f"<xbrli:period><xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate></xbrli:period>"
    )
