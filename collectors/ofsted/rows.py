"""Checked records to rows of the read tables."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from collectors.ofsted.cells import Record
from collectors.ofsted.tables import Table
from collectors.ofsted.values import Value
from collectors.ofsted.words import data
from collectors.reading import Origin, Row, Rows
from oversight.errors import LayoutError
from oversight.geography import Authority, authority

_ENDS: Final = ("resigned_on", "closed_on", "cancelled_on")
_MOST_REPEATED: Final = 0.05
_FREE_REPEATS: Final = 2
_COMPARED: Final = ("provision_type", "status", "sector", "places", "owner", "local_authority", "registered_on")


def add_homes(tables: Iterable[tuple[Table, list[Record]]], as_at: date, origin: Origin, file: str, rows: Rows) -> None:
    """Add one `home` row for each provider.

    Of two rows of a sheet with one URN the first is kept. A workbook lists providers twice, with judgements and with
    places: the provider-level row is kept, what it lacks is taken from the other, and a contradiction is an issue.

    Raises:
        LayoutError: if many providers come more than once in a sheet: then it is not a list of providers.
    """
    homes: dict[str, Row] = {}
    for table, records in sorted(tables, key=lambda pair: pair[0].kind != "provider_level"):
        seen: dict[str, Row] = {}
        flags = _flags_short_breaks(records)
        for record in records:
            if record.urn in seen:
                message = f"row refused: the URN is already in {seen[record.urn]['locator']}"
                rows.issue(origin, "duplicate_urn", message, locator=record.locator, value=record.urn, severity="error")
            elif record.values["provision_type"] is None:
                message = "row refused: no provision type"
                kind = "row_without_provision_type"
                rows.issue(origin, kind, message, locator=record.locator, value=record.urn, severity="error")
            else:
                seen[record.urn] = _home(record, as_at, flags=flags, origin=origin, rows=rows)
        _refuse_repeats(table, len(records) - len(seen), len(records), file)
        for urn, home in seen.items():
            if urn in homes:
                _merge(homes[urn], home, origin, rows)
            else:
                homes[urn] = home
    for home in homes.values():
        rows.add("home", **home)


def add_inspections(records: Iterable[Record], origin: Origin, rows: Rows) -> None:
    """Add one `inspection` row for each inspection of the year."""
    for record in records:
        values = record.values
        rows.add(
            "inspection",
            document_id=origin.document_id,
            locator=record.locator,
            urn=record.urn,
            event_number=values.get("event_number"),
            event_type=values.get("event_type"),
            inspected_on=values.get("inspected_on"),
            published_on=values.get("published_on"),
            provision_type=values.get("provision_type"),
            **_judgements(values),
        )


def add_movements(table: Table, records: Iterable[Record], as_at: date, origin: Origin, rows: Rows) -> None:
    """Add one `movement` row for each provider that joined or left. A list of closures has leavers only."""
    for record in records:
        values = record.values
        kind = "leaver" if table.kind == "closures" else _movement(values)
        if kind is None:
            message = "row refused: neither joiner nor leaver"
            rows.issue(origin, "no_movement", message, locator=record.locator, value=record.urn, severity="error")
            continue
        ends = [day for field in _ENDS if isinstance(day := values.get(field), date)]
        rows.add(
            "movement",
            document_id=origin.document_id,
            locator=record.locator,
            urn=record.urn,
            kind=kind,
            provision_type=values.get("provision_type"),
            sector=values.get("sector"),
            places=values.get("places"),
            **_place(record, as_at, origin, rows),
            constituency=values.get("constituency"),
            registered_on=values.get("registered_on"),
            left_on=min(ends, default=None),
            status=values.get("status"),
            reason=values.get("reason"),
        )


def add_premises(records: Iterable[Record], as_at: date, origin: Origin, rows: Rows) -> None:
    """Add one `premises` row for each row of the list, which has a row for each premises."""
    for record in records:
        rows.add(
            "premises",
            document_id=origin.document_id,
            locator=record.locator,
            urn=record.urn,
            as_at=as_at,
            **_place(record, as_at, origin, rows),
            premises=1,
        )


def _home(record: Record, as_at: date, *, flags: bool, origin: Origin, rows: Rows) -> Row:
    values = record.values
    short_breaks = values.get("short_breaks_only")
    if short_breaks is None and flags and values["provision_type"] in data("vocabulary.yaml")["childrens_homes"]:
        short_breaks = False
    return {
        "document_id": origin.document_id,
        "urn": record.urn,
        "locator": record.locator,
        "as_at": as_at,
        "name": values.get("name"),
        "provision_type": values["provision_type"],
        "status": values.get("status"),
        "registered_on": values.get("registered_on"),
        "owner": values.get("owner"),
        "sector": values.get("sector"),
        "places": values.get("places"),
        **_place(record, as_at, origin, rows),
        "constituency": values.get("constituency"),
        "short_breaks_only": short_breaks,
        **_judgements(values),
        "inspected_on": values.get("inspected_on"),
    }


def _judgements(values: Mapping[str, Value]) -> dict[str, Value]:
    """The three judgements. Supported accommodation has one outcome instead, which stands as the overall one."""
    overall = values.get("overall")
    return {
        "overall": overall if overall is not None else values.get("accommodation_outcome"),
        "helped_and_protected": values.get("helped_and_protected"),
        "leaders_and_managers": values.get("leaders_and_managers"),
    }


def _place(record: Record, as_at: date, origin: Origin, rows: Rows) -> dict[str, str | None]:
    """Authority by the DfE's name with its code, and region: as printed, else that of the authority."""
    name = record.values.get("local_authority")
    found = authority(name, as_at) if isinstance(name, str) else None
    region = record.values.get("region") or record.values.get("ofsted_region")
    if region is None and found is not None:
        region = found.region
    if found is not None:
        _report_place(record, found, region, as_at, origin, rows)
    return {
        "local_authority": found.name if found else name if isinstance(name, str) else None,
        "local_authority_code": found.code if found else None,
        "region": str(region) if region else None,
    }


def _report_place(record: Record, authority: Authority, region: Value, as_at: date, origin: Origin, rows: Rows) -> None:
    if authority.region is None:
        message = f"{authority.name} is not in England, so there is no region"
        kind, value = "outside_england", authority.name
    elif region != authority.region:
        message = f"the region printed is {region}, but {authority.name} is in {authority.region}; kept as printed"
        kind, value = "region_differs", str(region)
    elif authority.days_from(as_at):
        message = f"{authority.name} did not exist at {as_at}; code {authority.code} is the nearest in time"
        kind, value = "former_authority", authority.name
    else:
        return
    rows.issue(origin, kind, message, locator=record.locator, value=value, severity="information")


def _flags_short_breaks(records: list[Record]) -> bool:
    """Whether the short-breaks column is a flag, so that a blank means no; a column that also says 'no' is not."""
    words = {record.values["short_breaks_only"] for record in records if "short_breaks_only" in record.values}
    return True in words and False not in words


def _movement(values: Mapping[str, Value]) -> str | None:
    joiner, leaver = bool(values.get("joiner")), bool(values.get("leaver"))
    if joiner and leaver:
        return "both"
    return "joiner" if joiner else "leaver" if leaver else None


def _refuse_repeats(table: Table, repeated: int, total: int, file: str) -> None:
    if repeated > max(_FREE_REPEATS, _MOST_REPEATED * total):
        layout = table.layout
        raise LayoutError(
            f"{repeated} of {total} rows repeat a URN of {layout.place(layout.columns['urn'])}: "
            "a list of providers names each once",
            where=f"{file}, sheet '{layout.sheet.name}'",
            next_step="If these are inspections, let the file or sheet name say 'in year'. Nothing was read.",
        )


def _merge(home: Row, other: Row, origin: Origin, rows: Rows) -> None:
    for column, value in other.items():
        if home[column] is None and value is not None:
            home[column] = value
        elif column in _COMPARED and value is not None and value != home[column]:
            message = f"{column} is {home[column]!r} in {home['locator']}, which is kept"
            locator = str(other["locator"])
            rows.issue(origin, f"differs_{column}", message, locator=locator, value=str(value), severity="information")
