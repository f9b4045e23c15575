"""Thirty real local authorities in the nine regions: homes are invented, places are not."""

from oversight.example.shapes import Authority

_OFSTED_REGION = {
    "North East": "North East, Yorkshire and the Humber",
    "Yorkshire and The Humber": "North East, Yorkshire and the Humber",
}

_BY_REGION = {
    "North East": ("Durham", "Sunderland", "Middlesbrough"),
    "North West": ("Lancashire", "Manchester", "Wigan", "Blackpool", "Cheshire East"),
    "Yorkshire and The Humber": ("Leeds", "Bradford", "Doncaster"),
    "East Midlands": ("Derbyshire", "Nottingham", "Leicestershire"),
    "West Midlands": ("Staffordshire", "Birmingham", "Shropshire", "Worcestershire"),
    "East of England": ("Essex", "Norfolk", "Luton"),
    "London": ("Croydon", "Redbridge", "Lewisham"),
    "South East": ("Kent", "Hampshire", "Milton Keynes"),
    "South West": ("Devon", "Somerset", "Gloucestershire"),
}
"""Names as in the DfE list of local authorities, except that London is one region, as Ofsted prints it."""

AUTHORITIES: tuple[Authority, ...] = tuple(
    Authority(name, region, _OFSTED_REGION.get(region, region))
    for region, names in _BY_REGION.items()
    for name in names
)


def nearby(first: int, count: int) -> tuple[Authority, ...]:
    """`count` authorities from the list, starting at one: a provider's home ground."""
    return tuple(AUTHORITIES[(first + step) % len(AUTHORITIES)] for step in range(count))
