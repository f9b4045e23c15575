"""Papers for people: one model of a document, written as Word and, through HTML, as an accessible PDF."""

from reports.documents.complete import Origin, completed
from reports.documents.model import Document
from reports.documents.page import html_text
from reports.documents.pdf import pdf_bytes, pdf_ready
from reports.documents.word import docx_bytes

__all__ = ["Document", "Origin", "completed", "docx_bytes", "html_text", "pdf_bytes", "pdf_ready"]
