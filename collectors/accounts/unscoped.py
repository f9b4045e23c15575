"""Figures tagged without group or company, in a document that holds group accounts: the print tells whose they are.

Software often tags the average number of employees in the hidden header only, where no heading stands over it. By the
taxonomies a figure without the dimension is the company's; some products leave the group's without it. So a figure that
the page prints as the group's is the group's; a hidden one that differs from what is printed for the group is the
company's; any other is no line.
"""

from collections.abc import Mapping

from collectors.accounts.candidates import Candidate, Choice, Key
from collectors.accounts.choose import best_of
from collectors.accounts.tags import Problem
from collectors.accounts.witnesses import AGREED

_BY_PRINT = 0.9
"""Confidence of a figure that is the company's because the page prints another one for the group."""


def settle_unscoped(
    unscoped: Mapping[tuple[str, bool], list[Candidate]], choices: dict[Key, Choice], problems: list[Problem]
) -> None:
    """Add to the choices what print settles; what stays open becomes an issue.

    Args:
        unscoped: candidates by line and whether comparative.
        choices: of tags and print; changed in place.
        problems: what was odd; added to.
    """
    for (name, comparative), rivals in sorted(unscoped.items()):
        group = choices.get((name, comparative, True))
        figure = best_of(rivals, comparative=comparative, consolidated=True, sure=False, problems=problems)
        if group is not None and group.method == "printed" and figure.method == "tagged":
            if abs(group.value - figure.value) <= max(group.slack, figure.slack):
                figure.confidence = AGREED
                choices[figure.key] = figure
                continue
            figure.consolidated, figure.confidence = False, _BY_PRINT
            if figure.fact is not None and figure.fact.hidden and figure.key not in choices:
                choices[figure.key] = figure
                continue
        first = rivals[0].fact
        problems.append(
            Problem(
                "scope_unclear",
                f"{name}: tagged without saying whether it is the group's or the company's; not used",
                locator=first.locator,
                value=first.value,
            )
        )
