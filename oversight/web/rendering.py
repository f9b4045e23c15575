"""Templates, in which every value is escaped; and the frame around each page's content."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from reports.style import clean, date_text, moment_text, number_text, percent_text, pounds_text, value_text, words

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
SERVICE: Final = "Children\u2019s homes market oversight"


class Rendering:
    """The templates of the pages and of GOV.UK Frontend."""

    def __init__(self) -> None:
        loader = ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        )
        # the macros of GOV.UK Frontend ask for parameters that were not given, which only the lax kind allows
        self._env = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._env.filters |= {
            "day": _day,
            "moment": moment_text,
            "number": number_text,
            "percent": percent_text,
            "pounds": pounds_text,
            "figure": value_text,
            "words": words,
            "clean": clean,
        }
        self._env.globals["service"] = SERVICE

    def content(self, template: str, values: Mapping[str, object]) -> str:
        """The inside of a page.

        Raises:
            jinja2.TemplateNotFound: for a template that is not there.
        """
        return self._env.get_template(template).render(values)

    def whole(self, values: Mapping[str, object]) -> str:
        """A page with its frame."""
        return self._env.get_template("frame.html").render(values)


def _day(value: date | datetime | None) -> str:
    return date_text(value) if value is not None else "not known"
