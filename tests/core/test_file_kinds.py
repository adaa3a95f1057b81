"""A file of another program is recognised by what it begins with, or by its name."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.file_kinds import other_kind
from core.yaml_tree import parse


def archive(*names: str) -> bytes:
    """An archive with files of these names."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as zipped:
        for name in names:
            zipped.writestr(name, b"application/vnd.oasis.opendocument.text" if name == "mimetype" else b"")
    return written.getvalue()


BY_CONTENT = [
    ("Word, renamed", archive("[Content_Types].xml", "word/document.xml"), "a Word document"),
    ("Excel, renamed", archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
    ("PowerPoint", archive("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation"),
    ("LibreOffice", archive("mimetype", "content.xml"), "a LibreOffice document"),
    ("Pages on a Mac", archive("Index/Document.iwa"), "a document of Pages or Numbers"),
    ("any other archive", archive("trial.yaml"), "a ZIP archive"),
    ("TextEdit's default format", rb"{\rtf1\ansi partnership: }", "a document with formatting (RTF)"),
    ("Word before 2007", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "a document of Word, Excel or Outlook"),
    ("a PDF", b"%PDF-1.7\n", "a PDF"),
    ("a web page", b"\xef\xbb\xbf\n <!DOCTYPE html>\n<html>", "a web page (HTML)"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00", "a picture"),
]


@pytest.mark.parametrize(("source", "kind"), [pytest.param(*case, id=why) for why, *case in BY_CONTENT])
def test_another_kind_of_file_is_named_whatever_it_is_called(source: bytes, kind: str) -> None:
    assert other_kind(source, "trial.yaml") == kind
    assert [str(mistake) for mistake in parse(source).mistakes] == [
        f"line 1: this is {kind}. Write it in a text editor, and save it as plain text with a name that ends in .yaml."
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("trial.docx", "a Word document", id="Word"),
        pytest.param("TRIAL.XLSX", "an Excel workbook", id="in capitals"),
        pytest.param("trial.yaml.rtf", "a document with formatting (RTF)", id="two endings"),
        pytest.param("schools.csv", "a table (CSV)", id="a table has no sign of its own"),
        pytest.param("trial.yaml", None, id="ours"),
        pytest.param("trial.txt", None, id="Notepad's name for text"),
        pytest.param("trial", None, id="no ending"),
    ],
)
def test_a_text_file_is_judged_by_its_name(name: str, kind: str | None) -> None:
    assert other_kind(b"partnership: {id: trial}", name) == kind


def test_a_file_that_is_too_big_is_first_said_to_be_what_it_is() -> None:
    told = parse(archive("word/document.xml") + bytes(2_000_000)).mistakes
    assert [str(mistake).startswith("line 1: this is a Word document") for mistake in told] == [True]
