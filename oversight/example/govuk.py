"""Answers of GOV.UK: the Content API, the web pages and the files they offer."""

import hashlib
import uuid
from dataclasses import dataclass
from html import escape
from typing import Any

from oversight.example import ofsted
from oversight.example.shapes import Market, Publication

COLLECTION = "/government/collections/childrens-social-care-statistics"
"""The real path of Ofsted's collection."""

_PUBLICATION = "/government/statistics/childrens-social-care-data-in-england-{year}"
_NAMESPACE = uuid.UUID("99000000-0000-4000-8000-000000000000")
_SPACE = "(invented example data)"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file that a publication offers; `path` is that of the asset, below the assets' base."""

    path: str
    title: str
    content: bytes


class Site:
    """The pages and files of one market."""

    def __init__(self, market: Market) -> None:
        self.publications = {path_of(each): each for each in market.publications}
        self._files = {path: _files(market, each) for path, each in self.publications.items()}
        self._assets = {file.path: file for files in self._files.values() for file in files}

    def asset(self, path: str) -> File | None:
        """A file by its path."""
        return self._assets.get(path)

    def content(self, path: str, assets: str, site: str) -> Body | None:
        """The Content API's answer for a page.

        Args:
            path: base path of the page.
            assets: base address of the files.
            site: base address of the site.
        """
        if path == COLLECTION:
            return self._collection(site)
        publication = self.publications.get(path)
        if publication is None:
            return None
        files = self._files[path]
        body = _page(path, _title(publication), "official_statistics", publication)
        body["details"] = {
            "attachments": [_attachment(file, assets) for file in files],
            "documents": [f'<a href="{assets}{file.path}">{escape(file.title)}</a>' for file in files],
            "body": f"<p>{_SPACE}</p>",
            "first_public_at": body["first_published_at"],
            "change_history": [{"public_timestamp": body["first_published_at"], "note": "First published."}],
            "political": False,
        }
        body["links"] = {"document_collections": [_link(COLLECTION, "Children's social care statistics", site)]}
        return body

    def _collection(self, site: str) -> Body:
        newest = max(self.publications.values(), key=lambda each: each.year)
        body = _page(COLLECTION, f"Children's social care statistics {_SPACE}", "document_collection", newest)
        links = [
            _link(path, _title(each), site)
            for path, each in sorted(self.publications.items(), key=lambda pair: -pair[1].year)
        ]
        body["details"] = {
            "body": f"<p>{_SPACE}</p>",
            "collection_groups": [
                {"title": "Official statistics", "body": "", "documents": [link["content_id"] for link in links]}
            ],
        }
        body["links"] = {"documents": links}
        return body

    def page(self, path: str, assets: str, site: str) -> str | None:
        """A web page with its links."""
        body = self.content(path, assets, site)
        if body is None:
            return None
        items = [(each["web_url"], each["title"]) for each in body["links"].get("documents", [])]
        items += [(each["url"], each["title"]) for each in body["details"].get("attachments", [])]
        listed = "".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for url, title in items)
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(body["title"])} - GOV.UK '
            f"{_SPACE}</title></head><body><main><h1>{escape(body['title'])}</h1><p>Published "
            f"{body['first_published_at'][:10]}</p><ul>{listed}</ul></main></body></html>\n"
        )


def path_of(publication: Publication) -> str:
    """Base path of a publication."""
    return _PUBLICATION.format(year=publication.year)


def _title(publication: Publication) -> str:
    return f"Children's social care data in England {publication.year} {_SPACE}"


def _files(market: Market, publication: Publication) -> tuple[File, ...]:
    year = publication.year
    span = f"1 April {year - 1} to 31 March {year}"
    offered = (
        (
            f"example_provider_level_at_31_march_{year}.csv",
            f"Children's social care data in England {year}: provider level as at 31 March {year} {_SPACE}",
            ofsted.provider_level(market, publication),
        ),
        (
            f"example_leavers_and_joiners_{year}.csv",
            f"Children's social care data in England {year}: leavers and joiners, {span} {_SPACE}",
            ofsted.leavers_and_joiners(market, publication),
        ),
    )
    return tuple(
        File(f"/media/{hashlib.sha256(content).hexdigest()[:24]}/{name}", title, content)
        for name, title, content in offered
    )


def _page(path: str, title: str, kind: str, publication: Publication) -> Body:
    moment = f"{publication.published_on}T09:30:00+01:00"
    return {
        "base_path": path,
        "content_id": _id(path),
        "document_type": kind,
        "schema_name": "document_collection" if kind == "document_collection" else "publication",
        "title": title,
        "description": f"Registrations and inspection judgements. {_SPACE}",
        "locale": "en",
        "phase": "live",
        "first_published_at": moment,
        "public_updated_at": moment,
        "updated_at": moment,
        "withdrawn_notice": {},
    }


def _attachment(file: File, assets: str) -> Body:
    name = file.path.rpartition("/")[2]
    return {
        "accessible": False,
        "attachment_type": "file",
        "content_type": "text/csv",
        "file_size": len(file.content),
        "filename": name,
        "id": name,
        "title": file.title,
        "url": f"{assets}{file.path}",
    }


def _link(path: str, title: str, site: str) -> Body:
    return {
        "api_path": f"/api/content{path}",
        "api_url": f"{site}/api/content{path}",
        "base_path": path,
        "content_id": _id(path),
        "title": title,
        "web_url": f"{site}{path}",
        "withdrawn": False,
    }


def _id(path: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, path))
