"""What reading accounts in bulk leaves beside their facts and lines. Not a table of the ledger."""

import dataframely as dy


class BulkDocument(dy.Schema):
    """One document of a zip of accounts, or a member that holds none."""

    archive = dy.String(primary_key=True, description="hash of the zip's directory, its first 16 characters")
    position = dy.Int64(
        primary_key=True, min=0, description="of the member among those of the zip worth reading, from 0"
    )
    number = dy.Int64(primary_key=True, min=0, description="of the document in the member, from 0")
    member = dy.String(description="file name of the zip and the path inside it, joined by '!'")
    document_id = dy.String(nullable=True, description="SHA-256 of the bytes; null where there was nothing to read")
    first = dy.Bool(description="false where the same bytes came before: their rows are kept once")
    kind = dy.String(description="tagged, pdf, other, empty, or the kind of the issue where nothing could be read")
    company_number = dy.String(nullable=True)
    period_end = dy.Date(nullable=True, description="end of the current period, where a line has one")
    size = dy.Int64(min=0, description="bytes")
    facts = dy.Int64(min=0, description="tagged facts")
    figures = dy.Int64(min=0, description="those that are numbers")
    placed = dy.Int64(min=0, description="figures that reached a line")
    lines = dy.Int64(min=0)
