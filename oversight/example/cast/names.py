"""Invented names, and how an Ofsted clerk might type them. Every company's name says Example."""

from random import Random

PLANTS = (
    "HEATHER", "JUNIPER", "LARKSPUR", "BRAMBLE", "CAMPION", "FOXGLOVE", "HAWTHORN", "LAVENDER", "MARIGOLD", "PRIMROSE",
    "SORREL", "TANSY", "VERBENA", "YARROW", "ALDER", "BRACKEN", "CLOVER", "DAMSON", "ELDER", "FENNEL", "GORSE", "HAZEL",
    "IVY", "LINDEN", "MEADOWSWEET",
)  # fmt: skip
"""One a group."""

_SECOND = (
    "", "VALE", "BROOK", "RIDGE", "MEAD", "HOLT", "COMBE", "WOLD", "STRAND", "MARSH", "CROFT", "FELL", "HYTHE", "LEA",
    "TARN", "WEALD",
)  # fmt: skip
_HOUSES = (
    "BRAMLEY", "COLDSTREAM", "DUNMORE", "EASTLEIGH WOOD", "FAIRMEAD", "GREENSLADE", "HOLLYBANK", "INGLE NOOK",
    "KINGSWEAR END", "LONGACRE", "MILLRACE", "NETHERFOLD", "OAKHANGER", "PENHALE", "QUARRYSIDE", "ROOKERY",
    "STILLWATER", "THORNHAYES", "UPFIELD", "WHITESTONES",
)  # fmt: skip
_STYLES = (
    "EXAMPLE {brand} CHILDREN'S HOMES LIMITED",
    "EXAMPLE {brand} CARE (NORTH) LIMITED",
    "EXAMPLE {brand} CARE & EDUCATION LIMITED",
    "{house} EXAMPLE CARE LIMITED",
    "{house} EXAMPLE HOMES LIMITED",
    "EXAMPLE {brand} RESIDENTIAL SERVICES LIMITED",
)
_LOWER = {"AND", "OF", "THE"}


def brand(index: int, replica: int) -> str:
    """A group's brand: a plant, with a second word in the replicas of a larger market."""
    second = _SECOND[replica] if replica < len(_SECOND) else f"{_SECOND[replica % len(_SECOND)]} {replica}".strip()
    return f"{PLANTS[index]} {second}".strip()


def operating_names(group_brand: str, count: int, group_index: int, replica: int) -> list[str]:
    """Names of a group's operating companies: some carry the brand, some were bought with a name of their own."""
    names = []
    for index in range(count):
        house = _HOUSES[(group_index * 5 + index) % len(_HOUSES)]
        suffix = f" {group_brand}" if index >= len(_STYLES) or replica or group_index >= len(_HOUSES) // 5 else ""
        names.append(_STYLES[index % len(_STYLES)].format(brand=group_brand, house=f"{house}{suffix}"))
    return names


def title(name: str) -> str:
    """Capitals as people type them: `EXAMPLE HEATHER CARE LIMITED` as `Example Heather Care Limited`."""
    words: list[str] = []
    for word in name.split(" "):
        bare = word.strip("()")
        words.append(word.lower() if bare in _LOWER and words else word[:1] + word[1:].lower())
        if word.startswith("("):
            words[-1] = "(" + word[1:2] + word[2:].lower()
    return " ".join(words)


def _short(text: str) -> str:
    return text.replace(" Limited", " Ltd").replace(" LIMITED", " LTD")


def _misspell(text: str, rng: Random) -> str:
    """Swap two neighbouring small letters inside the longest word, away from its ends."""
    word = max((each for each in text.split(" ") if each != "Example"), key=len)
    if len(word) < 5:  # noqa: PLR2004  too short to misspell
        return text
    place = rng.randrange(1, len(word) - 2)
    typed = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return text.replace(word, typed, 1)


def typed(name: str, manner: str, rng: Random) -> str:
    """A company's name as typed by hand.

    Args:
        name: the registered name.
        manner: plain, ltd, upper, ampersand, spaces, trading, misspelt or exact.
        rng: chooses the letters of a misspelling.
    """
    text = title(name)
    swapped = text.replace(" & ", " and ") if " & " in text else text.replace(" and ", " & ")
    first, second = text.split(" ")[:2]
    manners = {
        "ltd": _short(text),
        "upper": _short(name),
        "ampersand": swapped.replace("Limited", "LTD."),
        "spaces": _short(text).replace(" ", "  ", 1),
        "trading": f"{_short(text)} t/a {first} {second} Homes",
    }
    return _misspell(text, rng) if manner == "misspelt" else manners.get(manner, text)


MANNERS = ("plain", "plain", "plain", "ltd", "ltd", "upper", "ampersand", "spaces")
"""How the main text of an owner is typed; drawn with these odds."""

SECOND_MANNERS = ("ltd", "plain", "upper", "trading")
"""How some of an owner's settings are typed differently."""
