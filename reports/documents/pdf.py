"""HTML to an accessible PDF (PDF/UA-1), through WeasyPrint, which comes with the extra `pdf`."""

import hashlib
import logging
from typing import Any

from oversight.errors import SettingsError
from reports.documents.model import Document
from reports.documents.page import html_text


def pdf_bytes(document: Document) -> bytes:
    """The document as tagged PDF. The same document gives the same bytes on the same machine and fonts.

    Raises:
        SettingsError: where WeasyPrint or the system's Pango is not installed.
    """
    weasyprint = _weasyprint()
    pictures: dict[str, bytes] = {}

    def place(png: bytes) -> str:
        """A picture beside the page: inside it, it would be read letter by letter."""
        address = f"picture:{hashlib.sha256(png).hexdigest()}"
        pictures[address] = png
        return address

    class OnlyPictures(weasyprint.urls.URLFetcher):  # type: ignore[misc,name-defined]  # known where it is installed
        """Fetches the pictures of the document, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the library's signature
            return weasyprint.urls.URLFetcherResponse(url, pictures[url], {"Content-Type": "image/png"})

    page = html_text(document, place)
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    made = weasyprint.HTML(string=page, url_fetcher=OnlyPictures())
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, custom_metadata=False))


def pdf_ready() -> None:
    """Make sure that PDF can be written, before any file is.

    Raises:
        SettingsError: where it cannot.
    """
    _weasyprint()


def _weasyprint() -> Any:
    """The library, quiet: it warns of fonts on stderr, which no reader can act on.

    Raises:
        SettingsError: where it cannot be loaded.
    """
    try:
        import weasyprint  # noqa: PLC0415 - an extra, and it needs libraries of the system
    except (ImportError, OSError) as error:
        raise SettingsError(
            f"PDF cannot be written: {str(error).splitlines()[0] if str(error) else 'WeasyPrint does not load'}",
            where="the extra `pdf`, which needs Pango on the system",
            next_step="pip install 'childrens-homes-oversight[pdf]' and the system's Pango (Debian: libpango-1.0-0 "
            "libpangoft2-1.0-0), or give --format docx.",
        ) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return weasyprint
