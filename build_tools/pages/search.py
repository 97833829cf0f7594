"""The search index of a site generator, with passages in place of a transcript's chapters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import pairwise
from typing import Any

from build_tools.model.transcript import Passage
from build_tools.text.wording import plain_text, render_address

# An entry of an index; both engines read its title, text and path as HTML.
Document = dict[str, Any]

_RenderPassage = Callable[[Passage, str], Document]
_Prepare = Callable[[Iterable[Document]], Iterable[Document]]

_SENTENCE_END = re.compile(r"(?<=[.?!…])\s|(?<=[.?!…][”’)])\s")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def render_index(index: str, passages: Iterable[Passage]) -> str:
    """The index of MkDocs Material or of Zensical, with passages in place of transcripts' chapters.

    Raises ValueError for an index of neither shape.
    """
    parsed = json.loads(index)
    shape = next((name for name in _SHAPES if name in parsed), "")
    if not shape:
        raise ValueError(f"it has neither of {' and '.join(_SHAPES)}")
    by_page: dict[str, list[Passage]] = {}
    for passage in passages:
        for ending in ("/", ".html"):
            by_page.setdefault(f"transcripts/{passage.transcript}{ending}", []).append(passage)
    render, prepare = _SHAPES[shape]
    documents: list[Document] = []
    title = ""
    for document in prepare(parsed[shape]):
        page, hash_sign, _ = document["location"].partition("#")
        if hash_sign and page in by_page and document["title"] != title:
            continue
        documents.append(document)
        if not hash_sign:
            title = document["title"]
            documents += [render(passage, page) for passage in by_page.get(page, ())]
    return json.dumps({**parsed, shape: documents}, ensure_ascii=False, separators=(",", ":"))


def _join_titles(documents: Iterable[Document]) -> Iterable[Document]:
    """The documents, with each page's joined to that of the heading that has the page's title.

    Zensical would show them as two results. Material shows them as one, and gives words in the text
    of a page more weight than words in a paragraph.
    """
    joined: list[Document] = []
    for before, document in pairwise(({}, *documents)):
        page, hash_sign, _ = document["location"].partition("#")
        if hash_sign and (before.get("location"), before.get("title")) == (page, document["title"]):
            joined[-1] = {**before, "text": f"{document['text']} {before['text']}".strip()}
        else:
            joined.append(document)
    return joined


def _material_document(passage: Passage, page: str) -> Document:
    """A document without the page's title, since Material shows results below that title."""
    return {
        "location": f"{page}#{passage.address}",
        "title": " · ".join(filter(None, (_render_speaker(passage), _to_html(passage.chapter)))),
        "text": _render_text(passage),
    }


def _zensical_document(passage: Passage, page: str) -> Document:
    """A document whose path has the page's title, since Zensical shows each result alone.

    The speaker is in the path too. Zensical ranks titles first, so a name in the title would put
    all paragraphs of a speaker before the entry about them.
    """
    return {
        "location": f"{page}#{passage.address}",
        "level": 2,
        "title": _to_html(passage.chapter or passage.title),
        "text": _render_text(passage),
        "path": [_to_html(passage.title), _render_speaker(passage)],
        "tags": [],
    }


# By the name of an index's list of documents: how to render a passage, how to prepare the others.
_SHAPES: dict[str, tuple[_RenderPassage, _Prepare]] = {
    "docs": (_material_document, iter),
    "items": (_zensical_document, _join_titles),
}


def _render_speaker(passage: Passage) -> str:
    place = render_address(passage.time, passage.address)
    return ", ".join(filter(None, (_to_html(passage.speaker), place)))


def _render_text(passage: Passage) -> str:
    """A paragraph for each sentence, since themes show the paragraphs that have the words."""
    return "".join(f"<p>{_to_html(block)}</p>" for block in list_blocks(passage))


def list_blocks(passage: Passage) -> list[str]:
    """The texts of a passage: its sentences, as said and heard, and the editor's notes."""
    said = "".join(
        f"{piece.said} (heard: {piece.heard})".lstrip() if piece.heard else piece.said
        for piece in passage.pieces
    )
    blocks = _SENTENCE_END.split(join_printable(said))
    for kind, reason in ((note.kind, plain_text(note.reason)) for note in passage.footnotes):
        label = f"Correction, {kind.value}" if kind.is_correction else kind.label
        blocks.append(f"{label}: {reason}")
    blocks += [f"Doubt: {question}" for question in passage.questions]
    if passage.summary:
        blocks.append(f"In brief: {plain_text(passage.summary)}")
    return blocks


def join_printable(text: str) -> str:
    """A text on one line, without characters that no page can show."""
    return _UNPRINTABLE.sub(" ", text).strip()


def _to_html(text: str) -> str:
    # Zensical decodes these three character references and no others.
    return escape(join_printable(text), quote=False)
