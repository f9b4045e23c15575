"""Rules as data: what comes with the product, what a file may change, and how a wrong file is refused."""

from datetime import time
from pathlib import Path

import pytest

from oversight.errors import SettingsError
from reports.alerts.rules import Bounds, Crossing, Rules, load_rules

KINDS = ("insolvency", "strike_off_notice", "strike_off_application", "dissolved", "home_suspended", "band_change")


def rules(folder: Path | None = None, text: str = "", recipients: tuple[str, ...] = ("ann@dept.test",)) -> Rules:
    if folder is None:
        return load_rules(recipients, KINDS)
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rules(recipients, KINDS, path)


def test_the_packaged_rules_hold_and_say_that_nobody_verified_them() -> None:
    found = rules()
    assert not found.verified
    assert found.people["analysts"] == ("ann@dept.test",)
    assert found.everybody() == ["ann@dept.test"]
    assert found.hours.hours.opens == time(8)
    assert found.sending.unknown == "hold"
    assert found.rules[-1].kinds == ("*",), "nothing falls through"


def test_a_file_replaces_whole_sections_and_leaves_the_others(tmp_path: Path) -> None:
    text = "people: {analysts: [Bob@dept.test], managers: [cy@dept.test], directors: []}"
    text += '\ndigest: {at: "09:15", weekdays: [friday]}'
    found = rules(tmp_path, text)
    assert found.people["analysts"] == ("bob@dept.test", "ann@dept.test")
    assert found.digest.numbers == {4}
    assert found.rules == rules().rules
    assert found.fingerprint != rules().fingerprint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colours: red", "colours"),
        ("- a list", "not a mapping"),
        ("a: [", "cannot be read"),
        ("hours: {from: 8:00, to: '18:00', days: working}", "in quotes"),
        ("hours: {from: '18:00', to: '08:00', days: working}", "end after they begin"),
        ("hours: {from: '01:30', to: '08:00', days: working}", "when the clocks change"),
        ("digest: {at: '21:00', weekdays: [monday]}", "quiet hours"),
        ("digest: {at: '09:00', weekdays: [payday]}", "weekdays"),
        ("escalation: [{after_working_days: 2, to: kings}]", "no list of people called kings"),
        ("escalation: [{after_working_days: 2, to: managers}, {after_working_days: 2, to: directors}]", "later"),
        ("people: {analysts: ['Ann <ann@dept.test>'], managers: [], directors: []}", "not an email address"),
        ("sending: {unknown: guess}", "sending"),
        (
            "rules: [{name: one, description: x, kinds: [insolvncy], urgency: digest, to: [analysts]}]",
            "no kind of alert called insolvncy",
        ),
        (
            "rules: [{name: one, description: x, kinds: ['*'], urgency: soon, to: [analysts]}]",
            "urgency",
        ),
        (
            "rules: [{name: one, description: x, kinds: ['*'], group: {debt: {at_least: 1}}, urgency: digest}]",
            "rules",
        ),
        (
            "rules: [{name: one, description: x, kinds: ['*'], moved: {impact: {}}, urgency: digest}]",
            "either up_to or down_to",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        rules(tmp_path, text)
    assert said in str(caught.value)
    assert "rules.yaml" in str(caught.value)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml"):
        load_rules([], KINDS, tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("crossing", "before", "after", "happened"),
    [
        (Crossing(up_to=4), 3, 4, True),
        (Crossing(up_to=4), 2, 5, True),
        (Crossing(up_to=4), 4, 5, False),
        (Crossing(up_to=4), 5, 4, False),
        (Crossing(up_to=4), None, 4, True),
        (Crossing(up_to=4), 3, None, False),
        (Crossing(down_to=2), 3, 2, True),
        (Crossing(down_to=2), 2, 1, False),
        (Crossing(down_to=2), None, 1, False),
        (Crossing(down_to=2), 1, 3, False),
    ],
)
def test_both_sides_of_a_band(crossing: Crossing, before: int | None, after: int | None, happened: bool) -> None:  # noqa: FBT001
    assert crossing.happened(before, after) is happened


@pytest.mark.parametrize(("value", "held"), [(3.0, False), (4.0, True), (10.0, True), (10.5, False), (None, False)])
def test_both_sides_of_a_figure(value: float | None, held: bool) -> None:  # noqa: FBT001
    assert Bounds(at_least=4, at_most=10).hold(value) is held
