"""Bodies of answers as they arrive: compressed pieces to plain ones, never more at once than is allowed."""

import zlib
from collections.abc import Iterator

_GZIP = 31


class BadBodyError(Exception):
    """The answer's body did not arrive as announced; asking again may help."""


def gunzipped(chunks: Iterator[bytes], largest: int) -> Iterator[bytes]:
    """The pieces of a gzip body unpacked, none larger than one byte over `largest`; its end mark must come.

    Raises:
        BadBodyError: where the body is damaged or breaks off.
    """
    decoder = zlib.decompressobj(_GZIP)
    started = False
    try:
        for chunk in chunks:
            data = chunk
            while data:
                if decoder.eof:  # a gzip body may have several members
                    decoder = zlib.decompressobj(_GZIP)
                started = True
                yield decoder.decompress(data, largest + 1)
                data = decoder.unconsumed_tail or decoder.unused_data
    except zlib.error as error:
        raise BadBodyError(f"the compressed body is damaged: {error}") from error
    if started and not decoder.eof:
        raise BadBodyError("the compressed body breaks off")
