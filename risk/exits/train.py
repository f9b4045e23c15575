"""Fitting the model of record on what was known by a day, and one model for each day on which one can be fitted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from oversight.errors import InputError
from risk.exits import panel
from risk.exits.labels import HORIZON_DAYS, Later
from risk.exits.model import Model, Vintages, rounded
from risk.exits.owners import likeliest_correlation
from risk.exits.pairs import STANDARD, Rule
from risk.exits.publications import Publications
from risk.exits.terms import Basis, used
from risk.learning import calibration, logistic
from risk.learning.calibration import Calibration
from risk.learning.metrics import Floats
from risk.learning.stability import Reference

RIDGE: Final = 10.0
"""Chosen on outcomes up to 31 March 2023, among 5, 10, 20 and 40."""
_FEWEST_DAYS: Final = 3
_FEWEST_LEFT: Final = 50
_GRACE: Final = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Options:
    """What a fit can be asked to do otherwise than the model of record, to measure what each choice is worth.

    Attributes:
        features: names of the features.
        ridge: weight of the penalty.
        signed: whether coefficients keep to their signs.
        rule: how registrations anew are told.
    """

    features: tuple[str, ...] = ()
    ridge: float = RIDGE
    signed: bool = True
    rule: Rule = STANDARD

    @property
    def names(self) -> tuple[str, ...]:
        """The features asked for; those of the model of record where none are named."""
        return self.features or used()


def known_rows(known: Publications, by: date, rule: Rule = STANDARD) -> pl.DataFrame:
    """Rows whose outcome was known by a day, labelled by what was published up to then."""
    seen = known.by(by)
    days = [day for day in panel.days_to_learn(seen) if day + timedelta(days=HORIZON_DAYS) <= by + _GRACE]
    if not days:
        return pl.DataFrame()
    return panel.rows(seen, days, Later.of(seen, rule)).filter(pl.col("outcome").is_not_null())


def fit(rows: pl.DataFrame, by: date, documents: tuple[str, ...], options: Options = Options()) -> Model:
    """The model of the rows.

    Args:
        rows: with outcomes, as `known_rows` gives them.
        by: the day up to which outcomes were known.
        documents: ids of the publications.
        options: of the fit.

    Raises:
        InputError: if there are too few days, or too few homes left.
    """
    days = tuple(sorted(rows["day"].unique())) if rows.height else ()
    positives = int(rows["outcome"].sum()) if rows.height else 0
    if len(days) < _FEWEST_DAYS or positives < _FEWEST_LEFT:
        raise InputError(
            f"too little to learn from by {by}: {len(days)} registers with a known year after, {positives} homes left",
            next_step="Collect more of Ofsted's publications: lists of homes and lists of leavers, from 2014 on.",
        )
    line, average = _line(rows, options)
    bare = Model(
        outcomes_by=by, horizon_days=HORIZON_DAYS, features=options.names, intercept=rounded([line.intercept])[0],
        coefficients=rounded(line.coefficients), average=rounded(average), calibration=Calibration("none"),
        correlation=0.0, days=days, rows=rows.height, positives=positives, documents=documents,
        spread=Reference.of(line.log_odds(Basis(options.names).matrix(rows))),
    )  # fmt: skip
    held_out = out_of_time(rows, options)
    if held_out is None:
        return bare
    outcome = held_out["outcome"].to_numpy().astype(np.float64)
    exact = calibration.fit("platt", held_out["score"].to_numpy(), outcome)
    line_of_odds = replace(exact, at=rounded(exact.at))
    owned = held_out.with_columns(
        pl.Series("probability", line_of_odds.probability(held_out["score"].to_numpy()))
    ).filter(pl.col("owner_key").is_not_null())
    owner = owned.select(pl.concat_str("day", "owner_key", separator=" "))["day"].to_list()
    together = likeliest_correlation(
        owned["outcome"].to_numpy().astype(np.float64), owned["probability"].to_numpy(), owner
    )
    return replace(bare, calibration=line_of_odds, correlation=together)


def out_of_time(rows: pl.DataFrame, options: Options = Options()) -> pl.DataFrame | None:
    """Each day's rows scored by a fit on days whose outcomes were known by then; None where no day has such.

    Returns:
        The rows with `score` (log-odds).
    """
    parts = []
    for day, earlier, those in _unrolled(rows):
        del day
        line, _ = _line(earlier, options)
        score = line.log_odds(Basis(options.names).matrix(those))
        parts.append(those.with_columns(pl.Series("score", score)))
    return pl.concat(parts) if parts else None


def _unrolled(rows: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame, pl.DataFrame]]:
    """Each day with the rows to learn from and its own, where there is enough to learn from."""
    for day in sorted(rows["day"].unique()):
        earlier = rows.filter(pl.col("day") <= day - timedelta(days=HORIZON_DAYS) + _GRACE)
        if earlier["day"].n_unique() >= _FEWEST_DAYS - 1 and earlier["outcome"].sum() >= _FEWEST_LEFT:
            yield day, earlier, rows.filter(pl.col("day") == day)


def _line(rows: pl.DataFrame, options: Options) -> tuple[logistic.Line, Floats]:
    """The fit on uncentred indicators, and the average of each."""
    basis = Basis(options.names)
    matrix = basis.matrix(rows)
    average = matrix.mean(axis=0)
    line = logistic.fit(
        matrix - average,
        rows["outcome"].to_numpy().astype(np.float64),
        options.ridge,
        sign=basis.signs if options.signed else None,
    )
    return logistic.Line(line.intercept - float(average @ line.coefficients), line.coefficients), average


def vintages(known: Publications) -> Vintages:
    """A model for each day on which a list was known and enough outcomes to learn from.

    Raises:
        InputError: if there is no such day.
    """
    models = []
    problem: InputError | None = None
    for day in panel.days_to_learn(known):
        documents = tuple(sorted(known.by(day).described["document_id"]))
        try:
            models.append(fit(known_rows(known, day), day, documents))
        except InputError as error:
            problem = error
    if not models:
        raise problem or InputError(
            "no list of homes is held",
            next_step="`oversight collect ofsted --from FILE…` brings Ofsted's publications.",
        )
    return Vintages(tuple(models))
