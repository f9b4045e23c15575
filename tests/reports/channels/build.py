"""A letter and a moment to note that the point of no return was passed."""

from datetime import UTC, datetime

from reports.channels.letter import Letter

HOST = "127.0.0.1"
ALLOWED = ("dept.test",)
SENDER = "monitor@mail.test"


def letter(
    recipient: str = "ann@dept.test", text: str = "OFFICIAL\n\n.Ysgol Tŷ Enghraifft Limited\n.\nend\n"
) -> Letter:
    return Letter(
        letter_id="0123456789abcdef",
        recipient=recipient,
        kind="immediate",
        message_id="<0123456789abcdef.alert@mail.test>",
        subject="OFFICIAL. Homes market oversight: Ysgol Tŷ Enghraifft Limited",
        text=text,
        html="<p>Ysgol Tŷ Enghraifft Limited</p>",
        composed_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


class Passed:
    """Counts how often the point of no return was passed; may refuse to let anybody pass."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times, self.error = 0, error

    def __call__(self) -> None:
        self.times += 1
        if self.error is not None:
            raise self.error
