"""Who owns whom: the companies of one group, from the top to the operating companies, and the control between them."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from oversight.example.cast import names
from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days
from oversight.example.cast.drafts import CARE_HOMES_SIC, DORMANT_SIC, HOLDING_SIC, Draft, Numbers, address
from oversight.example.cast.timeline import Timeline
from oversight.example.shapes import Address, Control, Person

_PSC_REGIME = date(2016, 4, 6)
_SPECIAL_NAMES = {
    "formula": "=CMD()|'X'!A1 EXAMPLE CARE LIMITED",
    "markup": "<B>EXAMPLE</B> & <SCRIPT>ALERT(1)</SCRIPT> CARE LIMITED",
}


@dataclass(slots=True)
class Structure:
    """The companies of one group and what stands above them."""

    brand: str
    top_kind: str
    top: str
    operating: list[Draft] = field(default_factory=list)
    parent: Draft | None = None
    middle: list[Draft] = field(default_factory=list)
    dormant: list[Draft] = field(default_factory=list)
    above: list[Draft] = field(default_factory=list)

    @property
    def all(self) -> list[Draft]:
        """Every company of the group, top first; those `above` that share no group are left out."""
        own = [draft for draft in self.above if draft.group is not None]
        return [*own, *([self.parent] if self.parent else []), *self.middle, *self.dormant, *self.operating]


def build(
    blueprint: Blueprint, key: str, index: int, replica: int, when: Timeline, numbers: Numbers, rng: Random
) -> Structure:
    """The companies of one group, without filings yet."""
    brand = names.brand(index, replica)
    structure = Structure(brand, blueprint.kind, "")
    office = address(rng)
    born = add_days(when.start, -rng.randrange(1200, 5200))

    def draft(name: str, role: str, sic: str, after: int) -> Draft:
        return Draft(numbers.company(), name, role, key, add_days(born, after), office, sic=(sic,))

    titles = names.operating_names(brand, blueprint.owners, index, replica)
    if blueprint.code in _SPECIAL_NAMES:
        titles = [_SPECIAL_NAMES[blueprint.code] + (f" {replica}" if replica else "")]
    structure.operating = [draft(title, "operating", CARE_HOMES_SIC, 40 * place) for place, title in enumerate(titles)]
    if blueprint.owners > 1 and blueprint.top != "sibling":
        suffix = "TOPCO" if blueprint.top == "fund" else "GROUP HOLDINGS"
        structure.parent = draft(f"EXAMPLE {brand} {suffix} LIMITED", "parent", HOLDING_SIC, 200)
        structure.middle = [
            draft(f"EXAMPLE {brand} {layer} LIMITED", "holding", HOLDING_SIC, 210 + place)
            for place, layer in enumerate(blueprint.layers)
        ]
        structure.dormant = [
            draft(f"EXAMPLE {brand} NOMINEES{'' if place == 0 else f' {place}'} LIMITED", "dormant", DORMANT_SIC, 300)
            for place in range(blueprint.dormant)
        ]
    _control(structure, blueprint, when, numbers, rng)
    return structure


def _since(draft: Draft) -> date:
    return max(_PSC_REGIME, draft.incorporated_on)


def individual(person: Person, low: int, high: int, since: date, office: Address, until: date | None = None) -> Control:
    """Control by a person."""
    return Control("individual", person.name, low, high, since, until, person=person, address=office)


def corporate(owner: Draft, low: int, high: int, since: date) -> Control:
    """Control by a company or partnership on the register."""
    form = "Limited Liability Partnership" if owner.kind == "llp" else "Private Limited Company"
    return Control(
        "corporate", title_of(owner), low, high, since,
        registered_number=owner.number, place_registered="Companies House",
        country_registered="England & Wales", legal_form=form, address=owner.address,
    )  # fmt: skip


def title_of(draft: Draft) -> str:
    """A name as the register of persons with significant control prints it."""
    return names.title(draft.name)


def _control(structure: Structure, blueprint: Blueprint, when: Timeline, numbers: Numbers, rng: Random) -> None:
    parent = structure.parent
    if parent is None:
        _people_control(structure, blueprint, numbers, rng)
        return
    owner = parent
    for draft in structure.middle:
        draft.controls.append(corporate(owner, 75, 100, _since(draft)))
        owner = draft
    for draft in (*structure.dormant, *structure.operating):
        since = max(_since(draft), add_days(parent.incorporated_on, 30))
        if blueprint.code == "scanned" and draft.role == "operating":
            seller = numbers.person(rng)
            since = add_days(when.start, 500 + rng.randrange(90))
            draft.controls.append(individual(seller, 75, 100, _since(draft), draft.address, since))
        draft.controls.append(corporate(owner, 75, 100, since))
    _top(structure, parent, blueprint, numbers, rng)


def _people_control(structure: Structure, blueprint: Blueprint, numbers: Numbers, rng: Random) -> None:
    """Companies without a parent: one person owns one, or two siblings."""
    person = numbers.person(rng)
    low, high = (50, 75) if "fund_minority" in blueprint.stories else (75, 100)
    for draft in structure.operating:
        draft.controls.append(individual(person, low, high, _since(draft), draft.address))
    structure.top_kind, structure.top = "individual", person.name


def _top(structure: Structure, parent: Draft, blueprint: Blueprint, numbers: Numbers, rng: Random) -> None:
    since = _since(parent)
    if blueprint.top == "fund":
        fund = Draft(
            numbers.partnership(), f"EXAMPLE {structure.brand} CAPITAL PARTNERS LLP", "fund", parent.group,
            add_days(parent.incorporated_on, -700), address(rng), kind="llp", sic=(),
        )  # fmt: skip
        fund.controls.append(
            Control("statement", "no-individual-or-entity-with-signficant-control", 0, 0, _since(fund))
        )
        parent.controls.append(corporate(fund, 75, 100, since))
        structure.above.append(fund)
        structure.top_kind, structure.top = "company", fund.number
    elif blueprint.top == "jersey":
        number = str(next(numbers.overseas))
        name = names.title(f"EXAMPLE {structure.brand} INTERNATIONAL LIMITED")
        office = Address("1", "Placeholder Esplanade", "St Sample", "JE99 9ZZ", "Jersey")
        parent.controls.append(
            Control(
                "corporate",
                name,
                75,
                100,
                since,
                registered_number=number,
                place_registered="Jersey Financial Services Commission",
                country_registered="Jersey",
                legal_form="Private Limited Company",
                address=office,
            )
        )
        structure.top_kind, structure.top = "overseas", f"{name} ({number}, Jersey)"
    elif blueprint.top == "joint":
        partner = Draft(
            numbers.company(), f"EXAMPLE {structure.brand} VENTURES LIMITED", "investor", None,
            add_days(parent.incorporated_on, -900), address(rng), sic=(HOLDING_SIC,),
        )  # fmt: skip
        partner.controls.append(individual(numbers.person(rng), 75, 100, _since(partner), partner.address))
        parent.controls.append(corporate(partner, 25, 50, since))
        parent.controls.append(individual(numbers.person(rng), 25, 50, since, parent.address))
        structure.above.append(partner)
        structure.top_kind, structure.top = "joint", parent.number
    else:
        person = numbers.person(rng)
        low, high = (50, 75) if blueprint.code == "restated" else (75, 100)
        parent.controls.append(individual(person, low, high, since, parent.address))
        if low == 50:  # noqa: PLR2004  percent
            parent.controls.append(individual(numbers.person(rng), 25, 50, since, parent.address))
        structure.top_kind, structure.top = "individual", person.name
