"""Which homes leave, how well it is foreseen, and what limits it.

`python -m tests.benchmarks.exits FOLDER` reads every publication of Ofsted's below a folder and measures forecasts a
year ahead. Each is made from what describes its day or an earlier one, by a fit on outcomes known by that day: the
model of record, a challenger of boosted trees, and as their floor a plain logistic regression on the obvious columns.
The register of the last day with a known year after is reported apart: nothing was chosen on it.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from oversight.errors import InputError
from oversight.pipeline.exits import publication
from risk.exits import panel
from risk.exits.card import shown
from risk.exits.features.judgements import GRADES
from risk.exits.labels import HORIZON_DAYS, Later
from risk.exits.model import Model
from risk.exits.owners import QUARTER, by_owner
from risk.exits.pairs import NONE, STANDARD, STRICT, WIDE, Rule
from risk.exits.publications import Publications
from risk.exits.terms import catalogue, used, values
from risk.exits.train import Options, fit, known_rows
from risk.learning import trees
from risk.learning.metrics import Evaluation, Floats, evaluate, reliability

_FIRST: Final = date(2019, 1, 1)
_SEEDS: Final = 3
_TREES: Final = trees.Boosting(rounds=150, rate=0.04, leaves=4, rows_a_leaf=80, ridge=20, columns_a_split=8)
_MANY: Final = 5
Score = Callable[[pl.DataFrame, pl.DataFrame], Floats]


@dataclass(frozen=True, slots=True)
class Year:
    """A register: rows to learn from, rows to judge, and what each rests on."""

    day: date
    learn: pl.DataFrame
    judge: pl.DataFrame


def read(folder: Path) -> Publications:
    """Every publication below a folder; files that are none are passed over."""
    known = Publications.none()
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".gz", ".csv", ".ods", ".xlsx"}):
        try:
            known = known.with_more(publication(path))
        except InputError as error:
            print(f"passed over: {path.name}: {error.message}", file=sys.stderr)
    return known


def years(known: Publications, rule: Rule) -> list[Year]:
    """The registers judged, labelled by a rule."""
    later = Later.of(known, rule)
    days = [
        day for day in panel.days_to_learn(known) if day >= _FIRST and (later.shown - day).days >= HORIZON_DAYS - 15
    ]
    found = []
    for day in days:
        rows = panel.rows(known, [day], later).filter(pl.col("outcome").is_not_null())
        found.append(Year(day, known_rows(known, day, rule), rows))
    return found


def record(options: Options) -> Score:
    """The model of record, with options."""

    def score(learn: pl.DataFrame, judge: pl.DataFrame) -> Floats:
        return fit(learn, judge["day"][0], (), options).probability(judge)

    return score


def challenger(names: Sequence[str]) -> Score:
    """Boosted trees with the same signs, the mean of a few seeds."""

    def score(learn: pl.DataFrame, judge: pl.DataFrame) -> Floats:
        x, signs = values(learn, names)
        new, _ = values(judge, names)
        y = learn["outcome"].to_numpy().astype(np.float64)
        odds = [trees.fit(x, y, _TREES, sign=signs, seed=seed).log_odds(new) for seed in range(_SEEDS)]
        return np.asarray(1 / (1 + np.exp(-np.mean(odds, axis=0))))

    return score


def plain(learn: pl.DataFrame, judge: pl.DataFrame) -> Floats:
    """Logistic regression on grade, places, years since judged, sector and region; gaps at the average."""
    columns = ("severity", "places", "years_since_judged", "sector", "region")

    def table(rows: pl.DataFrame) -> Floats:
        full = rows.with_columns(pl.col(pl.Float64).fill_null(strategy="mean"))
        matrix, _ = values(full, columns)
        return np.nan_to_num(matrix)

    scaler = StandardScaler().fit(table(learn))
    model = LogisticRegression(C=1e6, max_iter=5000).fit(scaler.transform(table(learn)), learn["outcome"].to_numpy())
    return np.asarray(model.predict_proba(scaler.transform(table(judge)))[:, 1])


def judged(judge: pl.DataFrame, probability: Floats, draws: int) -> Evaluation:
    """Figures with intervals by owner."""
    owner = judge.select(pl.coalesce("owner_key", "urn").alias("key"))["key"].to_numpy()
    return evaluate(judge["outcome"].to_numpy().astype(np.float64), probability, cluster=owner, draws=draws)


def line(name: str, found: Iterable[Evaluation]) -> None:
    """AUC and precision of several registers, one line."""
    cells = [
        f"{shown(each.figures['auc'], '{:.3f}')} {shown(each.figures['precision_at_5_percent'], '{:.0%}')}"
        if each.draws
        else f"{each.figures['auc'].value:.3f} {each.figures['precision_at_5_percent'].value:4.0%}"
        for each in found
    ]
    print(f"  {name:<44} " + " | ".join(cells))


def share(year: Year) -> float:
    """The share of homes that left within the year."""
    return float(year.judge["outcome"].to_numpy().mean())


def compare(found: list[Year], draws: int) -> None:
    """The table: models by register."""
    print("\nAUC and precision among the 5% ranked highest, a year ahead, 95% intervals by owner")
    print(f"  {'':<44} " + " | ".join(f"{year.day} (base {share(year):.1%})" for year in found))
    models: dict[str, Score] = {
        "plain logistic, obvious columns (floor)": plain,
        "model of record": record(Options()),
        "challenger: boosted trees, every feature": challenger(tuple(catalogue())),
    }
    for name, score in models.items():
        started = time.perf_counter()
        line(name, [judged(year.judge, score(year.learn, year.judge), draws) for year in found])
        print(f"  {'':<44} {time.perf_counter() - started:.1f} s to fit and judge {len(found)} registers")


def ablate(found: list[Year]) -> None:
    """What each family is worth: left out, alone, and features left out of the model of record added."""
    print("\nBy family: earlier registers (mean), the last one")
    entries = catalogue()
    families = sorted({feature.family for feature in entries.values()})
    sets = {"as it is": used()}
    sets |= {f"without {family}": tuple(n for n in used() if entries[n].family != family) for family in families}
    sets |= {f"{family} alone": tuple(n for n in used() if entries[n].family == family) for family in families}
    sets |= {
        f"with the {family} features left out": tuple(
            n for n in entries if entries[n].used or entries[n].family == family
        )
        for family in families
    }
    for name, names in sets.items():
        scores = [judged(year.judge, record(Options(features=names))(year.learn, year.judge), 0) for year in found]
        means(name, scores)


def means(name: str, scores: Sequence[Evaluation]) -> None:
    """The mean of all registers but the last, and the last."""
    auc = [each.figures["auc"].value for each in scores]
    top = [each.figures["precision_at_5_percent"].value for each in scores]
    earlier = f"{np.mean(auc[:-1]):.3f} {np.mean(top[:-1]):4.0%}" if len(auc) > 1 else ""
    print(f"  {name:<44} {earlier}   {auc[-1]:.3f} {top[-1]:4.0%}")


def limits(year: Year) -> None:
    """What the last register's figures owe to owners that closed many homes at once."""
    print(f"\nWhat limits it: the register of {year.day}, model of record")
    probability = record(Options())(year.learn, year.judge)
    rows = year.judge.with_columns(pl.Series("probability", probability))
    left = rows.group_by("owner_key").agg(pl.col("outcome").sum().alias("left"), pl.len().alias("homes"))
    many = left.filter(pl.col("left") >= _MANY, pl.col("owner_key").is_not_null())
    print(
        f"  owners that lost {_MANY} homes or more: {many.height}, {many['left'].sum()} of {left['left'].sum()} exits"
    )
    parts = {
        "all homes": rows,
        f"without owners that lost {_MANY} homes or more": rows.join(many, on="owner_key", how="anti"),
        "owners of one home": rows.join(left.filter(pl.col("homes") == 1), on="owner_key", how="semi"),
        **{
            f"sector {name}": rows.filter(pl.col("sector") == name)
            for name in ("Private", "Voluntary", "Local authority")
        },
    }
    for name, part in parts.items():
        if 0 < part["outcome"].sum() < part.height:
            line(
                f"{name} ({part.height:,}; {part['outcome'].sum()} left)",
                [judged(part, part["probability"].to_numpy(), 200)],
            )
    print("  by tenth of the forecast: expected, observed")
    for row in reliability(rows["outcome"].to_numpy().astype(np.float64), probability):
        print(f"    {row['predicted']:.1%}  {row['observed']:.1%}")


def owners(found: list[Year]) -> None:
    """Owners that lose over a quarter of their places: from their homes with and without correlation."""
    print("\nOwners of two homes or more that lose over a quarter of their places within a year")
    for year in found:
        model = fit(year.learn, year.day, ())
        homes = year.judge.with_columns(pl.Series("probability", model.probability(year.judge)))
        for name, correlation in ((f"correlation {model.correlation:g}", model.correlation), ("none", 0.0)):
            table = lost(homes, correlation)
            outcome = table["outcome"].to_numpy().astype(np.float64)
            if outcome.sum():
                figures = evaluate(outcome, table["probability"].to_numpy(), draws=200).figures
                auc, top = shown(figures["auc"], "{:.2f}"), shown(figures["precision_at_5_percent"], "{:.0%}")
                told = f"{int(outcome.sum()):>3} of {len(outcome)}, expected {table['probability'].sum():.1f}"
                print(f"  {year.day} {name:<18} {told}; AUC {auc}; precision, top 5% {top}")


def lost(homes: pl.DataFrame, correlation: float) -> pl.DataFrame:
    """Owners of two homes or more with their probability and whether they lost over a quarter of their places."""
    whole = homes.with_columns(pl.col("places").fill_null(pl.col("places").median()))
    gone = whole.group_by("owner_key").agg((pl.col("places") * pl.col("outcome")).sum().alias("gone"))
    return (
        by_owner(whole, correlation)
        .filter(pl.col("homes") > 1, pl.col("places") > 0)
        .join(gone, on="owner_key")
        .with_columns((pl.col("gone") > QUARTER * pl.col("places")).alias("outcome"))
    )


def pattern(found: list[Year], known: Publications) -> None:
    """Whether signs that gather in two homes of an owner come before exits."""
    print("\nSigns (inadequate or suspended) in two homes of an owner of two or more, and the year after")
    rows = []
    for year in found:
        lists = known.by(year.day).lists()
        newest = lists.sort("day").unique("urn", keep="last", maintain_order=True)
        bad = [word for word, grade in GRADES.items() if grade == max(GRADES.values())]
        sign = pl.col("overall").str.to_lowercase().is_in(bad) | (pl.col("status").str.to_lowercase() == "suspended")
        shows = newest.select("urn", sign.fill_null(value=False).alias("sign"))
        homes = year.judge.join(shows, on="urn").with_columns(probability=pl.lit(0.0))
        per_owner = homes.group_by("owner_key").agg(
            pl.col("sign").sum(), pl.len().alias("n"), pl.col("outcome").sum().alias("left")
        )
        rows.append(lost(homes, 0.0).join(per_owner, on="owner_key"))
    table = pl.concat(rows).with_columns(pl.col("sign").clip(0, 2))
    for row in table.group_by("sign").agg(
        pl.len().alias("owners"), pl.col("outcome").sum(), pl.col("left").sum(), pl.col("n").sum()
    ).sort("sign").iter_rows(named=True):  # fmt: skip
        name = ("no home with a sign", "one home with a sign", "two or more: the pattern")[row["sign"]]
        print(
            f"  {name:<28} {row['owners']:>5} owner-years  lost over a quarter: {row['outcome']:>4} "
            f"({row['outcome'] / row['owners']:.1%})  homes that left: {row['left'] / row['n']:.1%}"
        )


def sensitivity(known: Publications) -> None:
    """How figures move with the rule by which homes registered anew are told."""
    print("\nHow registrations anew are told: exits of the last register; earlier registers (mean), the last one")
    for name, rule in (("not at all", NONE), ("strictly", STRICT), ("as standard", STANDARD), ("widely", WIDE)):
        found = years(known, rule)
        scores = [judged(year.judge, record(Options(rule=rule))(year.learn, year.judge), 0) for year in found]
        means(f"{name}: {found[-1].judge['outcome'].sum()} exits", scores)


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder with Ofsted's publications, any layout, any depth")
    parser.add_argument("--draws", type=int, default=500, help="bootstrap draws for the main table")
    asked = parser.parse_args()
    started = time.perf_counter()
    known = read(asked.folder)
    print(f"{known.described.height} publications, lists of {', '.join(map(str, known.days()))}")
    found = years(known, STANDARD)
    print(f"read and assembled in {time.perf_counter() - started:.1f} s")
    begun = time.perf_counter()
    model: Model = fit(found[-1].learn, found[-1].day, ())
    print(
        f"one fit with calibration and correlation: {model.rows:,} home-days, {model.positives:,} left, "
        f"{time.perf_counter() - begun:.1f} s"
    )
    compare(found, asked.draws)
    ablate(found)
    limits(found[-1])
    owners(found)
    pattern(found, known)
    sensitivity(known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{time.perf_counter() - started:.0f} s in all, at most {peak:,.0f} MB of memory")


if __name__ == "__main__":
    main()
