"""What is not used, told to the person who collects."""

from oversight.cli.console import errors
from oversight.pipeline.select import publications_withheld
from oversight.pipeline.workspace import Workspace


def tell_withheld(opened: Workspace) -> None:
    """Say on stderr which publications are not used, and why."""
    for each in publications_withheld(opened):
        errors.print(
            f"Not used: {each.source} of {each.subject} (document {each.document_id[:12]}): {each.message}. The last "
            "good one stands. `oversight accept` uses it all the same.",
            markup=False,
            style="yellow",
        )
