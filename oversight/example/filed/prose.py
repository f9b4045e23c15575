"""The words of the example accounts, from `words.yaml`: going concern, audit report, ownership, restatement."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from oversight.example.shapes import Accounts


@cache
def words() -> dict[str, Any]:
    """What `words.yaml` says."""
    text = files("oversight.example.filed").joinpath("words.yaml").read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def phrase(name: str, **values: str) -> str:
    """One sentence or paragraph by its name, such as `exemption.other`."""
    found: Any = words()
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)


NOTICE = phrase("notice")


def going_concern(accounts: Accounts) -> str:
    """The paragraph on going concern: harmless, or a warning."""
    who = "group" if accounts.form == "group" else "company"
    kind = "material_uncertainty" if accounts.going_concern == "material_uncertainty" else "clean"
    text = phrase(f"going_concern.{kind}", who=who)
    owed = accounts.company["owed_to_group_within_one_year"] > 0 and bool(accounts.parent_name)
    return f"{text} {phrase('going_concern.support')}" if owed else text


def audit_report(accounts: Accounts) -> list[tuple[str, str]]:
    """Headings and paragraphs of the auditor's report."""
    what = "group and parent company financial statements" if accounts.form == "group" else "financial statements"
    told = words()["audit"]
    parts = [*told["before"], *told[accounts.going_concern], *told["after"]]
    ended = f"{accounts.period_end:%d %B %Y}"
    return [(part["heading"], part["text"].format(what=what, ended=ended)) for part in parts]


def ownership(accounts: Accounts) -> str:
    """The note on parent and controlling party."""
    if accounts.parent_name:
        text = f"The immediate parent undertaking is {accounts.parent_name}, a company registered in England and Wales."
        if accounts.top_name:
            text += f" The ultimate controlling party is {accounts.top_name}."
        return text
    if accounts.top_name:
        return f"The ultimate controlling party is {accounts.top_name}."
    return "In the opinion of the directors there is no ultimate controlling party."


def restatement(accounts: Accounts) -> str:
    """The note on a prior year adjustment."""
    return phrase("restatement", ended=f"{accounts.comparative_end:%d %B %Y}")


def exemption(accounts: Accounts) -> str:
    """The statement under the balance sheet of accounts that were not audited."""
    if accounts.account_type == "audit-exemption-subsidiary":
        return phrase("exemption.subsidiary")
    section = "480" if accounts.form == "dormant" else "477"
    regime = "micro-entity provisions" if accounts.form == "micro" else "small companies regime"
    return phrase("exemption.other", section=section, regime=regime)
