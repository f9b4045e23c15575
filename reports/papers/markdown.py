"""Markdown of a paper: marked at top and bottom, names and texts from outside made harmless."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reports.frames import RunView
from reports.marking import banner
from reports.style import clean, date_text, moment_text

TO_COMPLETE: Final = "To be completed by the department."
_SPECIAL: Final = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#"})


def plain(text: object) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, one line. Empty for None."""
    return "" if text is None else clean(str(text)).translate(_SPECIAL)


def paper(view: RunView, title: str, parts: Iterable[str]) -> str:
    """A paper of one run, with its marking, what it rests on, and its parts."""
    mark = f"**{plain(banner(view.marking, view.label))}**"
    made = (
        f"Drafted from run {plain(view.run_id)}: what was public by {date_text(view.as_at.on)}, held by "
        f"{moment_text(view.as_at.known_by)}; code version {plain(view.code_version)}; parameters "
        f"{plain(view.parameters_fingerprint[:12])}. A draft for people to check, complete and sign."
    )
    return "\n\n".join([mark, f"# {title}", made, *(part for part in parts if part), mark]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; says so where it has no row."""
    lines = ["| " + " | ".join(plain(cell) or "none" for cell in row) + " |" for row in rows]
    if not lines:
        return "None."
    return "\n".join([f"| {' | '.join(headings)} |", "|" + " --- |" * len(headings), *lines])


def fields(entries: Mapping[str, object]) -> str:
    """Named entries, one a row; an entry that is None is for people to complete."""
    return table(
        ("Field", "Entry"), [(name, TO_COMPLETE if entry is None else entry) for name, entry in entries.items()]
    )
