"""Shocks and assumptions as they stand in the parameters."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

_STRICT = ConfigDict(extra="forbid", frozen=True)
Percent = Annotated[float, Field(ge=0, le=100)]


class Shock(BaseModel):
    """What changes in the year after the accounts; see `stress.scenarios` for the units."""

    model_config = _STRICT

    occupancy_points: float = Field(default=0, ge=-100, le=100)
    fee_growth: float = Field(default=0, gt=-100)
    wage_growth: float = Field(default=0, gt=-100)
    cost_growth: float = Field(default=0, gt=-100)
    agency_points: float = Field(default=0, ge=-100, le=100)
    rate_points: float = 0
    refinanced: Percent = 100
    largest_home_lost: bool = False


class Shocks(RootModel[Annotated[dict[str, Shock], Field(min_length=1)]]):
    """Scenarios by name."""


class Assumptions(BaseModel):
    """What accounts do not say; see `stress.assumptions`."""

    model_config = _STRICT

    occupancy: float = Field(gt=0, le=100)
    staff_share: Percent
    staff_follows: Percent
    others_follow: Percent
    agency_premium: float = Field(ge=0)
    floating: Percent


class Draws(BaseModel):
    """How random shocks are drawn; see `stress.draws`."""

    model_config = _STRICT

    number: int = Field(ge=100, le=20_000)
    seed: int
    together: float = Field(ge=0, le=1)
    occupancy_sd: float = Field(ge=0)
    fee_sd: float = Field(ge=0)
    wage_sd: float = Field(ge=0)
    rate_sd: float = Field(ge=0)
    agency_sd: float = Field(ge=0)
    refinanced: Percent
