"""Bulk products: downloaded once, cut to the companies we watch, and used in place of thousands of requests."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from collectors.bulk.contents import columns_of, corporate_owner, filed_accounts, lines, names_of, row_of
from collectors.bulk.download import download, fingerprint
from collectors.bulk.products import PRODUCTS, Listed, Product, list_files, listed_as
from collectors.companies_house.filings import is_accounts
from collectors.fetch import open_client
from oversight.errors import InputError
from oversight.identity.names import normal_form
from oversight.model.ids import row_id
from oversight.model.tables.fetched import OK
from oversight.pipeline.link import undecided
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody

FILES = "companies_house.bulk"
ACCOUNTS = "companies_house.accounts"
_LATE = timedelta(days=40)
"""Days after its filing within which a set of accounts comes out in a bulk file."""
_MANY = 100_000
_MEGABYTE = 1_000_000

Row = dict[str, object]
Cuts = Mapping[str, list[bytes]]
"""Lines cut out of a file, by subject."""


@dataclass(slots=True)
class BulkSummary:
    """What collecting a bulk product did: files read, and documents cut out of them."""

    product: str
    files: list[str] = field(default_factory=list)
    cut: int = 0

    def sentence(self) -> str:
        """The summary in words."""
        read = ", ".join(self.files) or "nothing new"
        return f"{self.product}: {read}; {self.cut:,} documents on companies or owners we watch were new."


def collect_bulk(
    workspace: Workspace, product: Product, tell: Tell = tell_nobody, *, every: bool = False
) -> BulkSummary:
    """Download the newest file of a product, unless it was read already, and keep what concerns our companies.

    Args:
        workspace: the installation.
        product: which.
        tell: told of progress.
        every: every file listed that was not read, and not only the newest.

    Raises:
        CollectError: if the files cannot be found or fetched; what came is taken up next time.
        InputError: if a file is damaged.
    """
    settings = workspace.settings
    summary = BulkSummary(product.name)
    with open_client(
        companies_house_url=settings.companies_house_url,
        companies_house_document_url=settings.companies_house_document_url,
        govuk_url=settings.govuk_url,
    ) as http:
        files = list_files(http, product, settings.companies_house_download_url)
        read = _read_before(workspace)
        for file in reversed(files if every else files[:1]):
            if (file.product.name, file.name) in read:
                continue

            def told(done: int, total: int | None, name: str = file.name) -> None:
                tell(f"downloading {name} (MB)", done // _MEGABYTE, total // _MEGABYTE if total else None)

            folder = workspace.settings.home / "downloads"
            path = download(http, file.url, folder / file.name, told=told)
            summary.cut += read_file(workspace, file, path, tell)
            summary.files.append(file.name)
            _tidy(folder, file)
    return summary


def read_downloaded(workspace: Workspace, product: Product, path: Path, tell: Tell = tell_nobody) -> BulkSummary:
    """Read a file of a product that somebody downloaded.

    Raises:
        InputError: if it has another name than the product's files have, or is damaged.
    """
    file = listed_as(product, path.name, path.name)
    if file is None:
        raise InputError(
            f"not named as the files of {product.name} are",
            where=str(path),
            next_step=f"Keep the name it was published under, which is like {product.pattern}.",
        )
    return BulkSummary(product.name, [file.name], read_file(workspace, file, path, tell))


def read_file(workspace: Workspace, file: Listed, path: Path, tell: Tell = tell_nobody) -> int:
    """Cut a file to what concerns our companies; gives how many documents were new.

    The row that says the file was read is written last: a crash before it reads the file again and adds nothing twice.
    """
    mark = fingerprint(path)
    if file.product.source == "companies_house.company_data":
        added = _keep_lines(workspace, file, _owners_lines(workspace, path, tell))
    elif file.product.source == "companies_house.psc_snapshot":
        added = _keep_lines(workspace, file, _controlled_lines(workspace, path, tell))
    else:
        added = _keep_accounts(workspace, file, path)
    now = workspace.clock()
    row = {"status": OK, "retrieved_at": now, "requested_at": now, "published_on": file.day, "source": FILES}
    subject, url = f"{file.product.name}/{file.name}", f"{file.url}#sha256={mark}"
    workspace.ledger.add("fetch", [row | {"fetch_id": row_id(FILES, subject, url), "subject": subject, "url": url}])
    return added


def _read_before(workspace: Workspace) -> set[tuple[str, str]]:
    subjects = workspace.ledger.frame("fetch").filter(pl.col("source") == FILES)["subject"]
    return {(product, name) for product, _, name in (subject.partition("/") for subject in subjects)}


def _tidy(folder: Path, kept: Listed) -> None:
    """Drop files of the product that a newer one replaced; what was cut out of them is in the archive."""
    for path in folder.glob("*.zip"):
        if re.fullmatch(kept.product.pattern, path.name) and path.name != kept.name:
            path.unlink()


def watched(workspace: Workspace) -> frozenset[str]:
    """Numbers of the companies that are watched."""
    return frozenset(workspace.ledger.frame("watch")["company_number"])


def _owners_lines(workspace: Workspace, path: Path, tell: Tell) -> Cuts:
    """Lines of companies whose name, today's or an earlier one, is that of an owner nobody decided on."""
    wanted = {owner.key: owner.text for owner in undecided(workspace)}
    cuts: dict[str, list[bytes]] = defaultdict(list)
    header: bytes = b""
    columns: Sequence[str] = ()
    for member, number, line in _told(path, tell):
        if number == 1:
            header, columns = line, columns_of(line)
            if "CompanyNumber" not in columns:
                raise InputError(
                    "not BasicCompanyData: no number", where=f"{path}, {member}", next_step="Get it again."
                )
            continue
        for name in sorted({normal_form(name) for name in names_of(columns, row_of(line))} & wanted.keys()):
            cuts[wanted[name]] += [line] if cuts[wanted[name]] else [header, line]
    return cuts


def _controlled_lines(workspace: Workspace, path: Path, tell: Tell) -> Cuts:
    """Lines that name a watched company as the owner."""
    wanted = watched(workspace)
    cuts: dict[str, list[bytes]] = defaultdict(list)
    for _, _, line in _told(path, tell):
        owner = corporate_owner(line)
        if owner in wanted:
            cuts[str(owner)].append(line)
    return cuts


def _told(path: Path, tell: Tell) -> Iterator[tuple[str, int, bytes]]:
    for done, found in enumerate(lines(path), 1):
        if done % _MANY == 0:
            tell(f"reading {path.name} (lines)", done, None)
        yield found


def _keep_lines(workspace: Workspace, file: Listed, cuts: Cuts) -> int:
    contents = {subject: b"".join(found) for subject, found in sorted(cuts.items())}
    return sum(
        _keep(workspace, file, file.product.source, subject, file.url, content, "text/plain")
        for subject, content in contents.items()
    )


def _keep_accounts(workspace: Workspace, file: Listed, path: Path) -> int:
    added = 0
    for accounts, content in filed_accounts(path, watched(workspace)):
        subject = f"{accounts.company_number}/{accounts.period_end}/{file.name}"
        url = f"{file.url}#{accounts.member}"
        added += _keep(workspace, file, file.product.source, subject, url, content, accounts.media_type)
    return added


def _keep(
    workspace: Workspace, file: Listed, source: str, subject: str, url: str, content: bytes, media_type: str
) -> int:
    identifier = workspace.archive.put(content)
    now = workspace.clock()
    row: Row = {
        "fetch_id": row_id("bulk", source, subject, url, identifier),
        "source": source,
        "subject": subject,
        "url": url,
        "requested_at": now,
        "retrieved_at": now,
        "published_on": file.day,
        "status": OK,
        "document_id": identifier,
    }
    workspace.ledger.add("document", [{"document_id": identifier, "media_type": media_type, "size": len(content)}])
    return workspace.ledger.add("fetch", [row])


def use_bulk_accounts(workspace: Workspace, filings: pl.DataFrame) -> int:
    """Take accounts from bulk files for filings of which no accounts are held; gives how many.

    Only where a company has one set of accounts for the period: an amended set has the same name in a bulk file.

    Args:
        workspace: the installation.
        filings: `filing` rows, one a transaction.
    """
    fetch = workspace.ledger.frame("fetch").filter(pl.col("document_id").is_not_null())
    held = set(fetch.filter(pl.col("source") == ACCOUNTS)["subject"])
    cut: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    source = PRODUCTS["accounts-daily"].source
    for row in fetch.filter(pl.col("source") == source).sort("published_on", "fetch_id").iter_rows(named=True):
        number, day, _ = row["subject"].split("/", 2)
        cut[number, day].append(row)
    if not cut:
        return 0
    now = workspace.clock()
    rows: list[Row] = []
    for filing in _only_ones(filings):
        found = cut.get((filing["company_number"], str(filing["made_up_to"])), [])
        fits = [row for row in found if timedelta(0) <= row["published_on"] - filing["filed_on"] <= _LATE]
        if fits and filing["transaction_id"] not in held:
            kept = {name: fits[0][name] for name in ("url", "document_id")}
            moments = {"requested_at": now, "retrieved_at": now, "published_on": filing["filed_on"]}
            subject = filing["transaction_id"]
            identity = {"fetch_id": row_id(ACCOUNTS, subject, kept["url"]), "source": ACCOUNTS, "subject": subject}
            rows.append({**identity, **kept, **moments, "status": OK})
    return workspace.ledger.add("fetch", rows)


def _only_ones(filings: pl.DataFrame) -> list[Mapping[str, Any]]:
    """Sets of accounts that are the only one of their company for their period."""
    found: dict[tuple[str, object], list[Mapping[str, Any]]] = defaultdict(list)
    for filing in filings.iter_rows(named=True):
        if filing["made_up_to"] is not None and is_accounts(filing["category"], filing["description"]):
            found[filing["company_number"], filing["made_up_to"]].append(filing)
    return [same[0] for same in found.values() if len(same) == 1]


def controlled(workspace: Workspace, companies: Sequence[str]) -> list[str]:
    """Companies that the newest snapshot of persons with significant control puts under these, sorted.

    Ownership that has ceased counts too: what became of it is what the companies' own registers tell.
    """
    fetch = workspace.ledger.frame("fetch").filter(pl.col("source") == "companies_house.psc_snapshot")
    newest = fetch.sort("published_on", "retrieved_at").unique("subject", keep="last", maintain_order=True)
    mine = newest.filter(pl.col("subject").is_in(list(companies))).select("document_id")
    rows = workspace.ledger.frame("ownership").join(mine, on="document_id", how="semi")
    return sorted(set(rows["company_number"]) - set(companies))
