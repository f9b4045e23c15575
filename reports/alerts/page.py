"""The HTML of a letter: one column, no image, script or style sheet, so that every mail program shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_FONT: Final = "font-family:Arial,Helvetica,sans-serif"
_INK: Final = "#0b0c0c"
_QUIET: Final = "#505a5f"
_LINK: Final = "#1d70b8"
_RULE: Final = "#b1b4b6"
_BUTTON: Final = "#00703c"


@dataclass(frozen=True, slots=True)
class Block:
    """One group, or publication, in a letter.

    Attributes:
        heading: its name.
        note: a sentence under it; may be empty.
        links: words and address of each link.
        command: what to type where there are no pages.
    """

    heading: str
    note: str
    links: tuple[tuple[str, str], ...]
    command: str


def html_page(head: str, service: str, why: str, blocks: Sequence[Block], footer: Sequence[str]) -> str:
    """A whole page; every text is escaped here.

    Args:
        head: marking and label, above and below.
        service: name of the service.
        why: the sentence the letter opens with.
        blocks: what it is about, in order.
        footer: sentences at the end.
    """
    mark = (
        f'<p style="margin:0;padding:10px 20px;background:{_INK};color:#ffffff;{_FONT};font-size:16px;'
        f'font-weight:bold;text-align:center">{escape(head)}</p>'
    )
    small = "<br>".join(escape(line) for line in footer)
    inner = "\n".join(_block(block, alone=len(blocks) == 1) for block in blocks)
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(f"{head}. {service}")}</title></head>
<body style="margin:0;padding:0;background:#f3f2f1">
<div role="main" style="max-width:600px;margin:0 auto;background:#ffffff">
{mark}
<div style="padding:24px 20px 8px;{_FONT};color:{_INK};font-size:19px;line-height:1.4">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">{escape(service)}</h1>
<p style="margin:0 0 24px">{escape(why)}</p>
{inner}
<p style="margin:24px 0 16px;color:{_QUIET};font-size:16px">{small}</p>
</div>
{mark}
</div>
</body>
</html>
"""


def _block(block: Block, *, alone: bool) -> str:
    parts = [f'<h2 style="margin:0 0 8px;font-size:19px;overflow-wrap:anywhere">{escape(block.heading)}</h2>']
    if block.note:
        parts.append(f'<p style="margin:0 0 8px">{escape(block.note)}</p>')
    links = [
        _link(words, link, block.heading, button=alone and number == 0)
        for number, (words, link) in enumerate(block.links)
    ]
    if links:
        parts.append(f'<p style="margin:0 0 4px">{" &nbsp; ".join(links)}</p>')
    else:
        command = f'<span style="font-family:Menlo,Consolas,monospace">{escape(block.command)}</span>'
        parts.append(f'<p style="margin:0;color:{_QUIET};font-size:16px">At a terminal: {command}</p>')
    inner = "\n".join(parts)
    return f'<div style="border-top:1px solid {_RULE};padding:16px 0">\n{inner}\n</div>'


def _link(words: str, link: str, name: str, *, button: bool) -> str:
    """A link; a screen reader hears the group's name with it, since every group has the same words."""
    spoken = escape(f"{words}: {name}", quote=True)
    look = f"color:{_LINK};text-decoration:underline"
    if button:
        look = f"display:inline-block;padding:9px 14px;background:{_BUTTON};color:#ffffff;font-weight:bold"
        look += ";text-decoration:none"
    return f'<a href="{escape(link, quote=True)}" aria-label="{spoken}" style="{look}">{escape(words)}</a>'
