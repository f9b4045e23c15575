"""In a real browser: the figure is seen in its frame though its document would hide it, run scripts and ask others."""

import pytest

from collectors.showing.places import Place
from collectors.showing.show import show
from tests.oversight.web.browser import browser, served
from tests.oversight.web.test_evidence_pages import ACCOUNT, Shown
from tests.oversight.web.test_evidence_pages import shown as shown  # noqa: PLC0414 - a fixture

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
HIDING = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><style>body{display:none!important} '
    "#a mark{display:none!important;opacity:0} *{color:transparent!important} .b{background:url(http://127.0.0.1:9/y)}"
    "</style></head><body onload=\"document.title='owned'\"><script>document.title='owned'</script>"
    '<div id="a"><table><tr><td>Turnover</td><td class="b">1,250</td></tr></table></div>'
    "<img src='http://127.0.0.1:9/p.png' onerror=\"document.title='owned'\"/></body></html>"
)


def test_a_figure_is_seen_in_the_frame_of_its_page(shown: Shown) -> None:
    with browser() as chromium, served(shown.client.app) as base:  # type: ignore[arg-type]
        context = chromium.new_context()
        context.set_default_timeout(120_000)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{base}/evidence/{ACCOUNT}")
        frame = page.frame_locator("iframe")
        mark = frame.locator("#oversight-figure")
        mark.wait_for(state="visible")
        assert mark.inner_text() == "1,250"
        assert all(address.startswith(f"{base}/") for address in asked)
        assert any(address.startswith(f"{base}/documents/{shown.document}") for address in asked)


def test_a_document_cannot_hide_its_figure_nor_run_nor_ask_anybody() -> None:
    document = show(
        HIDING.encode(),
        (Place("x, column 1: body/div/table/tr/td[2]", "turnover", 1250.0),),
        address="x",
        title="filed",
    )
    with browser() as chromium:
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(document.html)
        mark = page.locator("#oversight-figure")
        assert mark.is_visible()
        assert mark.evaluate("each => getComputedStyle(each).color") == "rgb(11, 12, 12)"
        assert page.title() == "filed"
        assert asked == []
