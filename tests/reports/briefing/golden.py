"""The text of the briefing on an invented group, as it should read.

After an intended change: `python -m tests.reports.briefing.golden`, then read the difference before committing it.
"""

from pathlib import Path

from reports.briefing import briefing
from reports.documents.model import Bullets, Document, Heading, Images, Paragraph, Table, Text
from tests.reports.invented_view import view

PATH = Path(__file__).parents[2] / "golden" / "briefing_of_an_invented_group.txt"


def text() -> str:
    """The briefing on the first group of the invented view."""
    run = view(compared_with="20260930-0123456789")
    return plain(briefing(run, str(run.tables["register_entry"]["group_id"][0])))


def plain(document: Document) -> str:
    """A document as lines of text, figures with the numbers of their sources."""
    numbers = document.numbers()
    lines = [document.title, document.subtitle, document.banner, document.subject, ""]
    for block in document.blocks:
        match block:
            case Heading():
                lines += ["", f"{'#' * block.level} {block.text}"]
            case Paragraph():
                lines.append(_line(block.text, numbers))
            case Bullets():
                lines += [f"- {_line(item, numbers)}" for item in block.items]
            case Table():
                lines += [f"[{block.caption}]", " | ".join(block.header)]
                lines += [" | ".join(_line(cell, numbers) for cell in row) for row in block.rows]
            case Images():
                lines += [f"(picture) {image.alternative}" for image in block.items]
            case _:
                lines.append("--- page")
    return "\n".join(lines) + "\n"


def _line(cell: Text, numbers: dict[str, int]) -> str:
    return "".join(f"{span.text}[{numbers[span.item]}]" if span.item and not span.shown else span.text for span in cell)


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
