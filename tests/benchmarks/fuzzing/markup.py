"""Well-formed accounts that no accountant wrote: absurd depth, length, number, and references that go in circles."""

import random
from collections.abc import Callable, Mapping

from tests.collectors.accounts.documents import NOW, THEN, YEAR, document, figure, row, said

Attack = Callable[[random.Random], bytes]

_SAID = "<p>Consolidated balance sheet</p><p>going concern, auditor, operating profit 5</p>"


def _many(chance: random.Random, most: int) -> int:
    """Any number up to `most`, as often of each magnitude; often the greatest."""
    return most if chance.random() < 0.3 else int(10 ** chance.uniform(0, len(str(most)) - 1))


def deep(chance: random.Random) -> bytes:
    """Elements in elements."""
    tag = chance.choice(
        ("div", "table", "ix:nonNumeric name='bus:x' contextRef='now'", "span", "ix:exclude", "ul", "tr",
         "ix:nonFraction name='core:Equity' contextRef='now' unitRef='GBP'", "xbrli:segment", "ix:continuation id='a'")
    )  # fmt: skip
    count = _many(chance, 100_000)
    inside = figure("Equity", NOW, "5") if chance.random() < 0.5 else "5"
    closed = f"</{tag.partition(' ')[0]}>" * (count if chance.random() < 0.8 else count // 2)
    return document(_SAID, figure("Equity", THEN, "4"), f"<{tag}>" * count, inside, closed)


def wide_attribute(chance: random.Random) -> bytes:
    """One attribute of megabytes, or a hundred thousand attributes."""
    name = chance.choice(
        ("style", "class", "contextRef", "name", "id", "format", "scale", "unitRef", "colspan", "data")
    )
    size = _many(chance, 9_000_000)
    value = chance.choice(("x", "9", " ", "a:", "-", "é", "(", "top:1px;", "width:99999px;left:1e9px;"))
    text = value * (size // len(value))
    many = " ".join(f'a{number}="{value}"' for number in range(min(size, 100_000)))
    held = figure("Turnover", YEAR, "7", **{name: text}) if name != "format" else figure("Equity", NOW, "1")
    return document(_SAID, held, f'<p {many}/><td {name}="{text}">1</td>')


def numbers(chance: random.Random) -> bytes:
    """Figures that are hardly figures."""
    digits = chance.choice(
        ("9", "1,", "0.", "(", "-", "£", "\u2009", "1 ", "&#160;", "\u0661", "²", "\U0001d7d9", "1e", "nil ")
    )
    forms = ("ixt:numdotdecimal", "ixt:numcommadecimal", "ixt:numunitdecimal", "ixt:fixed-zero", "x:y", "")
    made = [
        figure("Equity", chance.choice((NOW, THEN)), digits * _many(chance, 100_000), format=chance.choice(forms),
               scale=chance.choice(("0", "6", "-6", "400", "9999999999999999999999", "x", "٣", "1_0", " 3 ")),
               sign=chance.choice(("-", "+", "--")))
        for _ in range(_many(chance, 50))
    ]  # fmt: skip
    return document(_SAID, *made)


def facts(chance: random.Random) -> bytes:
    """Up to a hundred thousand figures in a document of up to 20 MB, on one line or a row each."""
    one = chance.choice(
        (
            '<ix:nonFraction name="core:Equity" contextRef="now" unitRef="GBP">1</ix:nonFraction>',
            '<ix:nonFraction name="e" contextRef="z" unitRef="">x</ix:nonFraction>',
            '<ix:nonNumeric name="bus:EntityCurrentLegalOrRegisteredName" contextRef="now">A</ix:nonNumeric>',
            row("Turnover", figure("Turnover", YEAR, "7"), figure("Turnover", "lastyear", "6")),
            '<ix:f name="e" contextRef="z"/>',
        )
    )
    body = one * min(_many(chance, 1_000_000), 19_000_000 // len(one))
    return document(_SAID, figure("Equity", NOW, "5"), f"<table>{body}</table>" if "<tr>" in one else body)


def plain_facts(chance: random.Random) -> bytes:
    """Plain XBRL of up to a million elements."""
    one = chance.choice(('<a contextRef="c" unitRef="u">1</a>', '<b contextRef="c"/>', "<t><u/></t>", "<a>1</a>"))
    body = one * min(_many(chance, 1_000_000), 19_000_000 // len(one))
    head = (
        '<x:xbrl xmlns:x="http://www.xbrl.org/2003/instance"><x:context id="c"><x:entity><x:identifier scheme="s">'
        "01234567</x:identifier></x:entity><x:period><x:instant>2025-03-31</x:instant></x:period></x:context>"
        '<x:unit id="u"><x:measure>iso4217:GBP</x:measure></x:unit>'
    )
    return f"{head}{body}</x:xbrl>".encode()


def contexts(chance: random.Random) -> bytes:
    """Contexts by the hundred thousand, in one another, without end, or of a thousand dimensions."""
    member = '<xbrldi:explicitMember dimension="a:b">c:d</xbrldi:explicitMember>'
    typed = '<xbrldi:typedMember dimension="a:b"><x>' + "y" * _many(chance, 1_000_000) + "</x></xbrldi:typedMember>"
    inner = chance.choice((member * _many(chance, 100_000), typed, "<xbrli:context id='q'>", ""))
    count = 1 if len(inner) > 1000 else _many(chance, 60_000)
    day = chance.choice(("2025-03-31", "0001-01-01", "9999-12-31", "2025-03-31T00:00:00", "0001-01-01T00:00", "x" * 90))
    made = "".join(
        f"<xbrli:context id='c{number}'><xbrli:entity><xbrli:segment>{inner}</xbrli:segment></xbrli:entity>"
        f"<xbrli:period><xbrli:instant>{day}</xbrli:instant></xbrli:period>"
        + ("</xbrli:context>" if chance.random() < 0.99 or count < 100 else "")
        for number in range(count)
    )
    used = "".join(figure("Equity", f"c{number}", "5") for number in range(min(count, 5_000)))
    return document(_SAID, figure("Equity", NOW, "5"), used, hidden=made)


def shared_giants(chance: random.Random) -> bytes:
    """A namespace, a member, a unit or an entity of megabytes that every figure shares."""
    giant = "y" * _many(chance, 5_000_000)
    made = document(_SAID, *(figure("Equity", NOW, str(each)) for each in range(_many(chance, 50_000))))
    member = f'<xbrli:segment><xbrldi:typedMember dimension="a:b"><x>{giant}</x></xbrldi:typedMember></xbrli:segment>'
    old, new = chance.choice(
        (
            ("http://xbrl.frc.org.uk/fr/2023-01-01/core", giant),
            ("iso4217:GBP", giant),
            ("</xbrli:identifier>", "</xbrli:identifier>" + member),
            (">01234567<", f">{giant}<"),
            (' scheme="', f' scheme="{giant}'),
            ('id="now"', f'id="now" x="{giant}"'),
        )
    )
    return made.replace(old.encode(), new.encode())


def continuations(chance: random.Random) -> bytes:
    """Texts that go on in themselves, in circles, or through a hundred thousand pieces."""
    count = _many(chance, 100_000)
    piece = "<b>a</b> " * _many(chance, 30)
    onward = (lambda number: (number + 1) % count) if chance.random() < 0.5 else (lambda _: chance.randrange(count))
    nested = chance.random() < 0.3
    parts = [
        f"<ix:continuation id='k{number}' continuedAt='k{onward(number)}'>{piece}"
        + ("" if nested else "</ix:continuation>")
        for number in range(min(count, 15_000_000 // (len(piece) + 80)))
    ]
    started = said("DescriptionPrincipalActivities", YEAR, "begins", continuedAt="k0") * _many(chance, 1_000)
    return document(_SAID, figure("Equity", NOW, "5"), started, *parts, "</ix:continuation>" * (len(parts) * nested))


def excluded(chance: random.Random) -> bytes:
    """Tags in tags, excluded parts and hidden parts many times over."""
    count = _many(chance, 2_000)
    opened = "<ix:nonNumeric name='bus:EntityCurrentLegalOrRegisteredName' contextRef='now'>a<ix:exclude>b</ix:exclude>"
    hidden = "<ix:hidden>" * _many(chance, 2_000)
    return document(
        opened * count,
        "</ix:nonNumeric>" * count,
        hidden,
        figure("Equity", NOW, "5"),
        "</ix:hidden>" * hidden.count("<"),
    )


def pages(chance: random.Random) -> bytes:
    """Pages that are hard to lay out: cells, rows, tables, words and styles without end."""
    cell = chance.choice(
        ("<td>1</td>", "<td colspan='1000000'>1</td>", "<td rowspan='65534'>(1)</td>", "<td/>", "<td>Turnover</td>",
         "<td>&#160;</td>", "<td><table><tr><td>1</td></tr></table></td>", f"<td>{'word ' * 500}</td>")
    )  # fmt: skip
    rows = _many(chance, 20_000)
    cells = _many(chance, max(1, min(19_000_000 // (len(cell) * rows), 20_000)))
    heading = chance.choice(
        ("Consolidated balance sheet as at 31 March 2025", "Profit and loss account for the year ended 31 March 2025",
         "Notes to the accounts", "Cash flow statement", "Fixed assets", "2025 2024")
    )  # fmt: skip
    caption = chance.choice(("Turnover", "Net assets", "Creditors: amounts falling due within one year", "", "x" * 400))
    table = f"<table><tr><td>{heading}</td></tr>{(f'<tr><td>{caption}</td>' + cell * cells + '</tr>') * rows}</table>"
    placed = "<div style='position:absolute;left:{0}px;top:{0}px'>Turnover {0}</div>"
    free = "".join(placed.format(number % 977) for number in range(_many(chance, 100_000)))
    return document(_SAID, figure("Equity", NOW, "5"), table, free if chance.random() < 0.4 else "")


def words(chance: random.Random) -> bytes:
    """Sentences on going concern, auditors and parents that never come to an end."""
    said_so = chance.choice(
        ("going concern ", "material uncertainty may cast significant doubt ", "auditor's report ",
         "the ultimate parent company is ", "Consolidated statement of ", "profit before tax ", "turnover ",
         "operating profit\n", " \t ", "31 March ", "£'000 ", "1 2 3 4 5 ", "in our opinion ", "except for ")
    )  # fmt: skip
    apart = chance.choice(("", "<br/>", "</p><p>", ". "))
    body = (said_so + apart) * min(_many(chance, 1_000_000), 9_000_000 // len(said_so + apart))
    return document(figure("Equity", NOW, "5"), f"<p>going concern auditor</p><p>{body}</p>")


def entities(chance: random.Random) -> bytes:
    """A billion laughs, quadratic growth, files and addresses from outside."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = chance.choice(
        (
            f'<!DOCTYPE html [<!ENTITY e0 "ha">{laughs}]>',
            f'<!DOCTYPE html [<!ENTITY e11 "{"a" * 100_000}">]>',
            '<!DOCTYPE html [<!ENTITY e11 SYSTEM "file:///dev/zero">]>',
            '<!DOCTYPE html [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
            '<!DOCTYPE html SYSTEM "file:///dev/zero">',
            '<!DOCTYPE html [<!ATTLIST p x CDATA "y">]>',
            f"<!DOCTYPE html [{'<!ELEMENT a (b)>' * 100_000}]>",
            f"<!DOCTYPE html [<!ELEMENT a ({'(' * 50_000}b{')' * 50_000})>]>",
        )
    )
    body = f"<p>{'&e11;' * _many(chance, 10_000) if 'e11' in doctype else ''}</p>"
    text = document(body, figure("Equity", NOW, "5"), declaration=doctype)
    encoding = chance.choice(("utf-8", "utf-16", "utf-32", "utf-16-be"))
    return f'<?xml version="1.0" encoding="{encoding}"?>{text.decode()}'.encode(encoding)


def unclosed(chance: random.Random) -> bytes:
    """Markup that begins again and again and never ends."""
    start = chance.choice(
        ("<", "<a ", "<!--", "<header>", "<head ", "<script>", "<style", "&", "&#", "</", "<![CDATA[", "<?", "<td ",
         "<p style='", "<ix:header><ix:hidden>", "<ix:nonFraction ", "data:image/png;base64,", ";base64," + "A" * 300)
    )  # fmt: skip
    return document(_SAID, figure("Equity", NOW, "5"), start * min(_many(chance, 1_000_000), 9_000_000 // len(start)))


ATTACKS: Mapping[str, Attack] = {
    each.__name__: each
    for each in (
        deep, wide_attribute, numbers, facts, plain_facts, contexts, shared_giants,
        continuations, excluded, pages, words, entities,
        unclosed,
    )
}  # fmt: skip
