"""An invented market of 300 homes over six years, in which worse homes leave more often."""

from datetime import date
from random import Random

from risk.exits.publications import Publications
from tests.risk.exits.publish import Press

DAYS = tuple(date(year, 3, 31) for year in range(2015, 2021))
_GRADES = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
_LEAVING = (0.02, 0.04, 0.15, 0.5)


def town(until: date = DAYS[-1], seed: int = 7) -> Publications:
    """Its publications up to a day: a list each year, and each year's leavers and joiners."""
    chance = Random(seed)  # noqa: S311 - seeded randomness is the point
    press = Press()
    homes: dict[str, dict[str, object]] = {}
    number = 0
    for year, day in enumerate(DAYS):
        moved: list[dict[str, object]] = []
        for urn in sorted(homes) if year else []:
            grade = _GRADES.index(str(homes[urn]["overall"]))
            if chance.random() < _LEAVING[grade]:
                moved.append({"urn": urn, "left_on": date(day.year - 1, 4 + chance.randrange(8), 15)})
                del homes[urn]
        while len(homes) < 300:
            number += 1
            urn = str(1_030_000 + number)
            registered = date(day.year - 1, 6, 1) if year else date(2012, 1, 1)
            authority = f"Shire {chance.randrange(12)}"
            homes[urn] = {
                "owner": f"Owner {chance.randrange(90)} Ltd", "local_authority": authority, "constituency": authority,
                "places": 2 + chance.randrange(6), "registered_on": registered,
            }  # fmt: skip
            if year:
                moved.append({"urn": urn, "kind": "joiner", "registered_on": registered})
        for home in (homes[urn] for urn in sorted(homes)):
            judged = chance.choices(_GRADES, (3, 12, 4, 1))[0]
            home |= {
                "overall": judged, "helped_and_protected": judged, "leaders_and_managers": judged,
                "inspected_on": date(day.year - 1, 5 + chance.randrange(7), 3),
            }  # fmt: skip
        if day <= until:
            press.homes(day, homes)
            if moved:
                press.moved(day, moved)
    return press.publications()
