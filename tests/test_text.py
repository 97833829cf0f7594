"""A transcript's plain text holds every word as said, with its speakers and chapters."""

from hypothesis import given

from build_tools.build.plan import plan_site
from build_tools.checks.corpus import parse_corpus
from build_tools.exports.text import render_text
from build_tools.model.site import SiteIdentity
from build_tools.text.words import find_keys
from tests.generated import Generated, editions
from tests.test_golden import SITE
from tests.test_laws import law
from tests.trees import compile_faithful, lay_out_with, talk_tree

NOWHERE = SiteIdentity("Talks", "", "")
TALK = """\
The editor says what it is.

## Who began

> In brief.

**Ann:** One of us, Chris {~~Ola~>Olah~~}[^olah],
started *it*.

He {++did++}[^olah] it {--it--}[^olah] well.

**Bo:** Was it in {==1994==}{>>Or later?<<}?

## And then

It was.

[^olah]: name, record: He writes it so.
"""


def test_the_text_has_speakers_chapters_and_corrected_words() -> None:
    text = render_text(lay_out_with(compile_faithful(TALK)), NOWHERE)
    assert (
        text
        == """\
A talk

22 May 2024
Ann: Ann Lee
Bo: Bo Berg

This is the corrected reading. What the recogniser wrote in place of each corrected word, and why \
it was changed, is marked in the edition: the page beside this file
Version 637f792aaf.

Who began
=========

Ann: One of us, Chris Olah, started it.

He did it well.

Bo: Was it in 1994?

And then
========

Bo: It was.
"""
    )


def test_the_text_names_the_edition_where_the_site_has_an_address() -> None:
    text = render_text(lay_out_with(compile_faithful(TALK)), NOWHERE._replace(url=SITE))
    assert f"is marked in the edition: {SITE}transcripts/talk/\n" in text


def test_the_text_is_published_beside_the_page() -> None:
    files = plan_site(talk_tree(TALK)).files
    assert files["transcripts/talk/transcript.txt"].decode() == render_text(
        lay_out_with(compile_faithful(TALK)), SiteIdentity("Transcripts", "", "")
    )


@law
@given(editions())
def test_every_word_as_said_is_in_the_text_in_order(made: Generated) -> None:
    (transcript,) = parse_corpus(made.tree).transcripts
    blocks = render_text(lay_out_with(transcript), NOWHERE).removesuffix("\n").split("\n\n")[3:]
    paragraphs = [block for block in blocks if block != "A chapter\n========="]
    said: list[str] = []
    for paragraph, stretch in zip(paragraphs, transcript.paragraphs, strict=True):
        named = f"{stretch.speaker}: " if stretch.speaker else ""
        said += find_keys(paragraph.removeprefix(named))
    assert tuple(said) == made.shown_keys
