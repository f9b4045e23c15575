"""Five ways of tagging, as five makers of accounts software do it: versions, prefixes, formats, names of contexts."""

from dataclasses import dataclass

IX_2013 = "http://www.xbrl.org/2013/inlineXBRL"
IX_2008 = "http://www.xbrl.org/2008/inlineXBRL"
_TRANSFORMS_2008 = "http://www.xbrl.org/2008/inlineXBRL/transformation"
_TRANSFORMS_1 = "http://www.xbrl.org/inlineXBRL/transformation/2010-04-20"
_TRANSFORMS_2 = "http://www.xbrl.org/inlineXBRL/transformation/2011-07-31"
_TRANSFORMS_3 = "http://www.xbrl.org/inlineXBRL/transformation/2015-02-26"


@dataclass(frozen=True, slots=True)
class Flavour:
    """How one program tags.

    Attributes:
        software: its invented name.
        ix: namespace of inline XBRL.
        ix_prefix: prefix of inline elements; empty where inline XBRL is the default namespace.
        html: prefix of XHTML elements, with its colon; empty where XHTML is the default namespace.
        transforms: namespace of the formats.
        transforms_prefix: their prefix.
        number: format of a number such as 1,234.
        dash: format of a dash that stands for nought.
        day: format of a day such as 31 March 2025.
        prefixes: prefix by namespace key (core, bus, aurep, direp).
        context: pattern of context names: plain (c1), speaking (FY1.END.segment...) or period (Period_TMinusZero).
        breaks: whether members stand on lines of their own.
        nested: whether figures are wrapped in spans.
        continues: whether long text breaks into a continuation.
    """

    software: str
    ix: str
    ix_prefix: str
    html: str
    transforms: str
    transforms_prefix: str
    number: str
    dash: str
    day: str
    prefixes: tuple[tuple[str, str], ...]
    context: str
    breaks: bool = False
    nested: bool = False
    continues: bool = False

    def prefix(self, key: str) -> str:
        """The prefix of a namespace key."""
        return dict(self.prefixes)[key]

    def name(self, qualified: str) -> str:
        """A name such as `core:Equity` with this program's prefix."""
        key, _, local = qualified.partition(":")
        return f"{self.prefix(key)}:{local}"

    def element(self, local: str) -> str:
        """The name of an inline element."""
        return f"{self.ix_prefix}:{local}" if self.ix_prefix else local


def _prefixes(core: str, bus: str, aurep: str, direp: str) -> tuple[tuple[str, str], ...]:
    return (("core", core), ("bus", bus), ("aurep", aurep), ("direp", direp))


FLAVOURS: tuple[Flavour, ...] = (
    Flavour(
        "Example Accounts Production 8.1", IX_2013, "ix", "", _TRANSFORMS_1, "ixt", "numcommadot", "numdash",
        "datelonguk", _prefixes("core", "bus", "aurep", "direp"), "speaking", continues=True,
    ),
    Flavour(
        "Example Workpapers 2022.0", IX_2013, "ix", "", _TRANSFORMS_1, "ixt", "numcommadot", "numdash",
        "datelonguk", _prefixes("d", "c", "f", "e"), "plain", breaks=True, nested=True, continues=True,
    ),
    Flavour(
        "Example Disclosure Studio 4", IX_2013, "ix", "", _TRANSFORMS_2, "ixt2", "numdotdecimal", "zerodash",
        "datedaymonthyearen", _prefixes("ns5", "ns10", "ns17", "ns20"), "plain", continues=True,
    ),
    Flavour(
        "Example Assisted Tagging 5.6", IX_2008, "ix", "", _TRANSFORMS_2008, "ixt", "numcommadot", "numdash",
        "datelonguk", _prefixes("core", "bus", "aurep", "direp"), "period", breaks=True,
    ),
    Flavour(
        "Example Cloud Filing 3", IX_2013, "", "xhtml:", _TRANSFORMS_3, "ixt3", "numdotdecimal", "zerodash",
        "datedaymonthyearen", _prefixes("frs-core", "frs-bus", "frs-aurep", "frs-direp"), "speaking", nested=True,
    ),
)  # fmt: skip
