"""Ofsted's publications of registered children's social care providers: one reader for every year's layout."""

from collections.abc import Mapping

from collectors.ofsted import provider_page
from collectors.ofsted.publication import READERS as _PUBLICATIONS
from collectors.ofsted.publication import Publication, bundled, identify, read
from collectors.reading import Reader

READERS: Mapping[str, Reader] = {**_PUBLICATIONS, "ofsted.pages": Reader("ofsted.pages", 1, provider_page.read)}

__all__ = ["READERS", "Publication", "bundled", "identify", "read"]
