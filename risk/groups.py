"""Who runs what: owners of the newest publication, the companies they are taken for, and the groups these form.

Local authorities own homes and count in an authority's totals, but they are not relevant providers under the Care
Standards Act 2000 as amended (section 30ZE reaches registered persons other than local authorities), so they never
become register entries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from oversight.identity.groups import Groups, build
from oversight.identity.kinds import kind_of_owner
from oversight.identity.names import normal_form
from oversight.model.evidence import Evidence
from oversight.model.ids import row_id
from oversight.model.vocabulary import LINKED
from risk.accounts import Books
from risk.accounts.record import CONSOLIDATED
from risk.parameters import Values

COUNCIL = "council"
EVIDENCE: Final = frozenset({"home", "company", "ownership", "statement", "link", "ownership_decision"})
"""Tables of evidence that `form` reads."""
_MATCHED = sorted(LINKED)
_CLASSES = {COUNCIL: "local_authority", "charity": "charity", "individual": "individual"}


@dataclass(frozen=True, slots=True)
class Market:
    """The providers of one publication and their groups.

    Attributes:
        home: every registered setting of the newest publication that counts, with owner_key, group_id and
            is_home (whether it is a children's home).
        earlier: the same of earlier publications, owners placed in today's groups where they can be.
        provider: rows of `provider`.
        membership: rows of `membership`, each company in one group.
        holding: rows of `holding`: every owner of those companies.
        tops: group_id, kind, top_key, top_name, top_country, uk_parent_number, uk_parent_name, name, companies,
            owner_class, joint, circle.
    """

    home: pl.DataFrame
    earlier: pl.DataFrame
    provider: pl.DataFrame
    membership: pl.DataFrame
    holding: pl.DataFrame
    tops: pl.DataFrame

    @property
    def companies(self) -> pl.DataFrame:
        """group_id, company_number and depth of every company in a group."""
        return self.membership.select("group_id", "company_number", "depth")


def form(evidence: Evidence, values: Values) -> Market:
    """Group the owners of the newest visible publication under those who control them."""
    on = evidence.as_at.on
    settings = _settings(evidence.home.filter(pl.col("as_at") <= on), values)
    newest = _newest(settings, evidence.visible)
    links = _standing_links(evidence.link)
    matched = _matched(links)
    built = _company_groups(evidence, matched, on, values)
    membership = built.membership.sort("depth", "group_id", "company_number").unique(
        "company_number", keep="first", maintain_order=True
    )
    provider = _providers(newest, links, membership)
    owners = provider.select("owner_key", "group_id")
    place_of = pl.concat([owners, _earlier_owners(matched, membership, owners)])
    return Market(
        home=newest.join(owners, on="owner_key", how="left"),
        earlier=settings.join(newest.select("document_id").unique(), on="document_id", how="anti").join(
            place_of, on="owner_key", how="left"
        ),
        provider=provider,
        membership=membership,
        holding=built.edges.sort("holding_id"),
        tops=_all_tops(built.tops, provider, membership),
    )


def settings(market: Market) -> pl.DataFrame:
    """Rows of `setting`: every registered setting that is in a group."""
    held = market.home.filter(pl.col("group_id").is_not_null())
    named = held.with_columns(pl.format("URN-{}", "urn").alias("setting_id"))
    return named.unique("setting_id", keep="first", maintain_order=True)


def _settings(home: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Settings that are open, with the owner's key and whether they are children's homes."""
    owners = home["owner"].drop_nulls().unique().sort().to_list()
    keys = pl.DataFrame(
        {"owner": owners, "owner_key": [normal_form(owner) or owner.strip().casefold() for owner in owners]},
        schema={"owner": pl.String, "owner_key": pl.String},
    )
    status = pl.col("status").str.strip_chars().str.to_lowercase()
    return (
        home.filter(status.is_null() | status.is_in(values.texts("market.open_statuses")))
        .join(keys, on="owner", how="left")
        .with_columns(
            pl.col("provision_type")
            .str.strip_chars()
            .str.to_lowercase()
            .str.replace_all("\u2019", "'", literal=True)
            .is_in(values.texts("market.home_types"))
            .alias("is_home"),
            pl.when(pl.col("owner_key") != "").then(pl.col("owner_key")).alias("owner_key"),
        )
    )


def _newest(settings: pl.DataFrame, visible: pl.DataFrame) -> pl.DataFrame:
    """The settings of the newest publication; of several of one day the one that names owners, then the latest."""
    seen = visible.group_by("document_id").agg(pl.col("published_on").max(), pl.col("retrieved_at").max())
    choice = (
        settings.group_by("document_id", "as_at")
        .agg(pl.col("owner").is_not_null().any().alias("owned"), pl.len().alias("rows"))
        .join(seen, on="document_id", how="left")
        .sort("as_at", "owned", "published_on", "retrieved_at", "rows", "document_id", nulls_last=False)
        .tail(1)
    )
    return settings.join(choice.select("document_id", "as_at"), on=["document_id", "as_at"], how="semi")


def _standing_links(link: pl.DataFrame) -> pl.DataFrame:
    """The newest decision on each owner."""
    return link.sort("decided_at", "link_id").unique("owner_key", keep="last", maintain_order=True)


def _matched(links: pl.DataFrame) -> pl.DataFrame:
    """owner_key and company_number of the owners taken for a company."""
    return links.filter(pl.col("decision").is_in(_MATCHED), pl.col("company_number").is_not_null()).select(
        "owner_key", "company_number"
    )


def _company_groups(evidence: Evidence, matched: pl.DataFrame, on: date, values: Values) -> Groups:
    """The groups of the companies that owners are taken for."""
    return build(
        evidence.ownership,
        evidence.company,
        on=on,
        roots=matched["company_number"].unique().sort().to_list(),
        statement=evidence.statement,
        decision=evidence.ownership_decision,
        stated_months=int(values.number("market.stated_parent_months")),
    )


def _providers(newest: pl.DataFrame, links: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    owned = newest.filter(pl.col("owner_key").is_not_null())
    spelling = (
        owned.group_by("owner_key", "owner")
        .agg(pl.len().alias("times"))
        .sort("times", "owner", descending=[True, False])
        .unique("owner_key", keep="first", maintain_order=True)
    )
    sector = owned.group_by("owner_key").agg(pl.col("sector").drop_nulls().mode().sort().first())
    first = owned.sort("locator").unique("owner_key", keep="first", maintain_order=True)
    counts = owned.group_by("owner_key").agg(
        pl.col("is_home").sum().cast(pl.Int64).alias("homes"),
        pl.len().cast(pl.Int64).alias("settings"),
        pl.col("places").filter(pl.col("is_home")).sum().alias("places"),
    )
    group_of = membership.select("company_number", pl.col("group_id").alias("company_group"))
    decision = pl.col("decision")
    joined = (
        spelling.select("owner_key", "owner")
        .join(sector, on="owner_key")
        .join(counts, on="owner_key")
        .join(first.select("owner_key", "document_id", "locator"), on="owner_key")
        .join(
            links.select("owner_key", "company_number", "decision", pl.col("kind").alias("linked_kind"), "reason"),
            on="owner_key",
            how="left",
        )
        .with_columns(pl.when(decision.is_in(_MATCHED)).then(pl.col("company_number")).alias("company_number"))
        .join(group_of, on="company_number", how="left")
    )
    alone = [row_id("group", f"owner:{key}") for key in joined["owner_key"]]
    said = [kind_of_owner(owner, sector) for owner, sector in joined.select("owner", "sector").iter_rows()]
    return joined.with_columns(
        pl.coalesce(pl.col("company_group"), pl.Series(alone, dtype=pl.String)).alias("group_id"),
        pl.coalesce(
            pl.when(pl.col("linked_kind") != "unknown").then(pl.col("linked_kind")), pl.Series(said, dtype=pl.String)
        ).alias("kind"),
        pl.when(decision.is_in(_MATCHED))
        .then(decision)
        .when(decision.is_in(["none", "rejected"]))
        .then(pl.lit("none"))
        .otherwise(pl.lit("review"))
        .alias("link_decision"),
        pl.col("reason").alias("link_reason"),
    ).select(
        "owner_key", "group_id", "owner", "kind", "company_number", "link_decision", "link_reason",
        "homes", "settings", "places", "document_id", "locator",
    ).sort("owner_key")  # fmt: skip


def _earlier_owners(matched: pl.DataFrame, membership: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Owner texts of earlier publications only, placed by their link in a group of today."""
    return (
        matched.join(owners, on="owner_key", how="anti")
        .join(membership.select("company_number", "group_id"), on="company_number")
        .select("owner_key", "group_id")
    )


def _all_tops(tops: pl.DataFrame, provider: pl.DataFrame, membership: pl.DataFrame) -> pl.DataFrame:
    """Tops of company groups, and a group of its own for each owner that is not linked."""
    columns = [
        "group_id", "kind", "top_key", "top_name", "top_country", "uk_parent_number", "uk_parent_name",
        "owner_class", "joint", "circle",
    ]  # fmt: skip
    companies = membership.group_by("group_id").agg(pl.len().cast(pl.Int64).alias("companies"))
    text = provider.sort("settings", "owner", descending=[True, False]).unique("group_id", keep="first")
    linked = (
        tops.select(columns)
        .unique("group_id", keep="first", maintain_order=True)
        .join(companies, on="group_id")
        .join(text.select("group_id", "owner"), on="group_id", how="left")
        .with_columns(pl.coalesce("uk_parent_name", "top_name", "owner", "uk_parent_number", "top_key").alias("name"))
        .drop("owner")
    )
    kind = pl.when(pl.col("kind").is_in([COUNCIL, "charity", "individual"])).then(pl.col("kind"))
    nothing = pl.lit(None, dtype=pl.String)
    alone = (
        provider.join(linked, on="group_id", how="anti")
        .sort("owner_key")
        .select(
            "group_id",
            kind.otherwise(pl.lit("unlinked")).alias("kind"),
            pl.concat_str([pl.lit("owner:"), pl.col("owner_key")]).alias("top_key"),
            pl.col("owner").alias("top_name"),
            nothing.alias("top_country"),
            nothing.alias("uk_parent_number"),
            nothing.alias("uk_parent_name"),
            pl.col("kind").replace_strict(_CLASSES, default="unknown", return_dtype=pl.String).alias("owner_class"),
            pl.lit(None, dtype=pl.Boolean).alias("joint"),
            pl.lit(None, dtype=pl.Boolean).alias("circle"),
            pl.lit(0, dtype=pl.Int64).alias("companies"),
            pl.col("owner").alias("name"),
        )
    )
    return pl.concat([linked.select(alone.columns), alone]).sort("group_id")


def consolidating(market: Market, company: pl.DataFrame, books: Books, values: Values) -> pl.DataFrame:
    """Groups to be named by a company below their UK parent: a partnership over a company that consolidates.

    A fund's partnership at the top files no consolidated accounts; the group is known by the company that does.

    Args:
        market: for the UK parents and the names of members.
        company: profiles, for their types.
        books: for the accounts of record.
        values: parameters in force.

    Returns:
        group_id and name.
    """
    funds = company.filter(pl.col("company_type").is_in(values.texts("market.partnership_types"))).select(
        pl.col("company_number").alias("uk_parent_number")
    )
    newest = books.record.filter(pl.col("latest"), pl.col("basis") == CONSOLIDATED).join(
        books.period.select("period_id", "company_number"), on="period_id"
    )
    return (
        market.tops.join(funds, on="uk_parent_number", how="semi")
        .select("group_id", "uk_parent_number")
        .join(newest.select("group_id", "company_number"), on="group_id")
        .filter(pl.col("company_number") != pl.col("uk_parent_number"))
        .join(market.membership.select("group_id", "company_number", "name"), on=["group_id", "company_number"])
        .filter(pl.col("name").is_not_null())
        .sort("group_id", "company_number")
        .unique("group_id", keep="first", maintain_order=True)
        .select("group_id", "name")
    )


def group_table(market: Market, exposure: pl.DataFrame, known_as: pl.DataFrame) -> pl.DataFrame:
    """Rows of `group`: the tops, with what each group runs.

    Args:
        market: the groups.
        exposure: what they run in each authority.
        known_as: group_id and name of groups that are not named by their top.
    """
    runs = market.provider.group_by("group_id").agg(
        pl.len().cast(pl.Int64).alias("providers"), pl.col("homes", "settings", "places").sum()
    )
    spread = exposure.group_by("group_id").agg(
        pl.len().cast(pl.Int64).alias("authorities"), pl.col("region").n_unique().cast(pl.Int64).alias("regions")
    )
    counts = ["providers", "homes", "settings", "places", "authorities", "regions"]
    return (
        market.tops.join(known_as.rename({"name": "known_as"}), on="group_id", how="left")
        .with_columns(pl.coalesce("known_as", "name").alias("name"))
        .join(runs, on="group_id", how="left")
        .join(spread, on="group_id", how="left")
        .with_columns(pl.col(counts).fill_null(0))
        .drop("known_as")
        .sort("group_id")
    )
