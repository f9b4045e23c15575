"""The edges of a group's ownership tree: every owner of a member, what it holds, since when, and what says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from oversight.identity.chains import Chains
from oversight.identity.control import Holder
from oversight.identity.names import parse_name
from oversight.identity.similarity import likeness, rules
from oversight.model.ids import row_id

AGREES: Final = "agrees"
CONTRADICTS: Final = "contradicts"
CEASED: Final = "ceased"
SPLIT: Final = "split"
INDIRECT: Final = "indirect"
MINORITY: Final = "minority"


@dataclass(frozen=True, slots=True)
class Owners:
    """All that is known of owners, by the company owned.

    Attributes:
        chains: who controls whom on the day, with all who hold anything then.
        said: parents that the newest accounts state.
        aside: owners that a person's split set aside.
        past: owners that have ceased.
    """

    chains: Chains
    said: Mapping[str, Sequence[Holder]]
    aside: Mapping[str, Sequence[Holder]]
    past: Mapping[str, Sequence[Holder]]


def edges_of(number: str, owners: Owners, name: Callable[[str], str | None]) -> Iterator[dict[str, object]]:
    """Rows of `holding`, without the group, for one company.

    Args:
        number: the company owned.
        owners: what is known of owners.
        name: the name of a key, None where unknown.
    """
    chains = owners.chains
    control = chains.control.get(number)
    indirect = chains.indirect.get(number, ())
    standing = chains.holders.get(number, ())
    for holder in standing:
        if control is not None and holder in control.holders:
            yield _edge(number, holder, control.basis, name)
        elif holder.source == "register":
            yield _edge(number, holder, INDIRECT if holder in indirect else MINORITY, name)
    used = {holder.key for holder in control.holders} if control is not None and control.basis == "stated" else set()
    for holder in owners.said.get(number, ()):
        if holder.key not in used:
            yield _edge(number, holder, AGREES if _agrees(number, holder, chains, name) else CONTRADICTS, name)
    for holder in owners.aside.get(number, ()):
        yield _edge(number, holder, SPLIT, name)
    for holder in owners.past.get(number, ()):
        yield _edge(number, holder, CEASED, name)


def _agrees(number: str, stated: Holder, chains: Chains, name: Callable[[str], str | None]) -> bool:
    """Whether a stated parent is among those known above a company, by its key or by its name."""
    above = set(_above(number, chains))
    if stated.key in above:
        return True
    own = parse_name(stated.name or "")
    named = (parse_name(known) for key in sorted(above) if (known := name(key)))
    least = rules().agreement["plural"]
    return any((alike := likeness(own, other)).whole and alike.score >= least for other in named)


def _above(number: str, chains: Chains) -> Iterator[str]:
    """Keys above a company through owners on the register or put there by a person, controlling or not.

    Above others, parents that accounts state count too, where they stand; what the company itself states does not.
    """
    seen = {number}
    waiting = [number]
    while waiting:
        company = waiting.pop()
        standing = chains.holders.get(company, ())
        for holder in standing:
            counts = holder.source != "accounts" or (company != number and holder in chains.control[company].holders)
            if counts and holder.key not in seen:
                seen.add(holder.key)
                waiting.append(holder.key)
                yield holder.key


def _edge(number: str, holder: Holder, role: str, name: Callable[[str], str | None]) -> dict[str, object]:
    votes = holder.votes
    return {
        "holding_id": row_id(
            "holding", number, holder.key, role, holder.since, holder.document_id, holder.locator, holder.natures
        ),
        "company_number": number,
        "company_name": name(number),
        "owner_key": holder.key,
        "owner_number": holder.number,
        "owner_kind": holder.kind,
        "owner_name": None if holder.is_person else name(holder.key) or holder.name,
        "owner_country": holder.country,
        "role": role,
        "source": holder.source,
        "share_min": holder.share_min,
        "share_max": holder.share_max,
        "votes_min": votes[0] if votes else None,
        "votes_max": votes[1] if votes else None,
        "natures": holder.natures or None,
        "since": holder.since,
        "until": holder.until,
        "why": holder.why,
        "document_id": holder.document_id,
        "locator": holder.locator,
    }
