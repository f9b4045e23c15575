"""Bulk products as the example server offers them: pages of links, and zip files to be fetched from any byte on."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from oversight.example.documents import Library
from oversight.example.registrar.people import controls
from oversight.example.shapes import Company, Market

DOWNLOADS = "/downloads"
LABEL = {"X-Example-Data": "invented"}
_MOMENT = (2026, 1, 1, 0, 0, 0)
_COLUMNS = (
    "CompanyName",
    " CompanyNumber",  # with the space of the real file
    "RegAddress.PostTown",
    "RegAddress.PostCode",
    "CompanyCategory",
    "CompanyStatus",
    "CountryOfOrigin",
    "DissolutionDate",
    "IncorporationDate",
    *(f"PreviousName_{place}.{part}" for place in range(1, 11) for part in ("CONDATE", "CompanyName")),
)
_RANGE = re.compile(r"^bytes=(\d+)-$")
_EXTENSIONS = {"application/xhtml+xml": "html", "application/xml": "xml"}


class Downloads:
    """The files a market's register offers in bulk."""

    def __init__(self, market: Market, library: Library) -> None:
        self._market = market
        self._library = library
        until = market.until
        self._first = until.replace(day=1)
        self._makers: Mapping[str, tuple[str, Callable[[], bytes]]] = {
            f"BasicCompanyDataAsOneFile-{self._first}.zip": ("en_output.html", self._companies),
            f"persons-with-significant-control-snapshot-{until}.zip": ("en_pscdata.html", self._owners),
            f"Accounts_Monthly_Data-{until:%B%Y}.zip": ("en_monthlyaccountsdata.html", self._accounts),
            f"Accounts_Bulk_Data-{until}.zip": ("en_accountsdata.html", self._accounts),
        }
        self._made: dict[str, bytes] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the files there are."""
        return tuple(sorted(self._makers))

    def content(self, name: str) -> bytes:
        """A file's bytes."""
        if name not in self._made:
            self._made[name] = self._makers[name][1]()
        return self._made[name]

    async def endpoint(self, request: Request) -> Response:
        """A page of links, or a file or the rest of it."""
        name = request.path_params["name"]
        links = [file for file, (page, _) in self._makers.items() if page == name]
        if links:
            return HTMLResponse("".join(f'<a href="{link}">{link}</a>' for link in links), headers=LABEL)
        if name not in self._makers:
            return PlainTextResponse("Not found", status_code=404, headers=LABEL)
        content = self.content(name)
        mark = f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
        headers = {**LABEL, "ETag": mark, "Accept-Ranges": "bytes"}
        match = _RANGE.match(request.headers.get("Range", ""))
        if match is None or request.headers.get("If-Range", mark) != mark:
            return Response(content, media_type="application/zip", headers=headers)
        start = int(match[1])
        if start >= len(content):
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Response(content[start:], status_code=206, media_type="application/zip", headers=headers)

    def _companies(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        for company in self._market.companies:
            if company.dissolved_on is None:
                writer.writerow(_row(company))
        return _zipped({f"BasicCompanyDataAsOneFile-{self._first}.csv": text.getvalue().encode()})

    def _owners(self) -> bytes:
        lines = [
            json.dumps({"company_number": company.number, "data": item}, separators=(",", ":"))
            for company in self._market.companies
            for item in controls(company, start=0, count=1000)["items"]
        ]
        totals = {"kind": "totals#persons-of-significant-control-snapshot", "data": {"notes": "invented"}}
        name = f"persons-with-significant-control-snapshot-{self._market.until}.txt"
        return _zipped({name: "\n".join([*lines, json.dumps(totals), ""]).encode()})

    def _accounts(self) -> bytes:
        """Tagged accounts filed in the market's last month."""
        members = {}
        for company in self._market.companies:
            for accounts in company.accounts:
                if not self._first <= accounts.filed_on <= self._market.until:
                    continue
                for kind, content in self._library.resources(accounts.document_id).items():
                    if kind in _EXTENSIONS:
                        day = f"{accounts.period_end:%Y%m%d}"
                        members[f"Prod223_0001_{company.number}_{day}.{_EXTENSIONS[kind]}"] = content
        return _zipped({**members, "__MACOSX/._junk": b"junk"})


def _row(company: Company) -> list[str]:
    earlier = [part for former in company.former_names for part in (_day(former.ceased_on), former.name)]
    return [
        company.name,
        company.number.lstrip("0"),
        company.address.locality,
        company.address.postcode,
        "Private Limited Company",
        company.status.title(),
        "United Kingdom",
        "",
        _day(company.incorporated_on),
        *earlier[:20],
        *[""] * max(0, 20 - len(earlier)),
    ]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _zipped(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in sorted(members.items()):
            opened.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
