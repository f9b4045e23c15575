"""Letters handed to GOV.UK Notify by its own Python client (extra `notify`).

The template in Notify is `((subject))` as its subject and `((body))` as its message; Notify makes the HTML. Every
letter carries its id as Notify's reference, so that where an answer was lost Notify can be asked whether it has it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from oversight.errors import SettingsError
from reports.channels import ACCEPTED, PUT_OFF, REFUSED, UNKNOWN, Handed, PointOfNoReturn
from reports.channels.addresses import check_recipient
from reports.channels.letter import Letter
from reports.style import clean

_LONGEST_REPLY: Final = 300
_OURS_TO_MEND: Final = frozenset({401, 403, 404, 405})
_SLOWLY: Final = frozenset({408, 429})
_BAD: Final = range(400, 500)
_KEY: Final = re.compile(r".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class NotifyChannel:
    """GOV.UK Notify.

    Attributes:
        api_key: of the service; its last 73 characters are the service's id and the secret.
        template_id: of the template with ((subject)) and ((body)).
        base_url: address of the API.
        allowed_domains: domains a recipient may have.
        seconds: patience with an answer.
    """

    api_key: str = field(repr=False)
    template_id: str
    base_url: str
    allowed_domains: Collection[str] = ()
    seconds: float = 30.0
    name: str = "notify"
    asked: bool = True

    def hand_over(self, letter: Letter, point_of_no_return: PointOfNoReturn) -> Handed:
        """Hand the letter over.

        Raises:
            SettingsError: where the recipient's domain is not allowed, the key or template is missing, or the client
                is not installed.
        """
        check_recipient(letter.recipient, self.allowed_domains)
        client = self._client()
        from notifications_python_client.errors import APIError  # noqa: PLC0415 - an extra

        point_of_no_return()
        try:
            answer = client.send_email_notification(
                email_address=letter.recipient,
                template_id=self.template_id,
                personalisation={"subject": letter.subject, "body": plain_markdown(letter.text)},
                reference=letter.letter_id,
            )
        except APIError as error:
            return self._told(error)
        return Handed(ACCEPTED, f"{self.base_url}: notification {_line((answer or {}).get('id', 'without an id'))}")

    def find(self, letter: Letter) -> bool | None:
        """Whether Notify has the letter, by its reference; None where Notify does not say."""
        client = self._client()
        from notifications_python_client.errors import APIError  # noqa: PLC0415 - an extra

        try:
            return bool(client.get_all_notifications(reference=letter.letter_id)["notifications"])
        except (APIError, KeyError, TypeError):
            return None

    def _told(self, error: Any) -> Handed:
        if error.response is None:
            unreached = "NewConnectionError" in repr(error.__cause__) or "ConnectTimeout" in repr(error.__cause__)
            if unreached:
                return Handed(PUT_OFF, f"{self.base_url}: cannot be reached (notify_url)")
            return Handed(UNKNOWN, f"{self.base_url}: no answer")
        code = error.status_code
        said = f"{self.base_url}: {code} {_line(error.message)}"
        if code in _OURS_TO_MEND:
            return Handed(PUT_OFF, f"{said} (notify_api_key, notify_template_id)")
        if code in _SLOWLY:
            return Handed(PUT_OFF, said)
        return Handed(REFUSED if code in _BAD else UNKNOWN, said)

    def _client(self) -> Any:
        try:
            from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SettingsError(
                "the client of GOV.UK Notify is not installed",
                where="setting notify_api_key",
                next_step="Install the extra: pip install 'childrens-homes-oversight[notify]'.",
            ) from error
        if not _KEY.fullmatch(self.api_key) or not self.template_id:
            raise SettingsError(
                "GOV.UK Notify needs a key as it makes them and the id of a template",
                where="settings notify_api_key and notify_template_id",
                next_step="Take both from Notify; the template's subject is ((subject)) and its message ((body)).",
            )
        make: Any = NotificationsAPIClient  # its author declares no types
        return make(self.api_key, base_url=self.base_url, timeout=self.seconds)


def plain_markdown(text: str) -> str:
    """A letter's text without what Notify would take for layout: headings, lists, links, insets, rules."""
    lines = []
    for line in text.splitlines():
        inert = line.strip().replace("[", "(").replace("]", ")").replace("((", "( (").replace("))", ") )")
        lines.append(re.sub(r"^([#^>=_\s]|[*+-](?=[\s*+-]|$)|\d+[.)]\s)+", "", inert).strip())
    return "\n".join(lines)


def _line(value: object) -> str:
    return clean(str(value))[:_LONGEST_REPLY]
