"""The words of the example accounts: going concern, audit report, policies, ownership. Invented, in the usual turns."""

from oversight.example.shapes import Accounts

NOTICE = "These accounts are invented example data. No such company exists and no such figures were ever filed."

_CLEAN = (
    "The directors have prepared forecasts covering a period of at least twelve months from the date of approval of "
    "these financial statements. Having considered those forecasts, the directors have a reasonable expectation that the "
    "{who} has adequate resources to continue in operational existence for the foreseeable future. Accordingly they "
    "continue to adopt the going concern basis of accounting in preparing the financial statements. No material "
    "uncertainties that may cast significant doubt about the ability of the {who} to continue as a going concern have "
    "been identified by the directors."
)
_DOUBT = (
    "The {who} incurred losses during the period and its lenders have been asked to waive breaches of the covenants of its "
    "loan facilities. The directors' forecasts depend on occupancy recovering and on the lenders continuing their support, "
    "which had not been confirmed when these financial statements were approved. These events and conditions indicate that "
    "a material uncertainty exists that may cast significant doubt on the ability of the {who} to continue as a going "
    "concern. The financial statements do not include the adjustments that would result if the {who} was unable to "
    "continue as a going concern."
)
_SUPPORT = (
    " The company has received a letter from its parent undertaking confirming that it will not demand repayment of "
    "amounts owed to it for at least twelve months from the date of approval."
)


def going_concern(accounts: Accounts) -> str:
    """The paragraph on going concern: harmless, or a warning."""
    who = "group" if accounts.form == "group" else "company"
    text = (_DOUBT if accounts.going_concern == "material_uncertainty" else _CLEAN).format(who=who)
    owed = accounts.company["owed_to_group_within_one_year"] > 0 and bool(accounts.parent_name)
    return text + (_SUPPORT if owed else "")


def audit_report(accounts: Accounts) -> list[tuple[str, str]]:
    """Headings and paragraphs of the auditor's report."""
    what = "group and parent company financial statements" if accounts.form == "group" else "financial statements"
    parts = [
        (
            "Opinion",
            f"We have audited the {what} for the period ended {accounts.period_end:%d %B %Y}. In our opinion the financial "
            "statements give a true and fair view of the state of affairs and of the result for the period then ended; have "
            "been properly prepared in accordance with United Kingdom Generally Accepted Accounting Practice; and have been "
            "prepared in accordance with the requirements of the Companies Act 2006.",
        ),
        (
            "Basis for opinion",
            "We conducted our audit in accordance with International Standards on Auditing (UK). We believe that the audit "
            "evidence we have obtained is sufficient and appropriate to provide a basis for our opinion.",
        ),
    ]
    if accounts.going_concern == "material_uncertainty":
        parts.append(
            (
                "Material uncertainty related to going concern",
                "We draw attention to note 2 in the financial statements, which describes losses and breaches of loan "
                "covenants. As stated in note 2, these events or conditions indicate that a material uncertainty exists that "
                "may cast significant doubt on the ability to continue as a going concern. Our opinion is not modified in "
                "respect of this matter.",
            )
        )
    else:
        parts.append(
            (
                "Conclusions relating to going concern",
                "In auditing the financial statements, we have concluded that the directors' use of the going concern basis "
                "of accounting is appropriate. Based on the work we have performed, we have not identified any material "
                "uncertainties relating to events or conditions that, individually or collectively, may cast significant "
                "doubt on the ability to continue as a going concern for a period of at least twelve months from when the "
                "financial statements are authorised for issue.",
            )
        )
    parts.append(
        (
            "Auditor's responsibilities",
            "Our objectives are to obtain reasonable assurance about whether the financial statements as a whole are free "
            "from material misstatement. We conclude on whether a material uncertainty exists; if we conclude that it does, "
            "we are required to draw attention to it in our report.",
        )
    )
    return parts


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
    return (
        f"The comparative figures for the period ended {accounts.comparative_end:%d %B %Y} have been restated. Income was "
        "recognised before placements had begun, so that turnover and accrued income were overstated in the accounts as "
        "first filed."
    )


def exemption(accounts: Accounts) -> str:
    """The statement under the balance sheet of accounts that were not audited."""
    if accounts.account_type == "audit-exemption-subsidiary":
        return (
            "The company is entitled to exemption from audit under section 479A of the Companies Act 2006 relating to "
            "subsidiary companies. The members have not required the company to obtain an audit."
        )
    section = {"dormant": "480", "micro": "477", "small": "477"}.get(accounts.form, "477")
    regime = "micro-entity provisions" if accounts.form == "micro" else "small companies regime"
    return (
        f"For the period the company was entitled to exemption from audit under section {section} of the Companies Act 2006. "
        f"The members have not required the company to obtain an audit. These accounts have been prepared in accordance with "
        f"the {regime}, and the profit and loss account has not been delivered to the registrar."
    )
