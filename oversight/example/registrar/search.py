"""Search for companies by name, ranked by the words they share with what was typed."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from oversight.example.registrar.answers import Body, marked
from oversight.example.shapes import Company

_ALIKE = 0.8
_ENDINGS = {"LIMITED": "LTD", "LTD": "LTD", "PLC": "PLC", "LLP": "LLP", "AND": "&"}


def words(text: str) -> frozenset[str]:
    """The words of a name, capital, with usual endings made one."""
    found = re.findall(r"[A-Z0-9]+|&", re.sub(r"['\u2019]", "", text.upper()))
    return frozenset(_ENDINGS.get(word, word) for word in found)


class Index:
    """Names and former names of every company, in words."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._known = [
            (company, words(name))
            for company in companies
            for name in (company.name, *(former.name for former in company.former_names))
        ]
        self._words = sorted({word for _, own in self._known for word in own})

    def find(self, query: str) -> list[Company]:
        """Companies that share a word with the query besides its ending, the closest first."""
        asked = frozenset(self._known_word(word) for word in words(query))
        scored: dict[str, tuple[float, Company]] = {}
        for company, own in self._known:
            shared = asked & own
            if not shared - {"LTD", "PLC", "LLP", "&", "EXAMPLE"} and query.strip().upper() != company.number:
                continue
            score = len(shared) / len(asked | own)
            if score > scored.get(company.number, (0.0, company))[0]:
                scored[company.number] = (score, company)
        ranked = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].number))
        return [company for _, company in ranked]

    def _known_word(self, word: str) -> str:
        """The word itself if any name has it, else one much like it: the service forgives a slip of the pen."""
        if word in self._words:
            return word
        return next(iter(get_close_matches(word, self._words, n=1, cutoff=_ALIKE)), word)


def _item(company: Company) -> Body:
    dissolved = company.dissolved_on
    happened = "Dissolved" if dissolved else "Incorporated"
    day = dissolved or company.incorporated_on
    address = company.address
    body: Body = {
        "kind": "searchresults#company",
        "title": company.name,
        "company_number": company.number,
        "company_status": company.status,
        "company_type": company.kind,
        "date_of_creation": company.incorporated_on.isoformat(),
        "description": f"{company.number} - {happened} on {day.day} {day:%B %Y}",
        "description_identifier": ["dissolved-on" if dissolved else "incorporated-on"],
        "address": {
            "premises": address.premises,
            "address_line_1": address.line_1,
            "locality": address.locality,
            "postal_code": address.postcode,
            "country": address.country,
        },
        "address_snippet": f"{address.premises} {address.line_1}, {address.locality}, {address.postcode}",
        "snippet": "",
        "matches": {"title": [], "snippet": []},
        "links": {"self": f"/company/{company.number}"},
    }
    if dissolved is not None:
        body["date_of_cessation"] = dissolved.isoformat()
    if company.former_names:
        body["snippet"] = " ".join(former.name for former in company.former_names)
    return body


def answer(index: Index, query: str, *, start: int, count: int) -> Body:
    """A page of search results."""
    found = index.find(query)
    return marked(
        {
            "kind": "search#companies",
            "items": [_item(company) for company in found[start : start + count]],
            "items_per_page": count,
            "start_index": start,
            "total_results": len(found),
            "page_number": start // max(1, count) + 1,
        }
    )
