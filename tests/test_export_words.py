"""Every export has the words of the page; others' programs read it, and `docs/verify.py` counts."""

import importlib.util
import json
import re
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import pysubs2
import pytest
import webvtt
from lxml import etree
from markdown_it import MarkdownIt

from tests.site_html import ROOT, Site

pytestmark = pytest.mark.engine
TALKS = ("vivatech-2024", "logan-bartlett-2023")
NAME = r"(?m)^(?:[-–] ?)?(?:Emcee|Sorkin|Bartlett|Amodei): "
XHTML = "{http://www.w3.org/1999/xhtml}"


def load_verify() -> Any:
    """Return `docs/verify.py` as a module."""
    spec = importlib.util.spec_from_file_location("verify", ROOT / "docs/verify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFY = load_verify()


def read_vtt(data: bytes) -> str:
    return "\n".join(caption.text for caption in webvtt.from_string(data.decode()).captions)


def read_srt(data: bytes) -> str:
    events = pysubs2.SSAFile.from_string(data.decode(), format_="srt")
    return "\n".join(re.sub(NAME, "", event.plaintext) for event in events)


def read_json(data: bytes) -> str:
    return "\n".join(turn["text"] for turn in json.loads(data)["turns"])


def read_podcast(data: bytes) -> str:
    return "\n".join(segment["body"] for segment in json.loads(data)["segments"])


def read_text(data: bytes) -> str:
    chapters = re.split(r"\n.+\n=+\n", data.decode())[1:]
    return re.sub(NAME, "", "\n".join(chapters))


def read_markdown(data: bytes) -> str:
    body = data.decode().split("\n---\n", 1)[1]
    html = etree.HTML(MarkdownIt().render(body))
    for speaker in html.iter("strong"):
        speaker.text = ""
    return "\n".join("".join(paragraph.itertext()) for paragraph in html.iter("p"))


def without(node: Any, hidden: Callable[[Any], bool]) -> str:
    """Return the text of a node but for that of its hidden children."""
    inner = (
        ("" if hidden(child) else without(child, hidden)) + (child.tail or "") for child in node
    )
    return (node.text or "") + "".join(inner)


def read_tei(data: bytes) -> str:
    heard = {f"{{http://www.tei-c.org/ns/1.0}}{name}" for name in ("sic", "surplus", "note")}
    segments = etree.fromstring(data).iter("{http://www.tei-c.org/ns/1.0}seg")
    return "\n".join(without(segment, lambda node: node.tag in heard) for segment in segments)


def read_epub(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as book:
        chapters = [name for name in book.namelist() if "/chapter-" in name]
        chapters.sort(key=lambda name: int(re.findall(r"\d+", name)[-1]))
        roots = [etree.fromstring(book.read(name)) for name in chapters]
    paragraphs = (node for root in roots for node in root.iter(f"{XHTML}p"))
    return "\n".join(
        without(node, lambda child: child.tag == f"{XHTML}sup" or child.get("class") in LABELS)
        for node in paragraphs
        if node.get("class") in ("turn", "on")
    )


LABELS = ("speaker", "at")
READERS: dict[str, Callable[[bytes], str]] = {
    "{}.vtt": read_vtt,
    "{}.srt": read_srt,
    "{}.podcast.json": read_podcast,
    "{}.tei.xml": read_tei,
    "{}.epub": read_epub,
    "transcript.json": read_json,
    "transcript.txt": read_text,
    "transcript.md.txt": read_markdown,
}
EXPORTS = [
    (talk, name.format(talk))
    for talk in TALKS
    for name in READERS
    if talk == "vivatech-2024" or name not in ("{}.vtt", "{}.srt", "{}.podcast.json")
]


def read_words(talk: str, name: str, data: bytes) -> list[str]:
    """Return the words of an export."""
    text = READERS[name.replace(talk, "{}")](data)
    return [str(word) for word in VERIFY.words(text)]


@cache
def page_words(page: str) -> list[str]:
    """Return the words that a page shows as corrected."""
    return [str(word) for word in VERIFY.read_page(page, "en")[0][1]]


@pytest.mark.parametrize(("talk", "name"), EXPORTS)
def test_an_export_has_the_words_of_the_page(mkdocs_site: Site, talk: str, name: str) -> None:
    folder = mkdocs_site.folder / "transcripts" / talk
    page = page_words((folder / "index.html").read_text("utf-8"))
    assert len(page) > 4000
    assert read_words(talk, name, (folder / name).read_bytes()) == page
