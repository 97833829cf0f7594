"""Input is inert: whatever strangers write into a field reaches the pages as text alone."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from build_tools.model import ProblemsFoundError
from build_tools.site import check_tree, plan_site
from tests.pages import ROOT, Page, mkdocs_config, parse_html, parse_page
from tests.trees import edition_file, entry_file, tree

PAYLOADS = (
    # Raw HTML
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "</title><script>alert(1)</script>",
    "</p></div><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>click</text></a></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>words</iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'>words</object>",
    "<embed src=//evil.example/x.swf>words",
    "<style>body{display:none}</style>words",
    "<link rel=stylesheet href=//evil.example/x.css>words",
    "<meta http-equiv=refresh content='0;url=//evil.example'>words",
    "<base href=//evil.example/>words",
    "<form action=//evil.example><input name=q><button>go</button></form>",
    "<details open ontoggle=alert(1)>words</details>",
    "<body onload=alert(1)>words",
    "<marquee onstart=alert(1)>words</marquee>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<a href='javascript:alert(1)'>words</a>",
    "<div markdown='1'>*words*</div>",
    "<!-- words -->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[ <script>alert(1)</script> ]]>",
    "<?php echo words ?>",
    "<!DOCTYPE html>words",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>words",
    # Ends of attributes and of what we write around the words
    "\" onmouseover=\"alert(1)\" x=\"words",
    "' onmouseover='alert(1)' x='words",
    "\" autofocus onfocus=alert(1) words",
    "words\") { onclick=alert(1) }",
    "words](javascript:alert(1))",
    "words](javascript:alert(1) \"title\")",
    "](https://evil.example) words",
    ") words ](",
    "words \\",
    "\\\" onload=alert(1) words",
    # Links and images
    "[words](javascript:alert(1))",
    "[words](JaVaScRiPt:alert(1))",
    "[words](data:text/html;base64,PHNjcmlwdD4=)",
    "[words](vbscript:msgbox(1))",
    "[words](//evil.example/)",
    "[words](java&#115;cript:alert(1))",
    "![words](https://evil.example/pixel.gif)",
    "![words](x\" onerror=\"alert(1))",
    "<https://evil.example/words>",
    "<javascript:alert(1)>",
    "<words@evil.example>",
    "https://evil.example/words",
    "//evil.example/words",
    "www.evil.example",
    "[words][ref] and [ref]: javascript:alert(1)",
    "[ref]: javascript:alert(1) \"words\"",
    "[words]: https://evil.example/",
    # attr_list
    "words {: onclick=alert(1) }",
    "words { onmouseover=alert(1) }",
    "words {: .sic-at #t0 }",
    "{: style=position:fixed } words",
    "{{ config.site_name }} words {% include 'x' %}",
    "*words*{ onclick=alert(1) }",
    # Footnotes, abbreviations, table of contents, snippets
    "///Footnotes Go Here/// words",
    "///words///",
    "[TOC] words",
    "*[words]: alert",
    "[^1]: words",
    "words[^1][^words]",
    "[^words]",
    "--8<-- \"words.html\"",
    # What Python-Markdown keeps for itself
    "\x02wzxhzdk:0\x03 words",
    "\x02amp\x03lt;script\x02amp\x03gt; words",
    "\x02klzzwxh:0000\x03 words",
    "klzzwxh:0000 words wzxhzdk:1",
    "\x00words\x1b[31m\x7f",
    "words\u2028<script>\u2029\x85</script>",
    # Character references
    "&lt;script&gt;alert(1)&lt;/script&gt; words",
    "&#60;script&#62;alert(1)&#60;/script&#62; words",
    "&amp;lt;b&amp;gt; words &nbsp; &copy &#x3c;",
    # Blocks
    "# words",
    "words #",
    "###### words ######",
    "> words",
    "- words",
    "+ words",
    "* words",
    "1. words",
    "2023. words",
    "7) words",
    "---words",
    "=== words",
    "    words",
    "\twords",
    "```html <script>alert(1)</script> words ```",
    "~~~ words ~~~",
    "`words` ``words``",
    "$$words$$ $words$",
    ": words",
    "| words | words |",
    "|---|---| words",
    "a | b | words",
    "!!! danger \"words\"",
    "??? words",
    "::: words",
    # Emphasis and CriticMarkup
    "*words* **words** _words_ __words__ ***words***",
    "snake_case_words and 2*3*4",
    "{++words++} {--words--} {~~words~>other~~} {==words==}{>>words<<}",
    "{~~words",
    "~~words~~ ^words^ ==words== ++words++",
    # Directions and marks of other scripts
    "\u202ewords\u202c \u2066words\u2069",
    "＜script＞alert(1)＜/script＞ words",
    "w\u0335o\u0335r\u0335d\u0335s",
)

CLEAN = {
    "title": "A talk on things",
    "event": "A fair of things",
    "description": "They talk of things.",
    "note": "Taken from a page of things.",
    "speaker": "Ann",
    "speaker_name": "Ann Lee",
    "introduction": "The editor says of it.",
    "chapter": "A chapter of things",
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
}
# Fields of which the page shows the words as they stand, and on which page.
TALK, ENTRY = "transcripts/talk.md", "glossary/gizmo.md"
SHOWN = {
    TALK: (
        *("title", "event", "description", "note", "speaker", "speaker_name", "introduction"),
        *("chapter", "speech", "doubt", "question", "heard", "said", "reason", "emphasis"),
        "link_words",
    ),
    ENTRY: ("term", "short", "also", "body", "reference", "author", "publisher"),
    "transcripts/index.md": ("title", "event", "description"),
    "glossary/index.md": ("term", "short"),
    "corrections.md": ("title", "heard", "said", "reason"),
    "doubts.md": ("title", "speaker", "doubt", "question"),
}
# Where a backslash takes the meaning from a sign, so that every payload can be written as text.
WITH_BACKSLASHES = (
    *("introduction", "speech", "doubt", "heard", "said", "reason", "emphasis", "link_words"),
    "body",
)
OF_THE_ENTRY = ("term", "short", "also", "body", "reference", "author", "publisher", "url")

BANNED = {"script", "iframe", "object", "embed", "style", "svg", "form", "input", "button", "meta"}
BANNED |= {"link", "base", "img", "math", "marquee", "details", "pre", "code", "blockquote"}
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

**{f["speaker"]}:** {speech}

{{~~{heard}~>{f["said"]}~~}}[^{f["label"]}] and {{=={doubt}==}}{{>>{f["question"]}<<}}
of *{emphasis}* and [{link_words}]({f["target"]}) and Thingummy

**Bo:** {{++right++}}[^{f["label"]}] so {{--so--}}[^{f["label"]}] it is[^fact].

[^{f["label"]}]: name?: {f["reason"]}
[^fact]: note: Indeed.
"""
    source = "\n".join(
        " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line).split())
        for line in (
            speech,
            f"{heard} and {doubt} of {emphasis} and {link_words} and Thingummy",
            "so so it is",
        )
    )
    return tree(
        {
            "index.md": "# Home\n",
            "sources/talk.txt": source,
            TALK: edition_file(
                body,
                title=f["title"],
                event=f["event"],
                description=f["description"],
                note=f["note"],
                speakers={f["speaker"]: f["speaker_name"], "Bo": "Bo Berg"},
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
        }
    )


def accepted(written: Mapping[str, str]) -> dict[str, str]:
    """The fields whose content stops no build; the others are inert, since nothing is written."""
    return {
        field: text
        for field, text in written.items()
        if not any(not problem.warning for problem in check_tree(make_tree({field: text})))
    }


def build_pages(written: Mapping[str, str]) -> dict[str, Page]:
    files = plan_site(make_tree(written)).files
    return {path: parse_page(data) for path, data in files.items() if path.endswith(".md")}


def shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return [(element.tag, tuple(sorted(element.attributes))) for element in page.elements]


def as_shown(text: str) -> str:
    """Text as a page shows it: blanks collapsed, and control characters to blanks."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


def check_inert(pages: Mapping[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.comments, path
        for element in page.elements:
            assert element.tag not in BANNED, (path, element)
            for name, value in element.attributes.items():
                assert not name.startswith("on"), (path, element)
                assert name not in ("style", "src", "srcdoc", "action", "xlink:href"), element
                assert name != "href" or LINK.match(value), (path, element)
            assert element.tag != "a" or "a" not in element.inside, (path, element)


CLEAN_PAGES = build_pages({})
CLEAN_KINDS = {kind for page in CLEAN_PAGES.values() for kind in shape(page)}


def test_the_clean_tree_shows_every_field() -> None:
    assert accepted(CLEAN) == CLEAN
    check_inert(CLEAN_PAGES)
    for path, fields in SHOWN.items():
        for field in fields:
            assert CLEAN[field] in as_shown(CLEAN_PAGES[path].text), (path, field)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_changes_no_element_of_any_page_and_stays_readable(payload: str) -> None:
    written = {
        field: backslashed(payload) if field in WITH_BACKSLASHES else payload
        for field in CLEAN
        if field not in ("label", "target", "url")
    }
    fields = accepted(written)
    # What has no grammar of its own is text whatever it holds, and so is what has backslashes.
    assert {"speech", "introduction", "emphasis", "reason", "body"} <= fields.keys()
    for own in (True, False):
        some = {name: text for name, text in fields.items() if own == (name in OF_THE_ENTRY)}
        pages = build_pages(some)
        check_inert(pages)
        for path, page in pages.items():
            assert shape(page) == shape(CLEAN_PAGES[path]), path
        for path, names in SHOWN.items():
            for name in some.keys() & set(names):
                assert as_shown(payload) in as_shown(pages[path].text), (path, name)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_that_is_not_escaped_adds_no_kind_of_element(payload: str) -> None:
    written = dict.fromkeys(CLEAN, payload)
    written["url"] = f"https://example.org/{payload}"
    fields = accepted(written)
    for field, text in fields.items():
        pages = build_pages({field: text})
        check_inert(pages)
        for path, page in pages.items():
            assert set(shape(page)) <= CLEAN_KINDS, (path, field)


TARGETS = (
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,words",
    "vbscript:words",
    "http://example.org/",
    "HTTPS://example.org/",
    "//example.org/",
    "/etc/passwd",
    "\\\\\\\\example.org",
    "https:/example.org",
    "https:example.org",
    "mailto:a@example.org",
    "../../outside.md",
    "other.md\"onclick=alert`1`",
    "&#106;avascript:alert%281%29",
    "javascript&colon;alert%281%29",
    "#\"onclick=alert`1`",
)


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_leads_to_https_or_to_a_page_of_the_site_or_stops_the_build(target: str) -> None:
    for field in ("target", "url"):
        for fields in (accepted({field: target}), accepted({field: backslashed(target)})):
            check_inert(build_pages(fields))


@pytest.mark.parametrize(
    "target",
    ["https://example.org/\"onclick=alert`1`", "https://example.org/<script>", "https://e.org/'x'"],
)
def test_a_target_cannot_end_its_attribute(target: str) -> None:
    pages = build_pages(accepted({"target": target}))
    check_inert(pages)
    assert shape(pages[TALK]) == shape(CLEAN_PAGES[TALK])


@pytest.mark.parametrize(
    "path",
    [
        "sources/talk.html",
        "sources/talk.HTML",
        "sources/talk.md",
        "sources/talk.markdown",
        "sources/talk.svg",
        "sources/talk.js",
        "sources/talk.txt.html",
        "sources/<b>.txt",
        "sources/a\"b.txt",
        "sources/a b.txt",
        "sources/a/b.html",
        "transcripts/evil.html",
        "transcripts/evil.markdown",
        "transcripts/<script>.md",
        "transcripts/a.b.md",
        "glossary/a\" onclick=x.md",
        "glossary/evil.svg",
        "glossary/sub/entry.md",
    ],
)
def test_a_file_whose_name_could_make_it_a_page_of_its_own_stops_the_build(path: str) -> None:
    files = {**make_tree({}), path: b"<script>alert(1)</script>"}
    with pytest.raises(ProblemsFoundError) as caught:
        plan_site(files)
    assert f"docs/{path}" in {problem.place.path for problem in caught.value.problems}


HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_head_of_a_page_holds_html_already_since_themes_do_not_escape_it(payload: str) -> None:
    names = {TALK: ("title", "description"), ENTRY: ("term", "short")}
    for path, (title, description) in names.items():
        fields = accepted({title: payload, description: payload})
        page = plan_site(make_tree(fields)).files[path].decode()
        match = HEAD.match(page)
        assert match
        head = yaml.safe_load(match[1])
        for key, name in (("title", title), ("description", description)):
            assert not parse_html(head[key]).elements
            assert '"' not in head[key]
            shown = {**CLEAN, **fields}[name]
            assert as_shown(html.unescape(head[key])) == as_shown(shown)
