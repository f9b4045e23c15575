"""The rules of telling: who is told of what, how fast, and when. Data in `rules.yaml`, checked here. Pure."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from oversight.errors import SettingsError
from reports.alerts.hours import Hours
from reports.channels.addresses import address

PACKAGED: Final = Path(__file__).with_name("rules.yaml")
EVERY: Final = "*"
ANALYSTS: Final = "analysts"
WITHHELD: Final = "publication_withheld"
GAZETTE: Final = "gazette_notice"
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _clock_time(value: object) -> object:
    """YAML 1.1 reads an unquoted 18:00 as a number in base sixty, and `time` would take it for seconds."""
    if not isinstance(value, str):
        raise ValueError('a time of day stands in quotes, such as "08:30"')  # noqa: TRY004 - pydantic's way
    return value


TimeOfDay = Annotated[time, BeforeValidator(_clock_time)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Bounds(_Part):
    """What a figure of the register entry must be. A figure that is missing is within no bounds."""

    at_least: float | None = None
    at_most: float | None = None

    def hold(self, value: float | None) -> bool:
        """Whether a figure is within them."""
        if value is None:
            return False
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


class Crossing(_Part):
    """A band that was crossed, upwards or downwards."""

    up_to: int | None = None
    down_to: int | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.up_to is None) == (self.down_to is None):
            raise ValueError("a crossing has either up_to or down_to")
        return self

    def happened(self, before: int | None, after: int | None) -> bool:
        """Whether a move from one band to another crosses it; None is a band that was not assessed."""
        if after is None:
            return False
        if self.up_to is not None:
            return (before is None or before < self.up_to) and after >= self.up_to
        return self.down_to is not None and before is not None and before > self.down_to >= after


Figure = Literal["likelihood", "impact", "rating", "proposed_stage", "homes", "places", "authorities"]
Band = Literal["likelihood", "impact", "proposed_stage"]


class Rule(_Part):
    """Which alerts it is about, and what becomes of them. See the notes in `rules.yaml`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1)
    kinds: tuple[str, ...] = Field(min_length=1)
    newer_than_days: int | None = Field(default=None, ge=0)
    group: Mapping[Figure, Bounds] = Field(default_factory=dict)
    moved: Mapping[Band, Crossing] = Field(default_factory=dict)
    urgency: Literal["immediate", "digest", "as_raised", "never"]
    to: tuple[str, ...] = ()
    quiet: Literal["keep", "ignore"] = "keep"
    escalate: bool = False


class QuietHours(_Part):
    """Hours in which people are written to."""

    opens: TimeOfDay = Field(alias="from")
    closes: TimeOfDay = Field(alias="to")
    days: Literal["working", "every"]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _ = self.hours
        return self

    @property
    def hours(self) -> Hours:
        """As the functions of time take them."""
        return Hours(self.opens, self.closes, self.days == "working")


class Digest(_Part):
    """When the digest goes out."""

    at: TimeOfDay
    weekdays: tuple[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], ...] = Field(
        min_length=1
    )

    @property
    def numbers(self) -> frozenset[int]:
        """The weekdays as numbers, Monday 0."""
        return frozenset(_WEEKDAYS.index(day) for day in self.weekdays)


class Step(_Part):
    """One step of escalation."""

    after_working_days: int = Field(ge=1, le=60)
    to: str


class Answers(_Part):
    """How long links to acknowledge or snooze hold."""

    link_days: int = Field(ge=1, le=90)


class Sending(_Part):
    """How patient the sender is, and what it does where the outcome of an attempt is not known."""

    first_wait_seconds: float = Field(gt=0)
    longest_wait_seconds: float = Field(gt=0)
    give_up_after_days: float = Field(gt=0)
    answer_seconds: float = Field(gt=0)
    command_seconds: float = Field(gt=0)
    lease_seconds: float = Field(gt=0)
    unknown: Literal["hold", "retry"]


class Rules(_Part):
    """All that is decided about telling people."""

    verified: bool
    reference: str
    people: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    hours: QuietHours
    digest: Digest
    escalation: tuple[Step, ...]
    answers: Answers
    sending: Sending

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [rule.name for rule in self.rules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"the rule {min(twice)} is given twice")
        lists = {name for rule in self.rules for name in rule.to} | {step.to for step in self.escalation}
        if unknown := lists - set(self.people):
            raise ValueError(f"there is no list of people called {min(unknown)}")
        if not self.hours.opens <= self.digest.at < self.hours.closes:
            raise ValueError("the digest lies in quiet hours")
        waits = [step.after_working_days for step in self.escalation]
        if waits != sorted(set(waits)):
            raise ValueError("each step of escalation comes later than the one before")
        return self

    @property
    def fingerprint(self) -> str:
        """Hash of all they say."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def any_hour(self) -> frozenset[str]:
        """Names of the rules that keep no quiet hours."""
        return frozenset(rule.name for rule in self.rules if rule.quiet == "ignore")

    def everybody(self) -> list[str]:
        """Every address on any list, sorted."""
        return sorted({person for people in self.people.values() for person in people})


def load_rules(recipients: Sequence[str], kinds: Collection[str], override: Path | None = None) -> Rules:
    """The packaged rules, with the sections of another file in their place and the recipients among the analysts.

    Args:
        recipients: addresses of the setting `recipients`.
        kinds: kinds of alerts there are; a rule for another would never be heard of.
        override: the file that the setting `alert_rules` names; None for none.

    Raises:
        SettingsError: naming file and key, for a file that cannot be read, an unknown key, list, kind or address.
    """
    values = _read(PACKAGED)
    where = str(PACKAGED.name)
    if override is not None:
        where = str(override)
        values |= _read(override)
    try:
        rules = Rules.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise _wrong(f"{key}: {first['msg'].removeprefix('Value error, ')}", where) from error
    known = {EVERY, WITHHELD, GAZETTE, *kinds}
    for rule in rules.rules:
        if unknown := set(rule.kinds) - known:
            raise _wrong(f"rule {rule.name}: there is no kind of alert called {min(unknown)}", where)
    people = {name: _addresses(addresses, f"people.{name} in {where}") for name, addresses in rules.people.items()}
    analysts = (*people.get(ANALYSTS, ()), *_addresses(recipients, "recipients"))
    return rules.model_copy(update={"people": people | {ANALYSTS: tuple(dict.fromkeys(analysts))}})


def _addresses(texts: Sequence[str], setting: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address(text, setting) for text in texts))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise _wrong(f"cannot be read: {error}", str(path)) from error
    if not isinstance(content, dict):
        raise _wrong("is not a mapping of sections", str(path))
    return content


def _wrong(what: str, where: str) -> SettingsError:
    return SettingsError(
        f"the alert rules: {what}",
        where=where,
        next_step="Correct the file that the setting alert_rules (OVERSIGHT_ALERT_RULES) names; "
        "reports/alerts/rules.yaml says what each part means.",
    )
