"""Which reader reads the documents of which source."""

from collections.abc import Mapping

from collectors import companies_house, gazette, ofsted
from collectors.accounts.reader import READER as ACCOUNTS
from collectors.bulk.readers import READERS as BULK
from collectors.reading import Reader

READERS: Mapping[str, Reader] = {
    **ofsted.READERS,
    **companies_house.READERS,
    **BULK,
    **gazette.READERS,
    ACCOUNTS.name: ACCOUNTS,
}
