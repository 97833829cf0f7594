"""The sentences of a site in another language than English: complete, and alike in their names."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from build_tools.build.plan import plan_site
from build_tools.exports.epub import _ACCESSIBILITY
from build_tools.exports.table import COLLECTION_EXPORTS, EXPORTS
from build_tools.model.address import UNITS
from build_tools.model.edition import UNKNOWN_LABEL, Evidence, Kind, NonSpeech
from build_tools.model.glossary import KINDS
from build_tools.pages.assets import is_module, render_asset
from build_tools.pages.markdown import language_attributes
from build_tools.reading.tree import read_tree
from build_tools.text import catalogue
from build_tools.text.catalogue import LANGUAGES, SCRIPT_CALL, tr, writing_in
from build_tools.text.wording import render_count, say_counted
from build_tools.transcript import statements
from tests.site_html import ASSETS, ROOT
from tests.test_golden import unpack_books
from tests.trees import check_tree

PACKAGE = Path(statements.__file__).parent.parent
FUNCTIONS = {"tr", "fill", "_render_line"}
# Texts of tables, which are translated where they are shown, as the calls have them.
DYNAMIC = {
    *("row.name", "row.what", "row.reader", "remark.said", "self.span.non_speech"),
    *("kind", "KINDS[entry.kind]", "group.title", "self.group.title", "kind.label"),
    *("kind.label.lower()", "none"),
    *("footnote.kind.label", "footnote.evidence.meaning", "UNKNOWN_LABEL", "value"),
    *("statements.ABOUT_TITLE", "statements.NOTES_TITLE", "text", "sentence"),
    *("kind.capitalize()", "f'{parsed.unit} {{number}}'"),
}


COUNTED = (
    *("byte", "chapter", "conjecture", "correction", "doubt", "entry", "file", "mention"),
    *("more transcript", "open doubt", "place", "transcript", "version", "word"),
)
CORPORA = ROOT / "tests/corpora"
# Front matter, tags, targets and titles of links, attributes: what readers do not see as text.
UNSEEN = re.compile(r"\A---\n.*?\n---\n|<[^<>]*>|\]\([^()]*\)|\{:? [^{}]*\}|https?\S+", re.DOTALL)


def list_tables() -> Iterator[str]:
    """Texts of tables."""
    for rows in (EXPORTS, COLLECTION_EXPORTS):
        yield from (text for row in rows for text in row[:3])
    for kind in Kind:
        yield from (kind.label, kind.label.lower()) if kind.is_correction else (kind.label,)
    yield from (evidence.meaning for evidence in Evidence)
    yield from (kind.value for kind in NonSpeech)
    yield from (*KINDS.values(), UNKNOWN_LABEL, statements.ABOUT_TITLE, statements.NOTES_TITLE)
    yield from (f"{unit} {{number}}" for unit in UNITS.values() if unit != "second")
    yield from ("Audio", "Video", "Page")
    yield dict(_ACCESSIBILITY)["accessibilitySummary"]
    yield from (say_counted(noun)[0] for noun in COUNTED)


def list_calls(path: Path) -> Iterator[str]:
    """Texts of the calls in a module; fails at a call whose text it cannot tell."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    given: dict[str, list[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.IfExp):
            given.setdefault(ast.unparse(node.targets[0]), []).extend(strings(node.value))
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in FUNCTIONS:
            written = ast.unparse(node.args[0])
            found = [] if written in DYNAMIC else strings(node.args[0]) or given.get(written)
            assert found or written in DYNAMIC, f"{path}, line {node.lineno}: {written}?"
            yield from found or ()


def strings(value: ast.expr) -> list[str]:
    constants = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))
    return [one for one in constants if isinstance(one, str)]


def list_script_texts(script: str) -> list[tuple[str, str]]:
    """Each sentence of a script, with its plural or ""."""
    calls = ((call["one"], call["many"] or '""') for call in SCRIPT_CALL.finditer(script))
    return [(json.loads(one), json.loads(many)) for one, many in calls]


def list_texts() -> dict[str, str]:
    """Every sentence of pages and scripts, each with its plural or ""."""
    found = dict.fromkeys(list_tables(), "")
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "catalogue.py":
            found.update(dict.fromkeys(list_calls(path), ""))
    found.update({one: many for _, one, many in map(say_counted, COUNTED)})
    for name, data in ASSETS.items():
        if name.endswith((".css", ".js")):
            found.update(list_script_texts(data.decode()))
    return found


TEXTS = list_texts()
NAME = re.compile(r"\{\w+\}")


class Sentence(NamedTuple):
    """A sentence of a catalogue: its English plural or "", and its forms."""

    many: str
    forms: tuple[str, ...]


def as_tuple(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def read_sentences(path: Path) -> dict[str, Sentence]:
    with path.open("rb") as file:
        listed = [one for one in read_po(file, abort_invalid=True) if one.id]
    assert not any(one.fuzzy for one in listed)
    return {
        one: Sentence("".join(many), as_tuple(message.string))
        for message in listed
        for one, *many in (as_tuple(message.id),)
    }


CATALOGUES = {path.stem: read_sentences(path) for path in LANGUAGES.glob("*.po")}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_a_language_has_every_sentence_and_no_other(lang: str) -> None:
    having = CATALOGUES[lang]
    missing = "\n".join(f'msgid "{text}"\nmsgstr ""\n' for text in TEXTS if text not in having)
    assert not missing, missing
    assert sorted(having.keys() - TEXTS.keys()) == []
    assert {text: one.many for text, one in having.items()} == TEXTS
    assert [text for text, one in having.items() if not all(one.forms)] == []


@pytest.mark.parametrize("lang", CATALOGUES)
def test_a_sentence_has_the_names_of_the_english_one(lang: str) -> None:
    for text, (many, forms) in CATALOGUES[lang].items():
        for form in forms:
            assert sorted(NAME.findall(form)) == sorted(NAME.findall(many or text)), form
            # Pages are Markdown and HTML, in which these mean something.
            assert not re.search(r'[<>&*_`\[\]\\"#|]', form), form
            assert [form[0] == " ", form[-1] == " "] == [text[0] == " ", text[-1] == " "], form


def english_pieces() -> set[str]:
    """Pieces of English sentences that no German sentence has, with their words as written."""
    german = "\n".join(form for one in CATALOGUES["de"].values() for form in one.forms)
    english = (part for pair in TEXTS.items() for text in pair for part in NAME.split(text))
    pieces = {part.strip(" ,;:.?()“”") for part in english}
    own = (one for one in pieces if not re.search(rf"\b{re.escape(one)}\b", german))
    return {one for one in own if len(one) > 3}


def list_shown(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """What readers see of each page and export that has sentences of ours."""
    for path, data in unpack_books(files).items():
        text = data.decode(errors="replace")
        if path.endswith((".md", "transcript.txt", ".xhtml", "feed.xml", "corrections.xml")):
            yield path, UNSEEN.sub(" ", text)
        elif path.startswith("search/"):
            yield path, text


def test_a_german_site_shows_no_english_sentence() -> None:
    plan = plan_site(read_tree(CORPORA / "german/docs"), site_url="https://example.org/talks/")
    pieces = english_pieces()
    assert len(pieces) > 250
    shown = dict(list_shown(plan.files))
    assert {"corrections.xml", "transcripts/bruecke.md", "search/speech.js"} <= shown.keys()
    longest_first = map(re.escape, sorted(pieces, key=len, reverse=True))
    pattern = re.compile(rf"\b({'|'.join(longest_first)})\b")
    found = {path: pattern.findall(text) for path, text in shown.items()}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_a_script_has_the_sentences_of_the_language() -> None:
    scripts = [path for path in ASSETS if path.endswith((".css", ".js"))]
    written = {path for path in scripts if not is_module(path)}
    with writing_in("de"):
        german = "".join(render_asset(ASSETS, path).decode() for path in written)
    english = "".join(render_asset(ASSETS, path).decode() for path in written)
    texts = (list_script_texts(ASSETS[path].decode()) for path in scripts)
    for text, many in chain.from_iterable(texts):
        forms = CATALOGUES["de"][text].forms
        assert all(f'"{form}"' in german for form in forms), text
        assert (f'"{text}"' in german) == (text in forms), text
        assert f'"{many or text}"' in english
    assert "n != 1" in german
    assert "n != 1" not in english


def test_a_further_language_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The corpus in Arabic and Hebrew, on a site in Arabic whose catalogue has only begun."""
    monkeypatch.setattr(catalogue, "LANGUAGES", tmp_path)
    (tmp_path / "ar.po").write_text(ARABIC, encoding="utf-8")
    tree = {**read_tree(CORPORA / "right-to-left/docs"), "index.md": b"---\nlang: ar\n---\n# AI\n"}
    files = plan_site(tree).files
    page = files["transcripts/muqabala.md"].decode()
    assert "[تصحيحان](#corrections-and-notes)" in page
    assert "22 مايو 2024" in page
    assert ' lang="ar"' not in page
    # Of the same direction as the site, and of the other.
    assert ' lang="he" }' in files["transcripts/sicha.md"].decode()
    with writing_in("ar"):
        assert language_attributes("fr") == ' lang="fr" dir="ltr"'
        assert [render_count(number, "correction") for number in (0, 1, 2, 3, 11, 100)] == [
            *("no corrections", "تصحيح واحد", "تصحيحان", "3 تصحيحات", "11 تصحيحا", "100 تصحيح")
        ]
        assert tr("Doubts") == "Doubts"


def test_an_unknown_language_is_told() -> None:
    (problem,) = check_tree({"index.md": b"---\nlang: tlh\n---\n# Home\n"})
    assert problem.what == "“lang”: “tlh” is no language in which pages can be written"
    assert problem.remedy == "write one of de, en, or add build_tools/languages/TAG.po"
    # Without these problems the site would be in English, under another licence.
    for head in ("lang: de\nx: [", "lang: de\nlang: en"):
        assert check_tree({"index.md": f"---\n{head}\n---\n# Home\n".encode()})


ARABIC = """\
msgid ""
msgstr ""
"Language: ar\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
"n%100>=11 ? 4 : 5);\\n"

msgid "{count} correction"
msgid_plural "{count} corrections"
msgstr[0] "لا تصحيحات"
msgstr[1] "تصحيح واحد"
msgstr[2] "تصحيحان"
msgstr[3] "{count} تصحيحات"
msgstr[4] "{count} تصحيحا"
msgstr[5] "{count} تصحيح"
"""
