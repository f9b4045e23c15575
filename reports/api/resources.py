"""What can be asked for: each resource is a declared table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import dataframely as dy

from oversight.model.tables import TABLES

Origin = Literal["run", "runs", "accounts", "registrations"]


class RunEntry(dy.Schema):
    """One run: a judgement of the evidence of a day, which never changes."""

    run_id = dy.String(primary_key=True)
    on = dy.Date(description="what was public by this day")
    known_by = dy.Datetime(time_unit="us", time_zone="UTC", description="what the ledger held by this moment")
    code_version = dy.String(description="version and hash of the code that judged")
    parameters_fingerprint = dy.String(description="hash of the parameters in force and their history")
    marking = dy.String(description="protective marking")
    label = dy.String(description="a warning on every output, such as that the data are invented; may be empty")


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be asked for.

    Attributes:
        name: last part of its address.
        table: name of the table it is declared as.
        title: in words.
        origin: a table of a run; the list of runs; what accounts say; what Ofsted's list says.
        needs: filters of which at least one must be given, for what is too much at once.
    """

    name: str
    table: str
    title: str
    origin: Origin = "run"
    needs: tuple[str, ...] = ()

    @property
    def schema(self) -> type[dy.Schema]:
        """Its declaration."""
        return RunEntry if self.origin == "runs" else TABLES[self.table]

    @property
    def columns(self) -> Mapping[str, dy.Column]:
        """Its columns, in order."""
        return self.schema.columns()

    @property
    def description(self) -> str:
        """What one row is: the first paragraph of the declaration."""
        return " ".join((self.schema.__doc__ or self.title).split("\n\n", maxsplit=1)[0].split())


_NARROW: Final = ("company_number", "document_id")
RESOURCES: Final[Sequence[Resource]] = (
    Resource("runs", "run", "Runs, the newest first", "runs"),
    Resource("register", "register_entry", "The risk register"),
    Resource("groups", "group", "Groups under one control"),
    Resource("companies", "membership", "Companies and their place in a group"),
    Resource("providers", "provider", "Owners as Ofsted prints them, and the companies they are taken for"),
    Resource("indicators", "indicator", "Metrics of groups, by date"),
    Resource("peers", "peer", "Where a measure stands among like groups"),
    Resource("events", "event", "Dated events that filings show"),
    Resource("scores", "score", "Points and bands by axis"),
    Resource("contributions", "contribution", "Points of each rule, with the reason"),
    Resource("exposures", "exposure", "Homes and places by group and authority"),
    Resource("periods", "account_period", "Accounting periods with usable figures"),
    Resource("accounts", "account", "Lines of account that the run used"),
    Resource("scope", "scope", "Conditions of scope, tested"),
    Resource("stress", "stress", "The year after under each scenario"),
    Resource("displacement", "displacement", "Children without a place if a group stopped"),
    Resource("market", "market", "Size and concentration of markets"),
    Resource("market-shares", "market_share", "What groups hold of markets"),
    Resource("alerts", "alert", "What a recipient should look at"),
    Resource("lineage", "lineage", "Which row rests on which"),
    Resource("homes", "home", "Registered providers in the list the run used", "registrations"),
    Resource("lines", "line", "Lines of account as documents state them", "accounts", _NARROW),
    Resource("facts", "fact", "Tagged figures, exact as filed", "accounts", _NARROW),
)
BY_NAME: Final[Mapping[str, Resource]] = {each.name: each for each in RESOURCES}
