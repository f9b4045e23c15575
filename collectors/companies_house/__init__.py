"""Companies House: the official REST and Document APIs, and their answers to rows.

One YAML file a source. To add one: its YAML with `ignored_fields`, a reader beside the others, a line in `READERS`,
and a method of `CompaniesHouse`.
"""

from collections.abc import Mapping

from collectors.companies_house.api import CompaniesHouse
from collectors.companies_house.company import read_exemptions, read_insolvency, read_profile, read_search
from collectors.companies_house.filings import read_charges, read_document_metadata, read_filing_history
from collectors.companies_house.people import read_appointments, read_officers, read_owners, read_statements
from collectors.reading import Reader

READERS: Mapping[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("companies_house.profile", 2, read_profile),
        Reader("companies_house.filing_history", 1, read_filing_history),
        Reader("companies_house.filing_history_earlier", 1, read_filing_history),
        Reader("companies_house.charges", 1, read_charges),
        Reader("companies_house.officers", 1, read_officers),
        Reader("companies_house.psc", 1, read_owners),
        Reader("companies_house.psc_statements", 1, read_statements),
        Reader("companies_house.insolvency", 2, read_insolvency),
        Reader("companies_house.exemptions", 1, read_exemptions),
        Reader("companies_house.appointments", 1, read_appointments),
        Reader("companies_house.search", 1, read_search),
        Reader("companies_house.document_metadata", 1, read_document_metadata),
    )
}

__all__ = ["READERS", "CompaniesHouse"]
