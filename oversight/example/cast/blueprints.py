"""The cast: 25 kinds of owner, each with its structure and its story. A larger market repeats the cast."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One group or stand-alone owner.

    Attributes:
        code: short name of the story.
        owners: registered providers in the group.
        homes: children's homes on the register at the newest publication.
        closed: further homes that closed in earlier years.
        top: fund, jersey, person, joint, sibling, none (an owner that is no company) or self.
        layers: companies between the UK parent and the operating companies, from the top down.
        dormant: dormant companies beside them.
        thousands: whether the group reports in thousands of pounds.
        leverage: bank debt of the parent at the start, in times of EBITDA.
        loan_notes: shareholder loan notes at the start, in times of EBITDA.
        margin: EBITDA margin of a home before central costs, as a share of turnover.
        trend: change of that margin over the nine periods, as a share of turnover.
        rent: share of homes that are rented.
        places: usual places of a home.
        authorities: how many authorities it works in.
        kind: corporate, council, charity or individual.
        stories: what happens, see `stories`.
        agencies: fostering agencies.
        supported: supported accommodation settings.
    """

    code: str
    owners: int
    homes: int
    closed: int = 0
    top: str = "self"
    layers: tuple[str, ...] = ()
    dormant: int = 0
    thousands: bool = False
    leverage: float = 0.0
    loan_notes: float = 0.0
    margin: float = 0.20
    trend: float = 0.0
    rent: float = 0.5
    places: int = 4
    authorities: int = 3
    kind: str = "corporate"
    stories: tuple[str, ...] = ()
    agencies: int = 0
    supported: int = 0

    @property
    def failing(self) -> bool:
        """Whether its story ends in insolvency."""
        return bool({"administration", "liquidation"} & set(self.stories))


CAST: tuple[Blueprint, ...] = (
    Blueprint(
        "fund", 6, 80, 6, top="fund", layers=("MIDCO", "BIDCO"), thousands=True, leverage=4.5, loan_notes=3.0,
        margin=0.24, trend=-0.03, rent=0.4, authorities=16, agencies=2, supported=3,
    ),
    Blueprint(
        "offshore", 6, 62, 4, top="jersey", layers=("HOLDINGS",), dormant=1, thousands=True, leverage=2.0, margin=0.23,
        trend=0.01, rent=0.3, authorities=12, agencies=1, supported=2, stories=("refinanced",),
    ),
    Blueprint(
        "administration", 5, 44, 8, top="jersey", layers=("FINANCE",), dormant=1, thousands=True, leverage=4.5,
        loan_notes=2.0, margin=0.20, trend=-0.18, rent=0.6, authorities=9, supported=1, stories=("administration",),
    ),
    Blueprint(
        "halved", 4, 16, 16, top="person", layers=("GROUP",), leverage=0.8, margin=0.24, rent=0.3, authorities=4,
        stories=("halved",),
    ),
    Blueprint(
        "restated", 4, 25, 2, top="person", leverage=1.5, margin=0.19, authorities=5, agencies=1,
        stories=("restated", "auditor_left"),
    ),
    Blueprint(
        "landlord", 4, 26, 1, top="person", layers=("PROPERTIES",), leverage=3.0, margin=0.17, trend=-0.05, rent=0.95,
        authorities=6, stories=("uncertain_once", "charge_cluster", "extended"),
    ),
    Blueprint("joint", 4, 18, 1, top="joint", layers=("GROUP",), leverage=1.2, margin=0.2, authorities=4),
    Blueprint("scanned", 4, 20, 2, top="person", leverage=1.0, margin=0.21, authorities=4, stories=("scanned",)),
    Blueprint(
        "steady", 4, 16, 1, top="person", dormant=1, leverage=0.6, margin=0.22, authorities=3, supported=1,
        stories=("auditor_left",),
    ),
    Blueprint("siblings_one", 2, 8, 1, top="sibling", margin=0.18, authorities=2),
    Blueprint("siblings_two", 2, 7, 0, top="sibling", margin=0.17, authorities=2, stories=("late_once",)),
    Blueprint(
        "renamed", 2, 9, 0, top="person", dormant=1, leverage=0.7, margin=0.18, authorities=2, stories=("renamed",)
    ),
    Blueprint("liquidation", 1, 0, 4, top="person", margin=0.09, trend=-0.26, authorities=1, stories=("liquidation",)),
    Blueprint("formula", 1, 4, 0, top="person", margin=0.16, authorities=1),
    Blueprint("markup", 1, 3, 0, top="person", margin=0.15, authorities=1, supported=1),
    Blueprint("dissolved", 1, 0, 2, top="person", margin=0.08, authorities=1, places=3, stories=("dissolved",)),
    Blueprint("paper", 1, 1, 0, top="person", margin=0.14, authorities=1, places=2, stories=("paper",)),
    Blueprint("overdue", 1, 5, 0, top="person", margin=0.10, trend=-0.08, authorities=2, stories=("overdue",)),
    Blueprint("tiny", 1, 2, 0, top="person", margin=0.13, authorities=1, places=1, supported=1),
    Blueprint("council_one", 1, 14, 1, top="none", kind="council", authorities=1, places=5),
    Blueprint("council_two", 1, 11, 1, top="none", kind="council", authorities=1, places=5),
    Blueprint("council_three", 1, 9, 0, top="none", kind="council", authorities=1, places=6),
    Blueprint("charity", 1, 12, 1, top="none", kind="charity", authorities=3, places=5, agencies=2, supported=1),
    Blueprint("individual", 1, 2, 0, top="none", kind="individual", authorities=1, places=3),
    Blueprint("minority", 1, 6, 0, top="person", leverage=1.4, margin=0.19, authorities=2, stories=("fund_minority",)),
)  # fmt: skip
"""25 groups with 60 registered providers and 400 children's homes at the newest publication."""
