"""Answers that the official Swagger allows, as a hypothesis strategy and as one answer with every field."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

ANSWERS = {
    "profile": "companyProfile.json#/definitions/companyProfile",
    "filing_history": "filingHistory.json#/definitions/filingHistoryList",
    "charges": "charges.json#/definitions/chargeList",
    "officers": "companyOfficerList.json#/definitions/officerList",
    "psc": "pscModels.json#/definitions/list",
    "psc_statements": "pscModels.json#/definitions/statementList",
    "insolvency": "insolvency.json#/definitions/companyInsolvency",
    "exemptions": "exemptions.json#/definitions/companyExemptions",
    "appointments": "officerAppointmentList.json#/definitions/appointmentList",
    "search": "search.json#/definitions/CompanySearch",
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class Swagger:
    """The specification's folder, its references resolved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cache  # noqa: B019 - lives as long as the tests
    def _file(self, name: str) -> Schema:
        path = next(path for part in ("spec", "models") if (path := self._folder / part / name).is_file())
        content: Schema = json.loads(path.read_text(encoding="utf-8"))
        return content

    def resolve(self, schema: Schema, file: str) -> tuple[Schema, str]:
        """A schema with its reference followed, and the file it stands in."""
        while "$ref" in schema:
            name, _, pointer = schema["$ref"].partition("#")
            file = Path(name).name if name else file
            schema = self._file(file)
            for part in pointer.strip("/").split("/"):
                schema = schema[part]
        return schema, file

    def fields(self, schema: Schema, file: str) -> dict[str, tuple[Schema, str]]:
        """Properties of an object; the specification often writes them below `items` or `allOf`."""
        schema, file = self.resolve(schema, file)
        found = {name: (part, file) for name, part in schema.get("properties", {}).items()}
        below = [schema["items"]] if isinstance(schema.get("items"), dict) else []
        for part in (*below, *schema.get("allOf", [])):
            found |= self.fields(part, file)
        return found

    def answer(self, source: str) -> tuple[Schema, str]:
        return {"$ref": ANSWERS[source]}, ""

    def whole(self, schema: Schema, file: str, name: str = "") -> Any:
        """One value with every field the specification defines."""
        schema, file = self.resolve(schema, file)
        if schema.get("type") == "array":
            return [self.whole(schema.get("items", {}), file, name)]
        if fields := self.fields(schema, file):
            return {key: self.whole(part, where, key) for key, (part, where) in fields.items()}
        return _scalar(schema, name)

    def strategy(self, schema: Schema, file: str, name: str = "") -> st.SearchStrategy[Any]:
        """Values the specification allows; any field may be left out."""
        schema, file = self.resolve(schema, file)
        if schema.get("type") == "array":
            return st.lists(self.strategy(schema.get("items", {}), file, name), max_size=2)
        if fields := self.fields(schema, file):
            return st.fixed_dictionaries(
                {}, optional={key: self.strategy(part, where, key) for key, (part, where) in fields.items()}
            )
        return st.just(_scalar(schema, name)) | st.sampled_from(schema.get("enum") or [_scalar(schema, name)])


def _scalar(schema: Schema, name: str) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    if name == "company_number":
        return "01234567"
    kinds = {"integer": 3, "boolean": True}
    is_date = schema.get("format") == "date" or name.endswith("_on") or name in {"date", "appointed_before"}
    return kinds.get(schema.get("type", ""), "2020-01-31" if is_date or "date" in name else "a text")


def damaged(answers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Answers in which some value, at any depth, is replaced by junk."""

    @st.composite
    def build(draw: st.DrawFn) -> Any:
        return _spoil(draw, draw(answers))

    return build()


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    if draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    if isinstance(value, dict):
        return {key: _spoil(draw, part) for key, part in value.items()}
    if isinstance(value, list):
        return [_spoil(draw, part) for part in value]
    return value
