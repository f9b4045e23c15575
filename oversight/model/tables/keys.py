"""Columns that tables of several modules share."""

import dataframely as dy


def group_id(*, primary_key: bool = False) -> dy.String:
    """The column that names the group a row belongs to."""
    return dy.String(primary_key=primary_key, description="group the row belongs to")


def document_id() -> dy.String:
    """The column that names the document a row was read from."""
    return dy.String(primary_key=True, description="document the row was read from")


def locator_in(*, primary_key: bool = False) -> dy.String:
    """The column that says where in its document a row was read."""
    return dy.String(primary_key=primary_key, description="place in the document")
