"""A transcript's page: every word, its address, its corrections and notes, its terms."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from build_tools.model.edition import Edition, Footnote, Kind, Mark, Span
from build_tools.model.extract import Akin
from build_tools.model.glossary import Entry
from build_tools.model.theme import Theme
from build_tools.model.transcript import Coverage, Errors, Findings, Mention, Stretch, Transcript
from build_tools.pages.downloads import render_errors, render_rate
from build_tools.pages.map import render_map
from build_tools.pages.markdown import (
    as_line,
    escape,
    in_either,
    in_language,
    language_attributes,
    link,
    render_head,
    render_paragraphs,
    render_plain,
)
from build_tools.text.urls import escape_target
from build_tools.text.wording import render_address, render_count, render_date, render_share
from build_tools.text.words import find_keys
from build_tools.transcript.first_mentions import first_mentions

# Where a chapter's kin are put in; no line of a page begins with a sign of control otherwise.
_AKIN_HERE = "\x1aakin {}\x1a"
_AKIN_PLACE = re.compile(rb"^\x1aakin (?P<chapter>\d+)\x1a", re.MULTILINE)
_FOOTNOTES_HERE = "///Footnotes Go Here///"
NOTES_ID = "corrections-and-notes"


class Glossary(NamedTuple):
    """What a page needs of the entries: by slug, and by term for the names of speakers."""

    by_slug: Mapping[str, Entry]
    by_term: Mapping[str, Entry]


def render_page(
    transcript: Transcript,
    findings: Findings,
    control: str,
    glossary: Glossary,
    themes: Mapping[int, Sequence[Theme]],
    head: Mapping[str, object],
) -> str:
    """The page of a transcript, as Markdown, with places for what `put_in_akin` puts in.

    `control` is what leads to its files, as Markdown. By chapter, `themes` are those that quote it;
    `head` is front matter besides its own.
    """
    page = _Page(transcript, findings, glossary, themes)
    return "".join(
        (
            render_head(transcript.edition.title, transcript.edition.description, head),
            _render_opening(transcript, findings, control, glossary),
            render_map(transcript),
            render_errors(findings.errors),
            render_paragraphs(transcript.edition.introduction, 'dir="auto"' * bool(page.language)),
            page.render_chapters(),
            page.render_footnotes(),
        )
    )


def _render_opening(
    transcript: Transcript, findings: Findings, control: str, glossary: Glossary
) -> str:
    edition = transcript.edition
    year = edition.date[:4]
    language = language_attributes(edition.lang)
    lines = [
        f"[Transcripts](index.md) › [{year}](index.md#{year})\n{{ .sic-crumbs }}\n",
        f"# {escape(edition.title)}{f' {{{language} }}' if language else ''}\n",
        f"{_render_facts(edition, glossary)}\n",
    ]
    if edition.description:
        lines.append(f"{as_line(escape(edition.description))}\n{{ .sic-lead{language} }}\n")
    lines.append(control)
    lines.append(f"{_render_proof(transcript, findings)}\n{{ .sic-proof }}\n\n")
    return "\n".join(lines)


def _render_facts(edition: Edition, glossary: Glossary) -> str:
    names = (
        _render_name(in_language(escape(name), edition.lang), name, glossary, "")
        for _, name in edition.speakers
    )
    facts = [
        in_language(escape(edition.event), edition.lang),
        render_date(edition.date),
        ", ".join(names),
    ]
    attributes = f'data-date="{edition.date}"'
    if edition.recording:
        facts.append(link("Recording", edition.recording, "", ".sic-recording"))
        attributes += f' data-recording="{escape(escape_target(edition.recording))}"'
    return f"{as_line(' · '.join(filter(None, facts)))}\n{{ .sic-facts {attributes} }}"


def _render_proof(transcript: Transcript, findings: Findings) -> str:
    edition, source = transcript.edition, transcript.source
    conjectures = sum(correction.conjecture for correction in findings.corrections)
    counts = render_count(len(findings.corrections), "correction")
    if findings.corrections:
        counts = link(counts, f"#{NOTES_ID}")
    if conjectures:
        counts += f" ({render_count(conjectures, 'conjecture')} among them)"
    words = render_count(len(source.words), "word")
    in_doubt = link(render_count(len(findings.doubts), "open doubt"), "../doubts.md")
    fillers = (transcript.said[filler.start : filler.end] for filler in findings.fillers)
    hidden = len(find_keys("\n".join(fillers)))
    heard = link("What the recogniser wrote", f"../sources/{edition.source_file}")
    proof = link("how this is proved", "../policy.md")
    return (
        f"{words} of the recogniser, {counts}, {in_doubt}. "
        "Apart from the marked corrections not one word was changed. "
        f"A clean reading hides {render_count(hidden, 'word')}. "
        f"{_render_coverage(transcript, findings.coverage)} "
        f"{_render_rate(findings.errors)}{heard}, {proof}. {escape(edition.source_note)}"
    ).rstrip()


def _render_rate(errors: Errors) -> str:
    if not errors.all.total:
        return ""
    certain = ""
    if errors.certain != errors.all:
        certain = f"; {render_rate(errors.certain)} if no conjecture is right"
    return f"Its word error rate is at least {render_rate(errors.all)}{certain}. "


def _render_coverage(transcript: Transcript, coverage: Coverage) -> str:
    if not coverage.words:
        return "Nobody has read it against the recording yet."
    readers = ", ".join(
        f"{escape(review.by)} ({render_date(review.date)})" for review in transcript.edition.reviews
    )
    share = render_share(coverage.words, len(transcript.source.words))
    return f"{share} of it has been read against the recording: {readers}."


def _render_name(shown: str, name: str, glossary: Glossary, attributes: str) -> str:
    """A name as Markdown, with a link to the entry whose term the full name is."""
    entry = glossary.by_term.get(name)
    if not entry:
        return f'<span class="sic-speaker">{shown}</span>' if attributes else shown
    return link(shown, f"../{entry.path}", entry.short, attributes)


class _Note(NamedTuple):
    """A footnote of the page: its label there, and its text."""

    label: str
    text: str


class _Atom(NamedTuple):
    """A piece of a paragraph that is not divided further.

    `said` is where it begins in the text as said, `text` its Markdown, `notes` the references
    behind it.
    """

    said: int
    text: str
    notes: str = ""


class _Styled(NamedTuple):
    """A slice of the text as said that looks different in a clean reading, and how."""

    start: int
    end: int
    style: str


_NO_LABEL = re.compile(r"[^a-z0-9]+")
# Footnote signs stand behind the punctuation that follows them.
_NOTES_BEFORE_STOP = re.compile(r"((?:\[\^[a-z0-9-]+\])+)([.,;:!?…”)،؛؟]+)")

# Stands where a mark puts nothing in: the blank before it goes, if another one, a stop or the end
# is behind it.
_NOTHING = "\0"
_BLANK_BEFORE_NOTHING = re.compile(
    rf" +(<ins [^>]*></ins>{_NOTHING}(?:\[\^[a-z0-9-]+\])*)(?=[\s.,;:!?…”)،؛؟]|$)"
)


class _Page:
    """Renders a transcript from top to bottom, numbering footnotes as they are met."""

    def __init__(
        self,
        transcript: Transcript,
        findings: Findings,
        glossary: Glossary,
        themes: Mapping[int, Sequence[Theme]],
    ) -> None:
        self.transcript = transcript
        self.fillers = findings.fillers
        self.filler_starts = [filler.start for filler in findings.fillers]
        self.glossary = glossary
        self.themes = themes
        self.language = language_attributes(transcript.edition.lang)
        self.footnotes = {note.label: note for note in transcript.edition.footnotes}
        self.notes: dict[tuple[str, str, str], _Note] = {}
        self.labels: set[str] = set()
        # The last number that was given out behind a name.
        self.numbers: dict[str, int] = {}
        self.linked = first_mentions(transcript, findings.mentions)
        self.cue_words = transcript.source.first_words()
        self.cue_firsts = list(self.cue_words)
        self.placed: set[str] = set()

    def render_chapters(self) -> str:
        pieces = []
        chapter = -1
        names = dict(self.transcript.edition.speakers)
        for number, stretch in enumerate(self.transcript.stretches):
            new_chapter = stretch.chapter != chapter
            if new_chapter:
                pieces += self._empty_chapters(chapter + 1, stretch.chapter)
                chapter = stretch.chapter
                pieces.append(self._heading(chapter))
            turn = bool(stretch.paragraph.speaker) or (new_chapter and stretch.speaker != "")
            name = ""
            if turn and stretch.speaker:
                full_name = names.get(stretch.speaker, stretch.speaker)
                shown = escape(stretch.speaker)
                name = _render_name(shown, full_name, self.glossary, ".sic-speaker") + " "
            attributes = f"{{: {'.sic-turn' if turn else '.sic-on'}{self.language} }}"
            # The visible link takes the paragraph's first address before its words are rendered.
            address = self._address(stretch)
            pieces.append(f"{address} {name}{self._stretch(number, stretch)}\n{attributes}\n\n")
        pieces += self._empty_chapters(chapter + 1, len(self.transcript.edition.chapters))
        return "".join(pieces)

    def _empty_chapters(self, begin: int, end: int) -> list[str]:
        return [self._heading(number) for number in range(begin, end)]

    def _heading(self, number: int) -> str:
        title = self.transcript.edition.chapters[number].title
        if not title:
            return self._below_heading(number)
        chapter_id = self.transcript.chapter_ids[number]
        self.placed.add(chapter_id)
        heading = f"## {escape(title)} {{ #{chapter_id}{self.language} }}"
        return f"{heading}\n\n{self._below_heading(number)}"

    def _below_heading(self, number: int) -> str:
        """What leads into a chapter and on from it: its summary, its themes, its kin elsewhere."""
        pieces = []
        summary = self.transcript.edition.chapters[number].summary
        if summary:
            words = in_either(render_plain(summary), self.transcript.edition.lang)
            pieces.append(f"**In brief:** {words}\n{{: .sic-summary }}\n\n")
        themes = self.themes.get(number, ())
        if themes:
            links = ", ".join(link(escape(theme.title), f"../{theme.path}") for theme in themes)
            pieces.append(f"Then and now: {links}\n{{: .sic-themes }}\n\n")
        pieces.append(_AKIN_HERE.format(number))
        return "".join(pieces)

    def _address(self, stretch: Stretch) -> str:
        """The visible link of a paragraph; it is the address where a cue begins with it."""
        if not self.transcript.source.words:
            return ""
        cue = self.transcript.source.cue_at(stretch.first_word)
        shown = render_address(cue.start, cue.address).rpartition(" ")[2]
        begins = self.cue_words.get(stretch.first_word) == cue
        own = ""
        if begins and cue.address not in self.placed and stretch.first_word < stretch.end_word:
            self.placed.add(cue.address)
            own = f"#{cue.address} "
        return link(shown, f"#{cue.address}", "", f"{own}.sic-at")

    def _stretch(self, number: int, stretch: Stretch) -> str:
        """The words of a paragraph: marks, addresses, and links round the first mentions."""
        mentions = self.linked.get(number, ())
        atoms = self._atoms(stretch, mentions)
        if mentions:
            text = "".join(self._link_mentions(atoms, mentions))
        else:
            text = "".join([piece for _, words, notes in atoms for piece in (words, notes)])
        if _NOTHING in text:
            text = _BLANK_BEFORE_NOTHING.sub(r"\1", text).replace(_NOTHING, "")
        text = text.strip()
        if "[^" in text:
            text = _NOTES_BEFORE_STOP.sub(r"\2\1", text)
        return as_line(text)

    def _link_mentions(self, atoms: Iterable[_Atom], mentions: Iterable[Mention]) -> list[str]:
        pieces: list[str] = []
        ahead = iter(mentions)
        mention = next(ahead, None)
        held: list[str] | None = None
        for atom in atoms:
            if mention and held is not None and atom.said >= mention.end:
                pieces += [self._closing(mention), *held]
                held, mention = None, next(ahead, None)
            if mention and held is None and atom.text and atom.said >= mention.start:
                pieces.append("[")
                held = []
            pieces.append(atom.text)
            (pieces if held is None else held).append(atom.notes)
        if mention and held is not None:
            pieces += [self._closing(mention), *held]
        return pieces

    def _closing(self, mention: Mention) -> str:
        entry = self.glossary.by_slug[mention.entry]
        return link("", f"../{entry.path}", entry.short, ".sic-term")[1:]

    def _atoms(self, stretch: Stretch, mentions: Iterable[Mention]) -> Iterator[_Atom]:
        styled = self._styled(stretch)
        edges = {edge for mention in mentions for edge in (mention.start, mention.end)}
        changes = (edge for style in styled for edge in (style.start, style.end))
        # What begins in a span is taken off the end.
        ahead = sorted(edges.union(changes), reverse=True)
        anchors = self._anchors(stretch)[::-1]
        heard, said = stretch.heard_start, stretch.said_start
        for span in stretch.paragraph.spans:
            shift = said - heard
            heard, said_end = heard + len(span.heard), said + len(span.said)
            here: dict[int, str] = {}
            while anchors and anchors[-1][0] < heard:
                position, address = anchors.pop()
                here[position + shift] = _anchor(address)
            while ahead and ahead[-1] <= said:
                ahead.pop()
            if span.mark is Mark.PLAIN:
                cuts = {said, said_end, *here}
                while ahead and ahead[-1] < said_end:
                    cuts.add(ahead.pop())
                yield from _plain(span, said, sorted(cuts), here, styled, edges)
            else:
                yield from (_Atom(said, anchor) for anchor in here.values())
                yield self._marked(span, said)
            said = said_end

    def _styled(self, stretch: Stretch) -> list[_Styled]:
        """What looks different in a clean reading of a paragraph, the last first."""
        first = bisect_left(self.filler_starts, stretch.said_start)
        end = bisect_left(self.filler_starts, stretch.said_end, first)
        styled = []
        for filler in self.fillers[first:end]:
            styled.append(_Styled(filler.start, filler.end, "sic-f"))
            if filler.capital:
                # The letter with which the sentence begins when its filler is hidden.
                styled.append(_Styled(filler.end, filler.end + 1, "sic-u"))
        return styled[::-1]

    def _anchors(self, stretch: Stretch) -> list[tuple[int, str]]:
        """Addresses that begin in a paragraph, each with its place in the text as heard."""
        anchors = []
        first = bisect_left(self.cue_firsts, stretch.first_word)
        end = bisect_left(self.cue_firsts, stretch.end_word, first)
        for word in self.cue_firsts[first:end]:
            address = self.cue_words[word].address
            if address not in self.placed:
                self.placed.add(address)
                anchors.append((self.transcript.heard_words.starts[word], address))
        return anchors

    def _marked(self, span: Span, said: int) -> _Atom:
        notes = "".join(f"[^{self._note(span, label)}]" for label in span.notes)
        if span.mark is Mark.NOTE:
            return _Atom(said, "", notes)
        if span.mark is Mark.DOUBT:
            notes += f"[^{self._doubt(span)}]"
            doubted = f'<span class="sic-doubt">{escape(span.said)}</span>'
            return _Atom(said, _wrap(span, doubted), notes)
        heard = escape(" ".join(span.heard.split()))
        footnote = next(
            (note for label in span.notes if (note := self.footnotes[label]).kind is not Kind.NOTE),
            None,
        )
        kind = footnote.kind.value if footnote else ""
        sure = " sic-conjecture" if footnote and footnote.conjecture else ""
        opening = f'<ins class="sic-{kind}{sure}" data-heard="{heard}">'
        if not span.said:
            return _Atom(said, f"{opening}</ins>{_NOTHING}", notes)
        return _Atom(said, _wrap(span, f"{opening}{escape(span.said)}</ins>"), notes)

    def _note(self, span: Span, label: str) -> str:
        """The page's label of a footnote: one for each pair of heard and said that it explains."""
        footnote = self.footnotes[label]
        heard, said = " ".join(span.heard.split()), " ".join(span.said.split())
        key = (label, "", "") if footnote.kind is Kind.NOTE else (label, heard, said)
        if key not in self.notes:
            self.notes[key] = _Note(self._label(label), self._reason(footnote, heard, said))
        return self.notes[key].label

    def _reason(self, footnote: Footnote, heard: str, said: str) -> str:
        lang = self.transcript.edition.lang
        kind = footnote.kind.label
        pieces = [f"**{kind}, conjecture**" if footnote.conjecture else f"**{kind}**"]
        if footnote.kind is not Kind.NOTE:
            struck = f"<del>{in_language(escape(heard), lang)}</del>"
            if not heard:
                pieces.append("not in the recogniser’s text")
            elif said:
                pieces.append(f"heard as {struck}")
            else:
                pieces.append(f"the recogniser’s {struck} left out")
        return " · ".join([*pieces, in_either(render_plain(footnote.reason), lang)])

    def _doubt(self, span: Span) -> str:
        key = ("", str(span.offset), "")
        question = in_either(escape(span.question), self.transcript.edition.lang)
        text = f"**Doubt** · {question} {link('Do you know?', '../doubts.md')}"
        self.notes[key] = _Note(self._label("doubt"), text)
        return self.notes[key].label

    def _label(self, wanted: str) -> str:
        base = _NO_LABEL.sub("-", wanted.lower()).strip("-") or "note"
        label, number = base, self.numbers.get(base, 1)
        while label in self.labels:
            number += 1
            label = f"{base}-{number}"
        self.labels.add(label)
        self.numbers[base] = number
        return label

    def render_footnotes(self) -> str:
        if not self.notes:
            return ""
        definitions = [f"[^{note.label}]: {note.text}" for note in self.notes.values()]
        heading = f"## Corrections and notes {{ #{NOTES_ID} }}"
        return "\n\n".join([heading, _FOOTNOTES_HERE, "\n".join(definitions)]) + "\n"


def put_in_akin(page: bytes, akin: Mapping[int, Sequence[Akin]]) -> bytes:
    """A page with the chapters of other transcripts that are like its own, by chapter.

    They are put in last: all else on the page is the transcript's own, and stays when its kin go.
    """

    def rendered(place: re.Match[bytes]) -> bytes:
        found = akin.get(int(place["chapter"]))
        if not found:
            return b""
        line = f"Also discussed in: {_render_akin(found)}\n{{: .sic-themes .sic-akin }}\n\n"
        return line.encode()

    return _AKIN_PLACE.sub(rendered, page)


def _render_akin(akin: Iterable[Akin]) -> str:
    """Links to chapters, those of one transcript together, the transcript of the nearest first."""
    by_transcript: dict[str, list[Akin]] = {}
    for chapter in akin:
        by_transcript.setdefault(chapter.path, []).append(chapter)
    return "; ".join(
        ", ".join(
            (
                *map(_render_chapter, chapters),
                in_language(escape(chapters[0].transcript), chapters[0].lang),
                render_date(chapters[0].date),
            )
        )
        for chapters in by_transcript.values()
    )


def _render_chapter(akin: Akin) -> str:
    target = f"../{akin.path}#{akin.address}"
    title = in_language(escape(akin.title), akin.lang)
    return link(title, target, f"Both name {', '.join(akin.terms)}")


def _plain(
    span: Span,
    said: int,
    cuts: Sequence[int],
    anchors: Mapping[int, str],
    styled: list[_Styled],
    edges: Container[int],
) -> Iterator[_Atom]:
    """A plain span, divided at `edges`; `anchors` are the addresses that begin in it.

    What lies before it is taken off the end of `styled`.
    """
    words = span.said.replace("\n", " ")
    # Of words that need no escape, no part needs one.
    bare = escape(words) == words
    dressed = span.emphasis or span.target != ""
    pieces: list[str] = []
    atom = said
    for begin, end in pairwise(cuts):
        if begin in edges:
            yield _Atom(atom, "".join(pieces))
            pieces, atom = [], begin
        if begin in anchors:
            pieces.append(anchors[begin])
        text = words[begin - said : end - said]
        if not bare:
            text = escape(text)
        while styled and styled[-1].end <= begin:
            styled.pop()
        style = styled[-1].style if styled and styled[-1].start <= begin else ""
        if style:
            text = f'<span class="{style}">{text}</span>'
        pieces.append(_wrap(span, text) if dressed else text)
    yield _Atom(atom, "".join(pieces))


def _anchor(address: str) -> str:
    # No <a>: it may stand inside a link, and a link ends where another <a> begins.
    return f'<span id="{address}"></span>'


def _wrap(span: Span, text: str) -> str:
    """Words of a span, as Markdown, in the emphasis and the link in which it stands."""
    if span.emphasis:
        text = f"<em>{text}</em>"
    return link(text, span.target) if span.target else text
