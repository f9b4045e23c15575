"""The accessibility statement."""

from typing import Final

from oversight.web import sections
from oversight.web.sections import Section
from oversight.web.visit import Page, Visit

_PARTS: Final = (
    Section(
        "What you should be able to do",
        words=(
            (
                "Use every page with a keyboard alone, with a screen reader, zoomed to 400%, without JavaScript, "
                "without colour and without pictures: every picture has its words and its figures in a table beside it."
            ),
            "Wide tables scroll sideways within their frame, which the keyboard reaches.",
        ),
    ),
    Section(
        "How it was checked",
        words=(
            (
                "An automatic check (axe) passes on every page with example data at 1280 and 390 pixels and zoomed "
                "to 200%, and every page is valid HTML. This is part of the product\u2019s tests."
            ),
            (
                "It has not been checked by an independent auditor or with users of assistive technology. Automatic "
                "checks find only some problems, so no claim of full compliance with WCAG 2.2 AA is made."
            ),
        ),
    ),
    Section(
        "What is not accessible",
        words=(
            (
                "Documents shown as evidence are as companies filed them: many are scanned pages without text, and "
                "others have tables without headers. Maps and drawings are pictures; tables beside them say the same."
            ),
        ),
    ),
    Section(
        "If you find a problem",
        words=("Tell the team that runs the monitor in your department, with the page and what happened.",),
    ),
)


def statement_page(visit: Visit) -> Page:
    """What can be used how, what was checked and what was not."""
    intro = ("This statement is about these pages only. It is for the department to complete and publish.",)
    return visit.page("Accessibility statement", sections.TEMPLATE, intro=intro, sections=_PARTS)
