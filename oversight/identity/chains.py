"""Chains of control: the one parent of each company, from the top down, without circles."""

from collections.abc import Mapping, Sequence
from typing import Final

from oversight.identity.control import Control, Holder, control_of, keys_above, only_direct
from oversight.identity.tops import is_uk_company
from oversight.model.ids import row_id

_JOINT: Final = "joint:"


class Chains:
    """The one controller of each company, and the paths they make.

    Args:
        holders: owners on a day, by company number.

    Attributes:
        holders: the same.
        control: who controls each company, those left out who hold through another.
        indirect: those left out.
        parent: key of the parent of each company that has one; for joint control a key made of the holders'.
        joint: the control behind each such key.
        cut: companies whose parent was taken away to open a circle.
    """

    def __init__(self, holders: Mapping[str, Sequence[Holder]]) -> None:
        self.holders = holders
        found = {company: control_of(each) for company, each in sorted(holders.items())}
        above = keys_above(
            found, {holder.key for each in found.values() if len(each.holders) > 1 for holder in each.holders}
        )
        self.indirect: dict[str, tuple[Holder, ...]] = {}
        self.control: dict[str, Control] = {}
        for company, control in found.items():
            self.control[company], self.indirect[company] = only_direct(control, above)
        self.parent = {company: _parent_key(control) for company, control in self.control.items() if control.holders}
        self.joint = {self.parent[c]: control for c, control in self.control.items() if len(control.holders) > 1}
        self.cut = self._cut_circles()
        self._join_common_tops()

    def path(self, number: str) -> list[str]:
        """Keys from the top down to a company."""
        keys = [number]
        while (key := self.parent.get(keys[-1])) is not None:
            keys.append(key)
        return keys[::-1]

    def edge(self, company: str) -> tuple[Holder, ...]:
        """The holders that stand for the step from a company to its parent."""
        parent = self.parent.get(company)
        if parent is None:
            return ()
        holders = self.control[company].holders
        return holders if parent.startswith(_JOINT) else tuple(h for h in holders if h.key == parent)

    def _cut_circles(self) -> frozenset[str]:
        """Take the parent of the lowest key of every circle away; the keys that were cut."""
        cut: set[str] = set()
        done: set[str] = set()
        for start in sorted(self.parent):
            walked: dict[str, None] = {}
            key: str | None = start
            while key is not None and key not in walked and key not in done:
                walked[key] = None
                key = self.parent.get(key)
            if key is not None and key in walked:
                order = list(walked)
                lowest = min(order[order.index(key) :])
                del self.parent[lowest]
                cut.add(lowest)
            done.update(walked)
        return frozenset(cut)

    def _join_common_tops(self) -> None:
        """Where all joint holders are one group themselves, the company belongs to that group."""
        changed = True
        while changed:
            changed = False
            for company in sorted(c for c, key in self.parent.items() if key.startswith(_JOINT)):
                holders = self.control[company].holders
                paths = {holder.key: self.path(holder.key) for holder in holders}
                if len({path[0] for path in paths.values()}) == 1 and all(company not in p for p in paths.values()):
                    first = min(holders, key=lambda h: (-h.least, not is_uk_company(h.key), h.key))
                    self.parent[company] = first.key
                    changed = True


def _parent_key(control: Control) -> str:
    keys = [holder.key for holder in control.holders]
    return keys[0] if len(keys) == 1 else _JOINT + row_id("joint", *sorted(keys))
