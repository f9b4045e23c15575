"""What would change a likelihood: how many points the next band is away, and which rule alone could bring it there.

Also which signs bear on which limb. The Act's tests (significant risk, real possibility) and the two limbs (business
failure, service cessation) are for people: here stands only what they may want to look at.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.parameters import Parameters, Values
from risk.scorecard import Band, Bands, Rule, rules

_SHOWN: Final = 2
_LACKING: Final = 4
COLUMNS: Final = (
    "band_would_rise",
    "band_would_fall",
    "business_failure_signs",
    "service_cessation_signs",
    "to_consider",
)


class Limbs(BaseModel):
    """Which rules bear on a service ending; the others bear on the business failing.

    Attributes:
        service_cessation: names of rules.
        consider: what a person is asked to consider where a grave sign is reached, with `{labels}`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    service_cessation: list[str]
    consider: str


def points(contribution: pl.DataFrame, score: pl.DataFrame, parameters: Parameters, values: Values) -> pl.DataFrame:
    """What would change each group's band, and the signs by limb.

    Args:
        contribution: as the scorecard gives it, with labels and the order of the rules.
        score: bands and points.
        parameters: for the rules.
        values: parameters in force.

    Returns:
        group_id and `COLUMNS`, texts, each empty where there is nothing to say.
    """
    bands = values.parse("scorecard.bands.likelihood", Bands).root
    limbs = values.parse("scorecard.bands.limbs", Limbs)
    by_name = {named.name: named.rule for named in rules(parameters, values) if named.axis == "likelihood"}
    unknown = sorted(set(limbs.service_cessation) - by_name.keys())
    if unknown:
        raise ValueError(f"scorecard.bands.limbs names rules that do not exist: {', '.join(unknown)}")
    own = contribution.filter(pl.col("axis") == "likelihood").sort("group_id", "place")
    scored = {row["group_id"]: row for row in score.filter(pl.col("axis") == "likelihood").iter_rows(named=True)}
    rows = [
        {"group_id": group[0], **_told(part.rows(named=True), scored[group[0]], by_name, bands, limbs)}
        for group, part in own.group_by("group_id", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("group_id", *COLUMNS), pl.String))


def _told(
    own: Sequence[Mapping[str, Any]],
    scored: Mapping[str, Any],
    by_name: Mapping[str, Rule],
    bands: Sequence[Band],
    limbs: Limbs,
) -> dict[str, str]:
    at = [place for place, band in enumerate(bands) if scored["points"] >= band.from_][-1]
    signs = {limb: "; ".join(_signs(own, limbs, service=limb == "service")) for limb in ("business", "service")}
    grave = [row["label"] for row in own if row["grave"]]
    return {
        "band_would_rise": _rise(own, scored, by_name, bands, at),
        "band_would_fall": _fall(own, scored, by_name, bands, at),
        "business_failure_signs": signs["business"],
        "service_cessation_signs": signs["service"],
        "to_consider": limbs.consider.format(labels=", ".join(grave)) if grave else "",
    }


def _signs(own: Sequence[Mapping[str, Any]], limbs: Limbs, *, service: bool) -> list[str]:
    """Reasons that add points, the weightiest first."""
    rows = [row for row in own if row["points"] > 0 and (row["rule"] in limbs.service_cessation) == service]
    return [str(row["reason"]).removesuffix(".") for row in sorted(rows, key=lambda row: -row["points"])]


def _rise(
    own: Sequence[Mapping[str, Any]],
    scored: Mapping[str, Any],
    by_name: Mapping[str, Rule],
    bands: Sequence[Band],
    at: int,
) -> str:
    missing = sorted((row for row in own if row["missing"]), key=lambda row: (-row["maximum"], row["place"]))
    if scored["band"] is None:
        named = ", ".join([row["label"] for row in missing if not row["may_be_grave"]][:_LACKING])
        return f"More evidence is needed first: {named}"
    if at + 1 == len(bands):
        return "None: this is the highest band"
    need = bands[at + 1].from_ - scored["points"]
    alone = _alone(own, by_name, lambda change: change >= need)
    unread = [f"{row['label']} (no input; up to +{row['maximum']:g})" for row in missing if row["maximum"] >= need]
    return _words(f"{need:g} more points for {bands[at + 1].name!r}", [*alone[:_SHOWN], *unread[:1]])


def _fall(
    own: Sequence[Mapping[str, Any]],
    scored: Mapping[str, Any],
    by_name: Mapping[str, Rule],
    bands: Sequence[Band],
    at: int,
) -> str:
    if scored["band"] is None:
        return ""
    if at == 0:
        return "None: this is the lowest band"
    over = scored["points"] - bands[at].from_
    alone = _alone(own, by_name, lambda change: -change > over)
    need = f"over {over:g} points fewer" if over else "any point fewer"
    return _words(f"{need[0].upper()}{need[1:]} for {bands[at - 1].name!r}", alone[:_SHOWN])


def _alone(own: Sequence[Mapping[str, Any]], by_name: Mapping[str, Rule], enough: Callable[[float], bool]) -> list[str]:
    """Rules of which one step alone is enough, the smallest change first, such as `Interest cover (+4)`."""
    found = []
    for row in own:
        changes = [points - row["points"] for points in _levels(by_name[row["rule"]])]
        reaching = [change for change in changes if enough(change)]
        if reaching and not row["missing"]:
            change = min(reaching, key=abs)
            found.append((abs(change), row["place"], f"{row['label']} ({change:+g})"))
    return [text for _, _, text in sorted(found)]


def _levels(rule: Rule) -> list[float]:
    """The points the rule can add."""
    return sorted({step.points for step in rule.steps} | set(rule.not_applicable.values()))


def _words(need: str, parts: Sequence[str]) -> str:
    return f"{need}: {' or '.join(parts)}" if parts else f"{need}: no rule alone"
