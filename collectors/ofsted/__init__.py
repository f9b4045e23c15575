"""Ofsted's publications of registered children's social care providers: one reader for every year's layout."""

from collectors.ofsted.publication import READERS, Publication, bundled, identify, read

__all__ = ["READERS", "Publication", "bundled", "identify", "read"]
