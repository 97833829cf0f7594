"""A transcript's page: every word, its address, its corrections and notes, its terms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from build_tools.model.edition import UNKNOWN_LABEL, Mark, Span
from build_tools.model.glossary import Glossary
from build_tools.model.theme import QuotingTheme
from build_tools.model.transcript import ApparatusEntry
from build_tools.pages.markdown import (
    as_line,
    escape,
    escape_value,
    in_either,
    language_attributes,
    link,
    render_block,
    render_head,
    render_plain,
)
from build_tools.pages.opening import (
    render_about,
    render_name,
    render_opening,
    render_parts,
)
from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.wording import render_place
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run
from build_tools.transcript.sense import describe_sense_change
from build_tools.transcript.statements import (
    ask_answer,
    describe_hearing,
    describe_variant,
    name_note,
)


def render_transcript_page(
    layout: Layout,
    control: str,
    glossary: Glossary,
    themes: Mapping[int, Sequence[QuotingTheme]],
    head: Mapping[str, object],
) -> str:
    """The page of a transcript, as Markdown.

    `control` is what leads to its files, as Markdown. By chapter, `themes` are those that quote it;
    `head` is front matter besides its own.
    """
    edition = layout.transcript.edition
    # The list of chapters replaces the theme's table of contents, which narrow screens do not have.
    head = {"hide": ["navigation", "toc"], **head}
    return "".join(
        (
            render_head(edition.title, edition.description, head),
            render_opening(layout, glossary),
            _Page(layout, glossary, themes).render_chapters(),
            render_about(layout, control),
        )
    )


_NO_LABEL = re.compile(r"[^a-z0-9]+")
# Calls of notes stand behind the punctuation that follows them. A match begins at the first of
# several calls alone, so that the search takes no longer the more there are.
_NOTES_BEFORE_STOP = re.compile(r"(?<![a-z0-9-]\])((?:\[\^[a-z0-9-]+\])++)([.,;:!?…”)،؛؟]+)")

_CALL = re.compile(r"\[\^(?P<label>[a-z0-9-]+)\]")

# Stands where a mark leaves words out: the blank before it is removed if a blank, a stop or the end
# of the paragraph follows.
_NOTHING = "\0"
_BLANK_BEFORE_NOTHING = re.compile(
    rf" +((?:<span [^>]*></span>)*<ins [^>]*></ins>{_NOTHING}(?:\[\^[a-z0-9-]+\])*)"
    r"(?=[\s.,;:!?…”)،؛؟]|$)"
)


class _Page:
    """Renders the layout of a transcript from top to bottom."""

    def __init__(
        self, layout: Layout, glossary: Glossary, themes: Mapping[int, Sequence[QuotingTheme]]
    ) -> None:
        self.transcript = layout.transcript
        self.edition = self.transcript.edition
        self.layout = layout
        self.glossary = glossary
        self.themes = themes
        self.language = language_attributes(self.edition.lang)
        self.names = dict(self.edition.speakers)
        self.labels = _label_notes(layout.notes)
        # By label: each note with its number on the page; doubts have none.
        self.notes: dict[str, tuple[Note, int]] = {}
        number = 0
        for note in layout.notes:
            number += bool(note.footnote)
            self.notes[self.labels[note.number]] = note, number if note.footnote else 0
        self.titled: set[str] = set()
        self.called: dict[str, int] = {}
        self.below: list[str] = []
        self.margin = _Margin()

    def render_chapters(self) -> str:
        return "".join(
            piece
            for number in range(len(self.edition.chapters))
            for piece in (
                self._heading(number),
                *map(self._paragraph, self.layout.chapter(number)),
                self._below_chapter(number),
            )
        )

    def _heading(self, number: int) -> str:
        chapter = self.edition.chapters[number]
        self.margin.pass_heading()
        pieces = []
        if chapter.title:
            attributes = f"#{self.transcript.chapter_ids[number]}{self.language}"
            pieces.append(f"## {escape(chapter.title)} {{ {attributes} }}\n\n")
        if chapter.summary:
            words = in_either(render_plain(chapter.summary), self.edition.lang)
            pieces.append(f"{words}\n{{: .sic-summary }}\n\n")
        return "".join(pieces)

    def _below_chapter(self, number: int) -> str:
        """The themes of a chapter."""
        themes = self.themes.get(number, ())
        links = ", ".join(link(escape(theme.title), f"../{theme.path}") for theme in themes)
        told = tr("Then and now: {themes}", themes=links)
        return f"{told}\n{{: .sic-themes }}\n\n" if themes else ""

    def _paragraph(self, paragraph: LaidOutParagraph) -> str:
        name = ""
        if paragraph.shows_speaker:
            calls = _CALL.sub(self._call, self._calls(paragraph.notes))
            name = f"{self._name(paragraph)}{calls} "
        turns = paragraph.shows_speaker or paragraph.place.names_speaker
        attributes = f"{{: {'.sic-turn' if turns else '.sic-on'}{self.language} }}"
        words = self._words(paragraph.runs)
        late = self.margin.pass_paragraph(paragraph.place.said_end - paragraph.place.said_start)
        notes = "".join(self._note(label, late=late) for label in self.below)
        self.below.clear()
        return f"{_render_own_link(paragraph)} {name}{words}\n{attributes}\n\n{notes}"

    def _name(self, paragraph: LaidOutParagraph) -> str:
        speaker = paragraph.place.speaker
        if not speaker:
            side = "rtl" if runs_right_to_left(site_language()) else "ltr"
            own = f' lang="{site_language()}" dir="{side}"' if self.language else ""
            label = tr(UNKNOWN_LABEL)
            return f'<span class="sic-speaker" data-voice="unknown"{own}>{label}</span>'
        full_name = self.names.get(speaker, speaker)
        return render_name(escape(speaker), full_name, self.glossary, ".sic-speaker")

    def _words(self, runs: Iterable[Run]) -> str:
        """The words of a paragraph: marks, addresses, and links round the linked mentions."""
        text = "".join(self._pieces(runs))
        if _NOTHING in text:
            text = _BLANK_BEFORE_NOTHING.sub(r"\1", text).replace(_NOTHING, "")
        text = text.strip()
        if "[^" in text:
            text = _NOTES_BEFORE_STOP.sub(r"\2\1", text)
        return _CALL.sub(self._call, as_line(text))

    def _pieces(self, runs: Iterable[Run]) -> Iterator[str]:
        """The Markdown of runs; notes that are called inside a link stand behind it."""
        for mention, group in groupby(runs, key=attrgetter("mention")):
            inside = list(group)
            if not mention:
                for run in inside:
                    yield from (_render_ids(run), _render_words(run), self._calls(run.notes))
                continue
            entry = self.glossary.by_slug[mention.entry]
            words = "".join(_render_ids(run) + _render_words(run) for run in inside)
            # Long pages are mostly titles: the first mention has it for all.
            title = "" if entry.slug in self.titled else f"{entry.term}: {entry.short}"
            self.titled.add(entry.slug)
            yield f"[{words}" + link("", f"../{entry.path}", title, ".sic-term")[1:]
            yield from (self._calls(run.notes) for run in inside)

    def _calls(self, notes: Iterable[Note]) -> str:
        return "".join(f"[^{self.labels[note.number]}]" for note in notes)

    def _call(self, call: re.Match[str]) -> str:
        """The sign of a note, which comes below the paragraph that calls it first."""
        label = call["label"]
        note, number = self.notes[label]
        again = self.called.get(label, 1)
        self.called[label] = again + 1
        if again == 1:
            self.below.append(label)
        place = f"fnref{again if again > 1 else ''}:{label}"
        sign = number or "?"
        return (
            f'<sup id="{place}"><a class="{_style_note("footnote-ref", note)}" href="#fn:{label}">'
            f"{sign}</a></sup>"
        )

    def _note(self, label: str, *, late: bool) -> str:
        note, number = self.notes[label]
        back = link(str(number or "?"), f"#fnref:{label}")
        words = _render_note(note, self.edition.lang)
        self.margin.put(len(words))
        style = _style_note("sic-note sic-late" if late else "sic-note", note)
        return render_block("p", f'class="{style}" id="fn:{label}" role="note"', f"{back} {words}")


class _Margin:
    """How far text and notes reach, in lines of text, by the usual number of letters in a line.

    A paragraph stands beside its notes only if the notes before it leave room: it would have to
    move down, since no float may begin above an earlier one.
    """

    def __init__(self) -> None:
        self.text = 0.0
        self.begin = 0.0
        self.note = -1.0
        self.end = 0.0

    def pass_heading(self) -> None:
        self.text += 5

    def pass_paragraph(self, letters: int) -> bool:
        """Whether the notes of a paragraph have to come below it."""
        late = self.note > self.text - 1
        height = -(-letters // 64) + 0.5
        self.begin = self.text + height if late else self.text
        self.text += height
        return late

    def put(self, letters: int) -> None:
        """Counts in a note of the last paragraph; its line is smaller than one of text."""
        self.note = max(self.begin, self.end)
        self.end = self.note + 0.63 * -(-letters // 37) + 1


def _style_note(style: str, note: Note) -> str:
    """Classes that tell corrections and doubts from remarks."""
    if not note.footnote:
        return f"{style} sic-ask"
    return f"{style} sic-fix" if note.footnote.kind.is_correction else style


def _render_own_link(paragraph: LaidOutParagraph) -> str:
    """The visible link of a paragraph, which shows its line or time and leads to its first word."""
    cue = paragraph.cue
    if not cue:
        return ""
    shown = render_place(cue.start, cue.address)
    own = f"#{paragraph.address} " if paragraph.has_address else ""
    return link(shown, f"#{paragraph.address}", "", f"{own}.sic-at")


def _render_ids(run: Run) -> str:
    ids = [(cue.cue.address, cue.skipped) for cue in run.cues if cue.needs_id]
    # No <a>: it may stand inside a link, and a link ends where another <a> begins.
    return "".join(
        f'<span id="{name}"' + f' data-skip="{skipped}"' * (skipped > 0) + "></span>"
        for name, skipped in (*ids, *run.words)
    ) + (_render_variant(run.variant) if run.variant else "")


def _render_variant(entry: ApparatusEntry) -> str:
    """The sign at words that witnesses heard otherwise; it says what they heard."""
    return f'<span class="sic-variant" title="{escape_value(describe_variant(entry))}"></span>'


def _render_words(run: Run) -> str:
    """The words of a run without the notes behind it."""
    span = run.span
    if span.mark is Mark.NOTE:
        return ""
    if span.non_speech:
        # Readers who hear the page are told too that nobody says this.
        unseen = f'<span class="sic-hidden">{tr("no words: ")}</span>'
        return f'<span class="sic-non-speech">{unseen}{escape(run.shown)}</span>'
    if span.mark is Mark.CHANGE:
        return _render_change(run)
    words = escape(run.said.replace("\n", " ")) if span.mark is Mark.PLAIN else escape(run.said)
    if span.mark is Mark.DOUBT:
        words = f'<span class="sic-doubt">{words}</span>'
    return _wrap_in_span(span, words)


def _render_change(run: Run) -> str:
    heard = escape_value(" ".join(run.span.heard.split()))
    kind = run.placed.reason.kind.value if run.placed.reason else ""
    sure = " sic-conjecture" if run.conjecture else ""
    sense = " sic-sense" if describe_sense_change(run.span.heard, run.said) else ""
    opening = f'<ins class="sic-{kind}{sure}{sense}" data-heard="{heard}">'
    if not run.said:
        return f"{opening}</ins>{_NOTHING}"
    return _wrap_in_span(run.span, f"{opening}{escape(run.said)}</ins>")


def _wrap_in_span(span: Span, text: str) -> str:
    """Words of a span, as Markdown, in the emphasis and the link in which it stands."""
    if span.emphasis:
        text = f"<em>{text}</em>"
    return link(text, span.target) if span.target else text


def _render_note(note: Note, lang: str) -> str:
    pieces = [f"<strong>{name_note(note)}</strong>", render_parts(describe_hearing(note), lang)]
    if note.footnote:
        pieces.append(in_either(render_plain(note.footnote.reason), lang))
    else:
        pieces.append(f"{in_either(escape(note.question), lang)} {render_parts([ask_answer()])}")
    return " · ".join(filter(None, pieces))


def _label_notes(notes: Iterable[Note]) -> dict[int, str]:
    """The label of each note on the page, by the note's number; a number makes it unique."""
    labels: dict[int, str] = {}
    taken: set[str] = set()
    last: dict[str, int] = {}
    for note in notes:
        wanted = note.footnote.label if note.footnote else "doubt"
        base = _NO_LABEL.sub("-", wanted.lower()).strip("-") or "note"
        label, number = base, last.get(base, 1)
        while label in taken:
            number += 1
            label = f"{base}-{number}"
        taken.add(label)
        last[base] = number
        labels[note.number] = label
    return labels
