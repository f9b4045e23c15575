"""Nothing that runs, fetches or leads elsewhere survives in a shown document; every word and figure does."""

import re
from html.parser import HTMLParser

import pytest
import tinyhtml5
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from collectors.showing.frame import OURS
from collectors.showing.markup import Marks, write_page
from collectors.showing.places import Place
from collectors.showing.show import show
from collectors.showing.styles import clean_declarations, clean_sheet
from oversight.errors import HostileInputError

HARMLESS = frozenset(
    re.findall(
        r"\w+",
        "abbr address article aside b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em "
        "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp "
        "section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr",
    )
)
FETCHING = re.compile(
    r"url\s*\(|@import|expression\s*\(|javascript\s*:|behaviou?r\s*:|-moz-binding|image-set|\\", re.IGNORECASE
)


class Looker(HTMLParser):
    """Gathers what a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def look(html: str) -> Looker:
    looker = Looker()
    looker.feed(html)
    looker.close()
    return looker


def assert_harmless(html: str) -> Looker:
    seen = look(html)
    assert set(seen.tags) <= HARMLESS
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in {"href", "action", "formaction", "background", "srcset", "srcdoc", "ping", "poster", "data"}
        assert name != "src" or value.startswith("data:image/")
        if name == "style":
            assert not FETCHING.search(value)
            assert "fixed" not in value
    return seen


WORDS = st.text(alphabet="abc 123,()£-&<>\"'é\u00a0", max_size=12)
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        "div p span table tr td th tbody ul li b a form input button select textarea iframe frame object embed svg "
        "script style link meta base img video audio math template noscript body html h1 center unknown details",
    )
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        re.findall(
            r"\w+", "onclick onload onerror href src action formaction style class id background srcset data poster"
        )
    ),
    st.sampled_from(
        [
            "javascript:alert(1)",
            "https://example.org/x.png",
            "//example.org/x",
            "data:text/html,<script>x</script>",
            "color:red;background:url(https://example.org/a)",
            "width:expression(alert(1));height:1pt",
            "background:u\\72l(//example.org)",
            "position:fixed;top:0",
            "-moz-binding:url(x)",
            "oversight-figure",
            "2",
        ]
    ),
    max_size=3,
)
XHTML = "{http://www.w3.org/1999/xhtml}"
LEFT_OUT = {"script", "style", "link", "meta", "base", "iframe", "frame", "object", "embed", "svg", "video", "audio"}
LEFT_OUT |= {"math", "template", "img"}


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> etree._Element:
    element = etree.Element(draw(NAMES) if depth else "html", draw(ATTRIBUTES))
    element.text = draw(WORDS)
    for _ in range(draw(st.integers(0, 3 if depth < 4 else 0))):
        child = draw(trees(depth + 1))
        child.tail = draw(WORDS)
        element.append(child)
    return element


def visible(element: etree._Element) -> str:
    if element.tag in LEFT_OUT:
        return ""
    inside = "".join(visible(child) + (child.tail or "") for child in element)
    return (element.text or "") + inside


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(trees())
def test_no_script_handler_or_address_survives_and_every_word_does(root: etree._Element) -> None:
    sheets, body = write_page(root, Marks())
    seen = assert_harmless(body)
    assert not FETCHING.search(sheets)
    assert squeezed("".join(seen.words)) == squeezed(visible(root))


@given(trees())
def test_a_browser_reads_the_page_as_it_was_written(root: etree._Element) -> None:
    """An HTML5 parser moves what stands where it may not; then words would stand beside other words than were filed."""
    _, body = write_page(root, Marks())
    read = "".join(tinyhtml5.parse(f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>")
                   .find(f"{XHTML}body").itertext())  # fmt: skip
    assert squeezed(read) == squeezed(visible(root))


@given(st.text(alphabet="abcurl(){}@;:/*\\'\"<>!-import .#expression", max_size=200))
def test_no_style_sheet_can_fetch_run_or_close_its_element(text: str) -> None:
    sheet = clean_sheet(text)
    assert not FETCHING.search(sheet)
    assert "<" not in sheet
    assert sheet.count("{") == sheet.count("}")


@pytest.mark.parametrize(
    ("given_style", "kept"),
    [
        ("color: red; font-family: 'Arial'", "color:red;font-family:'Arial'"),
        ("width:calc(100% - 2em)", "width:calc(100% - 2em)"),
        ("background:url(//example.org/x) no-repeat; left: 3px", "left:3px"),
        ("font-family: 'Arial", ""),
        ("display: none !important; left: 1px ! IMPORTANT", "display:none;left:1px"),
        ("--x: 1; behavior: url(x.htc); margin: 0", "margin:0"),
        ("position: fixed", ""),
    ],
)
def test_declarations_that_only_arrange_are_kept(given_style: str, kept: str) -> None:
    assert clean_declarations(given_style) == kept


def test_sheets_keep_rules_and_media_and_drop_imports_fonts_and_our_own_names() -> None:
    sheet = clean_sheet(
        "@import url(https://example.org/x.css); @font-face{font-family:x;src:url(x)} .a{color:red} /* {} */"
        "@media screen{.b{left:1px}} .oversight-figure{display:none} .c{background:url(x)}"
    )
    assert sheet.split() == [".a{color:red}", "@media", "screen{.b{left:1px}", "}"]


def test_text_between_rows_and_cells_stays_where_it_was() -> None:
    root = etree.fromstring("<table>one<tr>two<td>three</td><b>four</b></tr><div>five</div></table>")
    _, body = write_page(root, Marks())
    assert body == (
        "<table><tr><td>one</td></tr><tr><td>two</td><td>three</td><td><b>four</b></td></tr>"
        "<tr><td><div>five</div></td></tr></table>"
    )


def test_a_document_with_entities_is_refused() -> None:
    content = b'<!DOCTYPE html [<!ENTITY a "b">]><html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL">&a;</html>'
    with pytest.raises(HostileInputError):
        show(content, (), address="x.html", title="x")


def test_a_deep_document_is_shown_without_recursion() -> None:
    content = b"<html>" + b"<div>" * 250 + b"9,876" + b"</div>" * 250 + b"</html>"
    shown = show(content, (Place("text line 1"),), address="x.html", title="x")
    assert "9,876" in shown.html


def test_a_shown_document_says_that_it_may_fetch_nothing_and_holds_our_marks_style() -> None:
    shown = show(b"<html><head><title>t</title></head><body>x</body></html>", (), address="x", title="<b>&")
    assert "default-src &#x27;none&#x27;" in shown.html
    assert OURS in shown.html
    assert "<title>&lt;b&gt;&amp;</title>" in shown.html
