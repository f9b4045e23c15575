"""A small invented run, plainly labelled, for the tests of reports."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl

from oversight.model.evidence import VISIBLE_SCHEMA, schema_of
from oversight.model.ids import document_id, row_id
from oversight.model.times import AsAt
from reports.frames import ATTRIBUTION_SCHEMA, CHANGE_SCHEMA, DECISION_SCHEMA, PARAMETER_SCHEMA, RunView

LABEL = "EXAMPLE DATA: invented companies"
MARKING = "Official-Sensitive"
AS_AT = AsAt(on=date(2026, 11, 22), known_by=datetime(2026, 11, 22, 9, 5, tzinfo=UTC))
NAMES = ("Larkrise Example Holdings Limited", "Meadowbank Example Care Limited", "Tern Example Homes Limited")
BANDS = ("Very low", "Low", "Medium", "High", "Very high")
METRICS: Mapping[str, tuple[str, float]] = {
    "operating_margin": ("percent", 8.25),
    "ebitda_margin": ("percent", 17.2),
    "net_debt_to_ebitda": ("times", 6.44),
    "interest_cover": ("times", 1.15),
    "current_ratio": ("times", 0.825),
    "net_assets": ("pounds", -4_250_000.0),
    "altman_z2": ("score", 0.905),
    "cash_days": ("days", 21.0),
}
OFSTED = document_id(b"ofsted")
REGISTER = document_id(b"register")
UNUSED = document_id(b"unused")
QUALITY_DAYS = (date(2024, 3, 31), date(2025, 3, 31))


def view(*names: str, **changes: object) -> RunView:
    """A run about groups of these names (three by default). Changes replace fields of the view."""
    groups = [_Group(number, name) for number, name in enumerate(names or NAMES)]
    fields: dict[str, object] = {
        "run_id": "20261122T090500-1a2b3c4d",
        "as_at": AS_AT,
        "marking": MARKING,
        "label": LABEL,
        "code_version": "0.1.0+d25db31",
        "roles": {"commissioner": "A. Commissioner (invented)", "analyst": "An Analyst (invented)"},
        "tables": tables(groups),
        "parameters_fingerprint": "5f1c0e9a77d04b6e",
    }
    return RunView(**(fields | changes))  # type: ignore[arg-type]


def _decisions(group: "_Group") -> list[dict[str, object]]:
    """A figure that awaits a second person, and a determination that one approved."""
    kept = {"group_id": group.group_id, "entry_id": group.entry_id, "decided_at": AS_AT.known_by, "reason": "Invented"}
    return [
        kept | {"decided_table": "override", "decided_id": "one", "subject": "line-1", "what": "field: turnover",
                "author": "=An Analyst (invented)", "verdict": "waiting"},
        kept | {"decided_table": "determination", "decided_id": "two", "subject": group.company, "author": "An Analyst",
                "what": "notice_reference: FO/1", "verdict": "approved", "approver": "An Approver (invented)",
                "approved_at": AS_AT.known_by},
    ]  # fmt: skip


class _Group:
    """Rows about one invented group. The third has no accounts; the second's debt measure does not apply."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.group_id = row_id("group", number)
        self.entry_id = f"R-{row_id('entry', number)[:8]}"
        self.company = f"{99_000_001 + number:08d}"
        self.filed = number != 2
        self.homes = max(40 - 9 * number, 4)
        self.likelihood, self.impact = 4 - number % 3, 5 - number % 4

    def metric(self, code: str) -> tuple[float | None, str]:
        if not self.filed:
            return None, "not_filed"
        if self.number == 1 and code == "net_debt_to_ebitda":
            return None, "not_applicable"
        if self.number == 1 and code == "altman_z2":
            return None, "not_reliable"
        return METRICS[code][1] + self.number, "value"


def frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as a validated frame of a declared table; columns left out are null."""
    schema = schema_of(name)
    filled = [{column: row.get(column) for column in schema.column_names()} for row in rows]
    empty = schema.create_empty()
    return schema.validate(pl.DataFrame(filled, schema=empty.schema) if filled else empty, cast=True)


def tables(groups: list[_Group]) -> dict[str, pl.DataFrame]:
    """Every table of the view."""
    return {
        "group": frame("group", [_group(g) for g in groups]),
        "membership": frame("membership", [row for g in groups for row in _members(g)]),
        "provider": frame("provider", [_provider(g) for g in groups]),
        "indicator": frame("indicator", [_indicator(g, code) for g in groups for code in METRICS]),
        "peer": frame("peer", [_peer(g) for g in groups if g.filed]),
        "stress": frame("stress", [_stress(g) for g in groups]),
        "stress_draw": frame("stress_draw", [_draw(g) for g in groups if g.filed]),
        "stress_market": frame("stress_market", [{"measure": "places_mean", "value": 12.5, "unit": "places"}]),
        "contribution": frame("contribution", [row for g in groups for row in _contributions(g)]),
        "decision": pl.DataFrame([row for g in groups[:1] for row in _decisions(g)], schema=DECISION_SCHEMA),
        "exposure": frame("exposure", [row for g in groups for row in _exposure(g)]),
        "displacement": frame("displacement", [row for g in groups for row in _displacement(g)]),
        "displacement_by_authority": frame(
            "displacement_by_authority", [row for g in groups for row in _displacement_by_authority(g)]
        ),
        "exit_forecast": frame("exit_forecast", [_leaving(g) for g in groups]),
        "group_quality": frame("group_quality", [_through_time(g, day) for g in groups for day in QUALITY_DAYS]),
        "drift": frame("drift", [_drift(*each) for each in _DRIFTS]),
        "event": frame("event", [_event(g) for g in groups if g.filed]),
        "scope": frame("scope", [_scope(g) for g in groups]),
        "market": frame("market", [_market(*each) for each in _MARKETS]),
        "market_share": frame(
            "market_share", [_market_share(g, market) for market in _MARKETS for g in groups if market[3]]
        ),
        "register_entry": frame("register_entry", [_entry(g) for g in groups]),
        "quality": frame("quality", [_quality(g) for g in groups]),
        "setting": frame("setting", [row for g in groups for row in _settings(g)]),
        "change": pl.DataFrame(_changes(groups), schema=CHANGE_SCHEMA, orient="row"),
        "issue": frame("issue", [_issue()]),
        "parameter": pl.DataFrame(_PARAMETERS, schema=PARAMETER_SCHEMA, orient="row"),
        "visible": pl.DataFrame(_VISIBLE, schema=VISIBLE_SCHEMA, orient="row"),
        "attribution": pl.DataFrame(_ATTRIBUTION, schema=ATTRIBUTION_SCHEMA, orient="row"),
    }


def _settings(g: _Group) -> list[dict[str, object]]:
    homes = (("E08000001", "Bolton", "North West"), ("E06000023", "Bristol, City of", "South West"))
    return [
        {
            "setting_id": f"URN-99{g.number}{place}",
            "group_id": g.group_id,
            "owner_key": g.name.lower(),
            "urn": f"99{g.number}{place}",
            "name": f"{g.name} House" if place else None,
            "provision_type": "Children's home",
            "is_home": True,
            "status": "Active",
            "places": 4,
            "local_authority": name,
            "local_authority_code": code,
            "region": region,
            "overall": "good",
            "inspected_on": date(2026, 2, 1),
            "as_at": date(2026, 9, 30),
            "document_id": OFSTED,
            "locator": f"sheet 'Providers' row {place + 2}",
        }
        for place, (code, name, region) in enumerate(homes)
    ]


def _changes(groups: list[_Group]) -> list[tuple[str | None, ...]]:
    first, *others = groups
    moved = [(first.entry_id, first.name, "moved", "likelihood", "3", str(first.likelihood))]
    new = [(g.entry_id, g.name, "new", "", None, None) for g in others[:1]]
    return [*moved, *new, ("R-00000000", "Gone Example Limited", "gone", "", None, None)]


def _peer(g: _Group) -> dict[str, object]:
    return {
        "group_id": g.group_id,
        "code": "operating_margin",
        "peer_id": f"{g.group_id}.peer.operating_margin",
        "indicator_id": row_id(g.group_id, "operating_margin"),
        "peers": "20 to 59 places, any owner",
        "count": 12,
        "percentile": 25.0,
        "lower_quartile": 4.0,
        "median": 9.5,
        "upper_quartile": 14.0,
    }


def _stress(g: _Group) -> dict[str, object]:
    figures = {
        "turnover": 9_500_000.0, "ebitda": 1_100_000.0, "ebitda_interest_cover": 1.4, "headroom": 3.2,
        "cash_after": -200_000.0, "runway_months": 9.0, "out_of_cash": True, "band_before": 3, "band_after": 4,
        "status": "value", "reason": "staff costs are not filed and assumed",
    }  # fmt: skip
    absent = {"status": "not_filed", "reason": "not filed: turnover"}
    return {
        "stress_id": f"{g.group_id}.stress.dearer_debt",
        "group_id": g.group_id,
        "scenario": "dearer_debt",
        "period_end": date(2025, 12, 31),
    } | (figures if g.filed else absent)


def _draw(g: _Group) -> dict[str, object]:
    return {
        "group_id": g.group_id, "period_end": date(2025, 12, 31), "draws": 2000, "out_of_cash": 12.5,
        "cover_low": 0.8, "cover_median": 1.9, "cover_high": 3.1,
    }  # fmt: skip


def _group(g: _Group) -> dict[str, object]:
    return {
        "group_id": g.group_id,
        "name": g.name,
        "kind": "overseas" if g.number == 0 else "individual",
        "top_key": f"key-{g.number}",
        "top_name": "Larkrise Example Topco S.à r.l." if g.number == 0 else None,
        "top_country": "Luxembourg" if g.number == 0 else None,
        "uk_parent_number": g.company,
        "uk_parent_name": g.name,
        "companies": 3,
        "providers": 1,
        "homes": g.homes,
        "settings": g.homes + 1,
        "places": 4 * g.homes,
        "authorities": 2,
        "regions": 1,
    }


def _members(g: _Group) -> list[dict[str, object]]:
    top = {
        "group_id": g.group_id,
        "company_number": g.company,
        "name": g.name,
        "depth": 0,
        "path": g.company,
        "document_id": REGISTER,
        "locator": "/items/0",
    }
    below = top | {
        "company_number": f"{98_000_001 + g.number:08d}",
        "name": f"{g.name} (Operations)",
        "parent_key": g.company,
        "parent_name": g.name,
        "share_min": 75.0,
        "share_max": 100.0,
        "depth": 1,
        "path": f"{g.company} > {98_000_001 + g.number:08d}",
    }
    return [top, below]


def _provider(g: _Group) -> dict[str, object]:
    return {
        "owner_key": g.name.lower(),
        "group_id": g.group_id,
        "owner": g.name,
        "kind": "company",
        "company_number": g.company if g.number != 2 else None,
        "link_decision": "automatic" if g.number != 2 else "review",
        "link_reason": "Same name and active on the date" if g.number != 2 else "Two companies have this name",
        "homes": g.homes,
        "settings": g.homes + 1,
        "places": 4 * g.homes,
        "document_id": OFSTED,
        "locator": f"sheet 'Providers' row {17 + g.number}",
    }


def _indicator(g: _Group, code: str) -> dict[str, object]:
    value, status = g.metric(code)
    return {
        "indicator_id": row_id(g.group_id, code),
        "group_id": g.group_id,
        "subject_kind": "group",
        "subject": g.group_id,
        "code": code,
        "dated_on": date(2025, 12, 31),
        "value": value,
        "unit": METRICS[code][0],
        "status": status,
        "reason": None if status == "value" else "EBITDA is negative" if g.number == 1 else "No accounts are filed",
        "latest": True,
    }


def _contributions(g: _Group) -> list[dict[str, object]]:
    rules = (
        ("likelihood", "leverage_high", 20.0, 25.0, "Owes 6.4 times its yearly earnings before depreciation."),
        ("likelihood", "accounts_late", 5.0, 10.0, "Accounts are 2 months late."),
        ("impact", "homes_many", 30.0, 40.0, "Runs 40 homes in 2 local authorities."),
    )
    return [
        {
            "contribution_id": row_id(g.group_id, rule),
            "group_id": g.group_id,
            "axis": axis,
            "rule": rule,
            "points": points if g.filed or axis == "impact" else 0.0,
            "maximum": maximum,
            "reason": reason if g.filed or axis == "impact" else "No accounts are filed.",
            "missing": not g.filed and axis == "likelihood",
        }
        for rule_axis, rule, points, maximum, reason in rules
        for axis in (rule_axis,)
    ]


def _exposure(g: _Group) -> list[dict[str, object]]:
    places = (("E08000001", "Bolton", 24, 210), ("E06000023", "Bristol, City of", 16, 160))
    return [
        {
            "group_id": g.group_id,
            "local_authority_code": code,
            "exposure_id": row_id(g.group_id, code),
            "local_authority": name,
            "region": "North West" if code == "E08000001" else "South West",
            "homes": max(homes - 3 * g.number, 1),
            "places": 4 * max(homes - 3 * g.number, 1),
            "authority_homes": all_places // 4,
            "authority_places": all_places,
            "share_of_places": 400 * max(homes - 3 * g.number, 1) / all_places,
            "document_id": OFSTED,
        }
        for code, name, homes, all_places in places
    ]


def _leaving(g: _Group) -> dict[str, object]:
    return {
        "urn": f"SC{g.number + 1:06d}",
        "group_id": g.group_id if g.number else None,
        "owner": f"Owner {g.number}" if g.number else None,
        "local_authority": "Manchester",
        "places": 4,
        "probability": 0.5 / (g.number + 1),
        "rank": g.number + 1,
        "top_reasons": "its registration is suspended" if g.number else "",
        "register_of": QUALITY_DAYS[1],
        "model_outcomes_by": QUALITY_DAYS[0],
        "in_time": True,
        "document_id": OFSTED,
        "locator": f"sheet 'Providers' row {g.number}",
    }


def _through_time(g: _Group, day: date) -> dict[str, object]:
    counts = ("settings", "homes", "judged", "inadequate", "below_good", "suspended", "uninspected", "with_signs")
    return {
        "group_id": g.group_id,
        "as_at": day,
        **{name: 12 - place for place, name in enumerate(counts)},
        "providers_with_signs": 1,
        "gathered": day == QUALITY_DAYS[1],
        "left": 2,
        "cancelled": 1,
    }


_DRIFTS = (
    ("exits", "places", "much change", 0.31),
    ("exits", "score", "stable", 0.04),
    ("failure_full", "score", "too few", None),
)


def _drift(model: str, name: str, verdict: str, index: float | None) -> dict[str, object]:
    return {
        "drift_id": f"{model}.{name}", "model": model, "input": name, "label": f"The {name}", "rows_then": 20_000,
        "rows_now": 4_000 if index is not None else 3, "missing_then": 0.25, "missing_now": 0.0, "index": index,
        "by_chance": 0.01 if index is not None else None, "verdict": verdict,
        "changed": "under 3: 19% then, 40% now" if index is not None else None, "fingerprint": "f" * 64,
    }  # fmt: skip


def _displacement(g: _Group) -> list[dict[str, object]]:
    return [
        {
            "displacement_id": f"{g.group_id}.{kind}.{miles:g}",
            "group_id": g.group_id,
            "kind": kind,
            "miles": miles,
            "homes": 12,
            "places_lost": 48,
            "places_left": 30.5 * miles,
            **_spread("children", 40),
            **_spread("beds", int(miles)),
            **_spread("unplaced", 30 if miles == 20.0 else 6),
        }
        for kind in ("all", "ordinary", "secure")
        for miles in (20.0, 60.0)
    ]


def _displacement_by_authority(g: _Group) -> list[dict[str, object]]:
    return [
        {
            "displacement_id": f"{g.group_id}.{code}.ordinary.{miles:g}",
            "group_id": g.group_id,
            "local_authority_code": code,
            "kind": "ordinary",
            "miles": miles,
            "homes": 6,
            "places_lost": 24,
            "share_of_authority": 12.5,
            "share_of_neighbourhood": None if miles == 60.0 else 3.1,
            "places_left": 15.25 * miles,
            **_spread("children", 20),
            **_spread("beds", int(miles)),
            **_spread("unplaced_at_least", 4),
        }
        for code in ("E08000001", "E06000023")
        for miles in (20.0, 60.0)
    ]


def _spread(name: str, middle: int) -> dict[str, object]:
    return {f"{name}_low": middle - 4.0, f"{name}_central": float(middle), f"{name}_high": middle + 6.0}


def _event(g: _Group) -> dict[str, object]:
    return {
        "event_id": row_id(g.group_id, "event"),
        "group_id": g.group_id,
        "company_number": g.company,
        "kind": "charge_created",
        "dated_on": date(2026, 3, 2) + timedelta(days=g.number),
        "detail": "Fixed and floating charge in favour of Example Bank plc",
        "document_id": REGISTER,
        "locator": "/items/0",
    }


_MARKETS = (
    ("england", "E92000001", "England", True, "all_homes"),
    ("england", "E92000001", "England", False, "short_break_home"),
    ("region", "North West", "North West", True, "fostering_agency"),
    ("authority", "E08000001", "Bolton", True, "all_homes"),
    ("authority", "E08000001", "Bolton", True, "fostering_agency"),
)


def _market_id(kind: str, code: str, market_type: str) -> str:
    return f"{kind}.{code}.{market_type}"


def _market(kind: str, code: str, name: str, known: bool, market_type: str) -> dict[str, object]:  # noqa: FBT001
    places = known and market_type == "all_homes"
    return {
        "market_id": _market_id(kind, code, market_type),
        "area_kind": kind,
        "area_code": code,
        "area_name": name,
        "market_type": market_type,
        "as_at": date(2026, 3, 31),
        "basis": "places" if places else "settings",
        "settings": 120 if known else None,
        "places": 480 if places else None,
        "holders": 40 if known else None,
        "hhi": 1_234.5 if known else None,
        "top1_share": 30.0 if known else None,
        "top3_share": 45.0 if known else None,
        "top5_share": 50.0 if known else None,
        "top10_share": 60.0 if known else None,
        "council_share": 12.5 if known else None,
        "unattributed_share": 0.5 if known else None,
        "reason": None if known else "the list does not tell short-break homes apart",
        "compared_on": date(2025, 3, 31),
        "settings_before": 100 if known else None,
        "settings_change": 20 if known else None,
        "growth": 20.0 if known else None,
        "change_reason": None if known else "the earlier list does not have this type",
        "document_id": OFSTED,
    }


def _market_share(g: _Group, market: tuple[str, str, str, bool, str]) -> dict[str, object]:
    kind, code, _, _, market_type = market
    return {
        "market_id": _market_id(kind, code, market_type),
        "group_id": g.group_id,
        "place": g.number + 1,
        "settings": g.homes,
        "places": 4 * g.homes if market_type == "all_homes" else None,
        "share": 30.0 - g.number,
        "settings_before": None if g.number == 2 else g.homes - 1,
        "share_change": None if g.number == 2 else 1.25,
        "change_reason": "no owner of it is named in the earlier list" if g.number == 2 else None,
    }


def _scope(g: _Group) -> dict[str, object]:
    return {
        "scope_id": row_id(g.group_id, "scope"),
        "group_id": g.group_id,
        "condition_set": "proposal",
        "condition": "number",
        "kind": "number",
        "measure": "homes",
        "margin": g.homes - 25.0,
        "margin_percent": (g.homes - 25.0) * 4,
        "nearness": None if g.number < 2 else g.number - 1,
        "requirements": f"{g.homes} homes against 25",
        "value": float(g.homes),
        "threshold": 25.0,
        "unit": "homes",
        "met": g.number < 2,
        "verified": False,
    }


def _entry(g: _Group) -> dict[str, object]:
    figures = {code: g.metric(code)[0] for code in METRICS if code != "cash_days"}
    return figures | {
        "entry_id": g.entry_id,
        "group_id": g.group_id,
        "group_name": g.name,
        "uk_parent_number": g.company,
        "top_name": None,
        "homes": g.homes,
        "places": 4 * g.homes,
        "authorities": 2,
        "largest_authority": "Bolton",
        "largest_share_of_places": 45.714285 - g.number,
        "likelihood": g.likelihood,
        "likelihood_name": BANDS[g.likelihood - 1],
        "likelihood_points": 42.5,
        "likelihood_coverage": 0.875 if g.filed else 0.125,
        "impact": g.impact,
        "impact_name": BANDS[g.impact - 1],
        "impact_points": 61.0,
        "rating": g.likelihood * g.impact,
        "proposed_stage": g.likelihood,
        "to_consider": "Stages 5 and 6 are for a person to consider" if not g.number else "",
        "band_would_rise": "4 more points for 'Severe': Leverage (+4)",
        "band_would_fall": "Any point fewer for 'Some': Leverage (-4)",
        "business_failure_signs": "Net debt is 6.4 times EBITDA",
        "service_cessation_signs": "",
        "scope_conditions_met": "number, share" if g.number < 2 else "",
        "top_reasons": "Owes 6.4 times its yearly earnings before depreciation; Accounts are 2 months late",
        "missing_inputs": "" if g.filed else "turnover, net debt",
        "cause": "High debt against earnings, and interest barely covered.",
        "event": "The group cannot meet its debts as they fall due.",
        "consequence": "160 places in 2 local authorities would need another provider.",
        "accounts_made_up_to": date(2025, 12, 31) if g.filed else None,
        "accounts_age_months": 10.7 if g.filed else None,
        "accounts_basis": "consolidated" if g.filed else "none",
        "turnover": 48_250_000.0 if g.filed else None,
        "net_debt": 53_400_000.0 if g.filed else None,
        "linked_share_of_homes": 100.0 if g.filed else 0.0,
    }


def _quality(g: _Group) -> dict[str, object]:
    return {"group_id": g.group_id, "measure": "homes_with_matched_company", "value": "100%" if g.filed else None}


def _issue() -> dict[str, object]:
    return {
        "issue_id": row_id("issue"),
        "document_id": OFSTED,
        "locator": "sheet 'Providers' row 212",
        "kind": "unknown_local_authority",
        "value": "Bedford Boro",
        "message": "The authority is not in the list of local authorities.",
        "severity": "warning",
    }


_REFERENCE = "Invented for the tests"
_BAND_ROWS = "[" + ", ".join(f'{{"from": {8 * number}, "name": "{name}"}}' for number, name in enumerate(BANDS)) + "]"
_PARAMETERS = [
    (
        "scorecard.bands.likelihood",
        "Likelihood bands",
        "From how many points on a band begins.",
        _BAND_ROWS,
        "points",
        date(2020, 1, 1),
        _REFERENCE,
        "",
        False,
    ),
    (
        "scorecard.likelihood.leverage_high",
        "High debt against earnings",
        "Adds points where net debt is many times yearly earnings.",
        '{"over": 3.5, "points": 20}',
        "times",
        date(2020, 1, 1),
        _REFERENCE,
        "",
        False,
    ),
    ("reference_lines.margin", "Margin line", "Drawn on charts.", "5", "percent", date(2019, 1, 1), "Old", "", False),
    (
        "reference_lines.margin",
        "Margin line",
        "Drawn on charts.",
        "7.5",
        "percent",
        date(2024, 1, 1),
        _REFERENCE,
        "https://example.test/a",
        True,
    ),
    ("reference_lines.margin", "Margin line", "Drawn on charts.", "9", "percent", date(2030, 1, 1), "New", "", False),
]
_VISIBLE = [
    (OFSTED, "ofsted.provider_level", "2026-09-30", "https://example.test/ofsted.ods", date(2026, 11, 1), None, "ods"),
    (
        REGISTER,
        "companies_house.charges",
        "99000001",
        "charges 99000001.json",
        None,
        AS_AT.known_by,
        "application/json",
    ),
    (UNUSED, "companies_house.profile", "99000009", "https://example.test/x", None, AS_AT.known_by, "application/json"),
]
_ATTRIBUTION = [("Ofsted", "Children's social care data, Ofsted, licensed under the OGL v3.0.", "https://example.test")]
