"""The one place that speaks to the provider of sign-in. Nothing said there is kept, paced or tried again.

Apart from the fetcher of sources on purpose: that one keeps what it gets in the archive, and repeats what failed,
neither of which may happen to a code or a token.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final

import httpx

from oversight.errors import ProviderError

for _name in ("httpx", "httpcore"):  # their routine lines carry addresses with codes in them
    logging.getLogger(_name).setLevel(logging.WARNING)

_SECONDS: Final = 10.0
_LARGEST: Final = 1_000_000
_OK: Final = 200


def read(url: str) -> dict[str, Any]:
    """A JSON document of the provider.

    Raises:
        ProviderError: where it gives none.
    """
    return _asked("GET", url, None, None)


def post(url: str, form: Mapping[str, str], basic: tuple[str, str] | None) -> dict[str, Any]:
    """What the provider answers to a form, with a name and password by HTTP Basic where given.

    Raises:
        ProviderError: where it refuses, or gives no JSON object.
    """
    return _asked("POST", url, form, basic)


def _asked(method: str, url: str, form: Mapping[str, str] | None, basic: tuple[str, str] | None) -> dict[str, Any]:
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False) as client,
            client.stream(
                method, url, data=form, auth=basic or httpx.USE_CLIENT_DEFAULT, headers={"Accept": "application/json"}
            ) as answer,
        ):
            body = _body(answer, url)
            found = httpx.Response(answer.status_code, content=body).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ProviderError(
            f"the department's sign-in gives no answer that can be used: {type(error).__name__}", where=url
        ) from error
    if answer.status_code != _OK or not isinstance(found, dict):
        raise ProviderError(f"the department's sign-in answers with status {answer.status_code}", where=url)
    return found


def _body(answer: httpx.Response, url: str) -> bytes:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > _LARGEST:
            raise ProviderError("the department's sign-in answers at too great a length", where=url)
    return body
