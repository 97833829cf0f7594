"""A transcript and an entry that hold every field there is, and what may not come of them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from build_tools.build.plan import plan_site
from tests.pages import Page, parse_page
from tests.test_golden import SITE
from tests.trees import check_tree, edition_file, entry_file, theme_file, tree

HOSTILE = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
CLEAN = {
    "title": "A talk on things",
    "event": "A fair of things",
    "description": "They talk of things.",
    "lang": "he",
    "recording": "https://example.org/watch?v=1",
    "note": "Taken from a page of things.",
    "speaker": "Ann",
    "speaker_name": "Ann Lee",
    "reviewer": "A reader",
    "engine": "Recogniser 3",
    "introduction": "The editor says of it.",
    "chapter": "A chapter of things",
    "summary": "In short, things.",
    "speech": "what was said",
    "doubt": "something",
    "question": "What was it?",
    "heard": "herd",
    "said": "sheep",
    "reason": "It is so.",
    "label": "why",
    "emphasis": "A Book",
    "link_words": "these things",
    "target": "https://example.org/",
    "term": "Gizmo",
    "short": "A thing of things.",
    "also": "doohickey",
    "body": "It is a thing.",
    "reference": "The book of things",
    "author": "An author",
    "publisher": "A publisher",
    "url": "https://example.org/book",
    "theme": "A theme of things",
    "theme_description": "What was said of things.",
    "theme_body": "They talk of things.",
}
# Fields of which the page shows the words as they stand, and on which page.
TALK, ENTRY, THEME = "transcripts/talk.md", "glossary/gizmo.md", "then-and-now/things.md"
SHOWN = {
    TALK: (
        *("title", "event", "description", "note", "speaker", "speaker_name", "introduction"),
        *("reviewer", "chapter", "summary", "speech", "doubt", "question", "heard", "said"),
        *("reason", "engine"),
        *("emphasis", "link_words", "theme"),
    ),
    ENTRY: ("term", "short", "also", "body", "reference", "author", "publisher"),
    THEME: ("theme_body",),
    "transcripts/index.md": ("title", "event", "description"),
    "glossary/index.md": ("term", "short"),
    "then-and-now/index.md": ("theme", "theme_description"),
    "corrections.md": ("title", "heard", "said", "reason"),
    "doubts.md": ("title", "speaker", "doubt", "question"),
}
# Syntaxes in which a backslash escapes signs, so that every payload can be written as text.
WITH_BACKSLASHES = (
    *("introduction", "summary", "speech", "doubt", "heard", "said", "reason", "emphasis"),
    *("link_words", "body", "question", "theme_body"),
)
ENTRYS = ("term", "short", "also", "body", "reference", "author", "publisher", "url")

# An svg and a details of our own stand on every transcript's page: others are known by their shape.
BANNED = {"script", "iframe", "object", "embed", "style", "form", "input", "button", "meta", "link"}
BANNED |= {"base", "img", "math", "marquee", "pre", "code", "blockquote"}
LINK = re.compile(r"https://|(?![a-z][a-z0-9+.-]*:|/|\\)", re.IGNORECASE)


def backslashed(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def make_tree(written: Mapping[str, str]) -> dict[str, bytes]:
    """A transcript and an entry that between them hold every construct there is."""
    f = {**CLEAN, **written}
    heard, doubt = f["heard"] + " once", f["doubt"]
    speech, emphasis, link_words = f["speech"], f["emphasis"], f["link_words"]
    body = f"""\
{f["introduction"]}

## {f["chapter"]}

> {f["summary"]}

**{f["speaker"]}:** {speech}

{{~~{heard}~>{f["said"]}~~}}[^{f["label"]}] and {{=={doubt}==}}{{>>{f["question"]}<<}}
of *{emphasis}* and [{link_words}]({f["target"]}) and Thingummy שלום

**Bo:** {{++right++}}[^{f["label"]}] so {{--so--}}[^{f["label"]}] it is[^fact].

[^{f["label"]}]: name?: {f["reason"]}
[^fact]: note: Indeed.
"""
    source = "\n".join(
        " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line).split())
        for line in (
            speech,
            f"{heard} and {doubt} of {emphasis} and {link_words} and Thingummy שלום",
            "so so it is",
        )
    )
    return tree(
        {
            "index.md": "# Home\n",
            "sources/talk.txt": source,
            # What a witness heard is shown in a table and beside the mark.
            "sources/b.txt": source.replace("\nso so it", "\nso <img/src=x> it"),
            TALK: edition_file(
                body,
                title=f["title"],
                event=f["event"],
                description=f["description"],
                lang=f["lang"],
                recording=f["recording"],
                note=f["note"],
                speakers={f["speaker"]: f["speaker_name"], "Bo": "Bo Berg"},
                reviewer=f["reviewer"],
                engine=f["engine"],
            ),
            ENTRY: entry_file(
                f["term"],
                f["body"] + "\n",
                short=f["short"],
                also=[f["also"]],
                see=["Thingummy"],
                sources=[
                    {
                        "title": f["reference"],
                        "author": f["author"],
                        "publisher": f["publisher"],
                        "date": "2020",
                        "url": f["url"],
                    }
                ],
            ),
            "glossary/thingummy.md": entry_file("Thingummy", see=[f["term"]]),
            THEME: theme_file(
                f["theme"],
                f"> talk #l1\n\n{f['theme_body']}\n\n- {f['theme_body']}\n\n"
                "[“it is”](../transcripts/talk.md#l3)\n",
                description=f["theme_description"],
                entries=["Thingummy"],
            ),
        }
    )


class Built(NamedTuple):
    """The input, and the pages made of it, as files and as a reader gets them."""

    written: Mapping[str, str]
    files: Mapping[str, bytes]
    pages: Mapping[str, Page]


def build(written: Mapping[str, str]) -> Built:
    files = {
        path: data
        for path, data in plan_site(make_tree(written), site_url=SITE, exports=False).files.items()
        if path.endswith((".md", ".xml"))
    }
    pages = {path: parse_page(data) for path, data in files.items() if path.endswith(".md")}
    return Built(written, files, pages)


def build_what_can_be(written: Mapping[str, str]) -> list[Built]:
    """All fields that stop no build alone, in as few builds as do not stop either."""
    left = {name: text for name, text in written.items() if may_be_built({name: text})}
    built = []
    while left:
        together = left if may_be_built(left) else {}
        for name, text in left.items():
            if may_be_built({**together, name: text}):
                together[name] = text
        built.append(build(together))
        left = {name: text for name, text in left.items() if name not in together}
    return built


def may_be_built(written: Mapping[str, str]) -> bool:
    return all(problem.warning for problem in check_tree(make_tree(written)))


def shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    # The list of corrections sets in bold what turns the sense, such as a number taken out.
    return [
        (element.tag, tuple(sorted(element.attributes)))
        for element in page.elements
        if not (element.tag == "strong" and "td" in element.inside)
    ]


def as_shown(text: str) -> str:
    """Text as a page shows it: blanks collapsed, control characters blanks, apostrophes curly."""
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)
    return " ".join(shown.replace("'", "’").split())


def check_inert(pages: Mapping[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.comments, path
        for element in page.elements:
            quotes = element.tag == "blockquote" and path.startswith("then-and-now/")
            assert quotes or element.tag not in BANNED, (path, element)
            for name, value in element.attributes.items():
                assert not name.startswith("on"), (path, element)
                assert name not in ("style", "src", "srcdoc", "action", "xlink:href"), element
                assert name != "href" or LINK.match(value), (path, element)
            assert element.tag != "a" or "a" not in element.inside, (path, element)
