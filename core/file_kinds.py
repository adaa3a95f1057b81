"""Recognises files of other programs, which are given where a text file belongs."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

_WORD: Final = "a Word document"
_EXCEL: Final = "an Excel workbook"
_POWERPOINT: Final = "a PowerPoint presentation"
_OPEN: Final = "a LibreOffice document"
_OLD_OFFICE: Final = "a document of Word, Excel or Outlook"
_RICH: Final = "a document with formatting (RTF)"
_ZIP: Final = "a ZIP archive"
_PDF: Final = "a PDF"
_WEB: Final = "a web page (HTML)"
_APPLE: Final = "a document of Pages or Numbers"
_PICTURE: Final = "a picture"

_BY_NAME: Final = {
    **dict.fromkeys((".docx", ".doc", ".docm", ".dotx"), _WORD),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb"), _EXCEL),
    **dict.fromkeys((".pptx", ".ppt"), _POWERPOINT),
    **dict.fromkeys((".odt", ".ods", ".odp"), _OPEN),
    **dict.fromkeys((".pages", ".numbers"), _APPLE),
    **dict.fromkeys((".html", ".htm"), _WEB),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".heic"), _PICTURE),
    **dict.fromkeys((".rtf", ".rtfd"), _RICH),
    ".msg": "an Outlook message",
    ".pdf": _PDF,
    ".csv": "a table (CSV)",
    ".zip": _ZIP,
}
_BY_BEGINNING: Final = (
    (b"{\\rtf", _RICH),
    (b"%PDF-", _PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"<!doctype html", _WEB),
    (b"<html", _WEB),
)
_IN_ZIP: Final = (
    (b"word/", _WORD),
    (b"xl/", _EXCEL),
    (b"ppt/", _POWERPOINT),
    (b"opendocument", _OPEN),
    (b"Index/Document.iwa", _APPLE),
)
"""Names of files inside, which stand uncompressed in the archive."""


def other_kind(source: bytes, name: str = "") -> str | None:
    """What this file is if it isn't a text file, by what it begins with, else by its name; None if it may be one."""
    if source.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _IN_ZIP if mark in source), _ZIP)
    beginning = source[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    told = (kind for mark, kind in _BY_BEGINNING if beginning.startswith(mark.lower()))
    return next(told, None) or _BY_NAME.get(PurePath(name).suffix.lower())


WAY_OUT: Final = "Write it in a text editor, and save it as plain text with a name that ends in .yaml."
