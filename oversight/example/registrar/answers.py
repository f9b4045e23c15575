"""What every answer of the Companies House API has in common: errors, version marks, addresses, lists.

Where the recorded answers of the real service and its published specification differ (a charge's classification
and particulars are objects, not lists; reference dates are text), these follow the recorded answers.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from oversight.example.shapes import Address

Body = dict[str, Any]


def error(name: str) -> Body:
    """An error in the service's form."""
    return {"errors": [{"error": name, "type": "ch:service"}]}


def etag(body: Body) -> str:
    """A version mark of an answer: forty hexadecimal digits, from its content."""
    return hashlib.sha1(json.dumps(body, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def marked(body: Body) -> Body:
    """An answer with its version mark."""
    return {"etag": etag(body), **body}


def address_of(address: Address) -> Body:
    """An address in parts."""
    return {
        "premises": address.premises,
        "address_line_1": address.line_1,
        "locality": address.locality,
        "postal_code": address.postcode,
        "country": address.country,
    }


def token(*parts: object) -> str:
    """An id of the register's kind, from what it stands for."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:27]


def listed(items: list[Body], total: int, ceased: int, start: int, count: int, links: Mapping[str, str]) -> Body:
    """A page of persons with control or statements."""
    return marked(
        {
            "items": items,
            "items_per_page": count,
            "start_index": start,
            "total_results": total,
            "active_count": total - ceased,
            "ceased_count": ceased,
            "links": dict(links),
        }
    )
