"""The page around what is shown: a document of its own, which runs nothing and fetches nothing."""

from typing import Final

from collectors.showing.markup import safe_text

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may do with a shown document, whatever it holds: show it. A server adds `sandbox`."""
OURS: Final = """
mark.oversight-figure.oversight-figure,.oversight-figure.oversight-figure{background:#fd0!important;
color:#0b0c0c!important;outline:3px solid #0b0c0c!important;outline-offset:2px;scroll-margin:8rem;
display:inline!important;visibility:visible!important;opacity:1!important;position:static!important;transform:none!important}
html,body{display:block!important;visibility:visible!important;opacity:1!important;transform:none!important}
tr.oversight-row.oversight-row>*{background:#fff7bf!important}
.oversight-left-out::after{content:"[" attr(aria-label) "]";color:#505a5f;font:italic 0.8em sans-serif}
.oversight-note{font:1rem/1.4 arial,sans-serif;color:#0b0c0c;background:#fff;border-left:8px solid #1d70b8;
padding:0.8rem 1rem;margin:0 0 1rem}
.oversight-note dl{margin:0.4rem 0 0}.oversight-note dt{font-weight:700}.oversight-note dd{margin:0 0 0.4rem}
.oversight-page{overflow-x:auto;padding:5px}
table.oversight-rows{border-collapse:collapse;font:0.95rem/1.35 arial,sans-serif;color:#0b0c0c}
table.oversight-rows caption{font-weight:700;text-align:left;padding:0 0 0.6rem}
table.oversight-rows th,table.oversight-rows td{border-bottom:1px solid #b1b4b6;padding:0.35rem 0.8rem 0.35rem 0;
text-align:left;vertical-align:top;overflow-wrap:anywhere}
table.oversight-rows td.oversight-number{color:#505a5f;white-space:nowrap}
pre.oversight-source{font:0.9rem/1.5 monospace;white-space:pre-wrap;overflow-wrap:anywhere;color:#0b0c0c;margin:0}
.oversight-line{color:#505a5f;user-select:none}
img.oversight-picture{max-width:100%;height:auto;border:1px solid #b1b4b6}
figure.oversight-crop{margin:0 0 1rem}figcaption{font:1rem arial,sans-serif;color:#0b0c0c;padding:0 0 0.4rem}
"""
_OWN_PAGE: Final = "body{margin:1rem;background:#fff}"


def framed(title: str, body: str, sheets: str = "") -> str:
    """A whole HTML document.

    Args:
        title: in words; escaped here.
        body: safe HTML.
        sheets: safe style rules of the shown document; ours come after them.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{safe_text(POLICY)}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe_text(title)}</title>\n<style>{_OWN_PAGE}{sheets}</style>\n<style>{OURS}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def note(words: str, *pairs: tuple[str, str]) -> str:
    """A remark of ours above what is shown; `pairs` are terms and what they are."""
    listed = "".join(f"<dt>{safe_text(term)}</dt><dd>{safe_text(said)}</dd>" for term, said in pairs)
    return f'<div class="oversight-note">{safe_text(words)}{f"<dl>{listed}</dl>" if listed else ""}</div>'
