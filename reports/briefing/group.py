"""A briefing on one group: two pages and annexes."""

from reports.briefing.annexes import annexes
from reports.briefing.front import pages
from reports.briefing.subject import Subject
from reports.documents.model import Document, Heading, Paragraph, said
from reports.frames import RunView
from reports.sheets.front import OGL
from reports.standing import run_banner
from reports.style import clean, date_text, moment_text


def briefing(view: RunView, group_id: str) -> Document:
    """The briefing on a group, but for the annex of its sources.

    Raises:
        InputError: where the group is not on the register.
        SettingsError: where the run has no protective marking.
    """
    subject = Subject.of(view, group_id)
    return Document(
        title=subject.name,
        subtitle=(
            f"Market oversight briefing, register entry {clean(str(subject.entry['entry_id']))}, "
            f"as at {date_text(view.as_at.on)}"
        ),
        subject=versions(view),
        banner=run_banner(view),
        author=author(view),
        dated=view.as_at.on,
        blocks=(*pages(subject), *annexes(subject), *made(view)),
    )


def versions(view: RunView) -> str:
    """Run and code version, for the foot of each page."""
    return f"Run {clean(view.run_id)}, code version {clean(view.code_version)}"


def author(view: RunView) -> str:
    """Who answers for it: the analyst of the settings, else the tool."""
    return clean(view.roles.get("analyst", "")) or "Children\u2019s homes oversight monitor"


def made(view: RunView) -> tuple[Heading, Paragraph]:
    """How a paper was made, and how to repeat it."""
    known = moment_text(view.as_at.known_by)
    fingerprint = clean(view.parameters_fingerprint)[:16] or "[x]"
    return (
        Heading(2, "How this paper was made"),
        Paragraph(
            said(
                f"From run {clean(view.run_id)}: what was public by the end of {date_text(view.as_at.on)}, of what had "
                f"been collected by {known}. Code version {clean(view.code_version)}, parameters {fingerprint}. To "
                f"repeat the run: oversight run --like {clean(view.run_id)}. No figure is worked out here; figures are "
                f"rounded for display only. {OGL}"
            )
        ),
    )
