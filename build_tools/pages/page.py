"""A transcript's page: every word, its address, its corrections and notes, its terms."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from build_tools.model.edition import UNKNOWN_LABEL, Mark
from build_tools.model.glossary import Glossary
from build_tools.model.theme import QuotingTheme
from build_tools.pages import markdown as md
from build_tools.pages.opening import render_about, render_opening, render_parts
from build_tools.text.catalogue import site_language, tr
from build_tools.text.language import runs_right_to_left
from build_tools.text.wording import render_place
from build_tools.transcript import statements
from build_tools.transcript.layout import LaidOutParagraph, Layout, Note, Run
from build_tools.transcript.sense import describe_sense_change

_NO_LABEL = re.compile(r"[^a-z0-9]+")
# The call of a note.
_CALL = r"(?:<sup [^<>]*><a [^<>]*>[0-9?]+</a></sup>)"
# Calls stand behind the punctuation that follows them. A match begins at the first of several calls
# alone, so that the search takes no longer the more there are.
_CALLS_BEFORE_STOP = re.compile(rf"(?<!</sup>)({_CALL}++)([.,;:!?…”)،؛؟]+)")
# Stands where a mark leaves words out: the blank before it is removed if a blank, a stop or the end
# of the paragraph follows.
_NOTHING = "\0"
_BLANK_BEFORE_NOTHING = re.compile(
    rf" +((?:<span [^>]*></span>)*<ins [^>]*></ins>{_NOTHING}{_CALL}*)(?=[\s.,;:!?…”)،؛؟]|$)"
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
    page = _Page(layout, glossary, themes)
    return "".join(
        (
            md.render_head(edition.title, edition.description, head),
            render_opening(layout, glossary),
            *map(page.render_chapter, range(len(edition.chapters))),
            render_about(layout, control),
        )
    )


class _Page:
    """Renders the layout of a transcript from top to bottom."""

    def __init__(
        self, layout: Layout, glossary: Glossary, themes: Mapping[int, Sequence[QuotingTheme]]
    ) -> None:
        self.layout, self.glossary, self.themes = layout, glossary, themes
        self.edition = layout.transcript.edition
        self.language = md.language_attributes(self.edition.lang)
        self.labels = _label_notes(layout.notes)
        # Doubts have no number on the page.
        explained = (note.number for note in layout.notes if note.footnote)
        self.signs = {number: str(sign) for sign, number in enumerate(explained, 1)}
        # Slugs of entries, and speakers, whose first link has the title.
        self.titled: set[str] = set()
        self.called: Counter[str] = Counter()
        self.below: list[Note] = []
        self.margin = _Margin()

    def render_chapter(self, number: int) -> str:
        chapter = self.edition.chapters[number]
        self.margin.text += 5
        pieces = []
        if chapter.title:
            attributes = f"#{self.layout.transcript.chapter_ids[number]}{self.language}"
            pieces.append(f"## {md.escape(chapter.title)} {{ {attributes} }}\n\n")
        if chapter.summary:
            words = md.in_either(md.render_plain(chapter.summary), self.edition.lang)
            pieces.append(f"{words}\n{{: .sic-summary }}\n\n")
        pieces += map(self._paragraph, self.layout.chapter(number))
        if themes := self.themes.get(number):
            links = (md.link(md.escape(theme.title), f"../{theme.path}") for theme in themes)
            told = tr("Then and now: {themes}", themes=", ".join(links))
            pieces.append(f"{told}\n{{: .sic-themes }}\n\n")
        return "".join(pieces)

    def _paragraph(self, paragraph: LaidOutParagraph) -> str:
        place, cue = paragraph.place, paragraph.cue
        opening = ""
        if cue:
            # The line or the time leads to the first word.
            own = f"#{paragraph.address} " if paragraph.has_address else ""
            shown = render_place(cue.start, cue.address)
            opening = md.link(shown, f"#{paragraph.address}", "", f"{own}.sic-at")
        if paragraph.shows_speaker:
            opening += f" {self._name(place.speaker)}{self._calls(paragraph.notes)}"
        words = self._words(paragraph.runs)
        turns = paragraph.shows_speaker or place.names_speaker
        attributes = f"{{: {'.sic-turn' if turns else '.sic-on'}{self.language} }}"
        late = self.margin.pass_paragraph(place.said_end - place.said_start)
        notes = "".join(self._note(note, late=late) for note in self.below)
        self.below.clear()
        # Engines look for a table in the first of several lines, so that is no long one.
        return f"{opening}\n{words}\n{attributes}\n\n{notes}".lstrip()

    def _name(self, speaker: str) -> str:
        if speaker:
            shown, full_name = md.escape(speaker), self.edition.speakers.get(speaker, speaker)
            entry = self.glossary.by_term.get(full_name)
            if not entry:
                return f'<span class="sic-speaker">{shown}</span>'
            slug = "" if speaker in self.titled else entry.slug
            self.titled.add(speaker)
            return md.link(shown, f"../{entry.path}", "", ".sic-speaker", entry=slug)
        side = "rtl" if runs_right_to_left(site_language()) else "ltr"
        own = f' lang="{site_language()}" dir="{side}"' if self.language else ""
        return f'<span class="sic-speaker" data-voice="unknown"{own}>{tr(UNKNOWN_LABEL)}</span>'

    def _words(self, runs: Iterable[Run]) -> str:
        text = "".join(self._pieces(runs))
        if _NOTHING in text:
            text = _BLANK_BEFORE_NOTHING.sub(r"\1", text).replace(_NOTHING, "")
        text = text.strip()
        return md.as_line(_CALLS_BEFORE_STOP.sub(r"\2\1", text) if "<sup " in text else text)

    def _pieces(self, runs: Iterable[Run]) -> Iterator[str]:
        """The Markdown of runs; notes that are called inside a link stand behind it."""
        for mention, group in groupby(runs, key=attrgetter("mention")):
            if not mention:
                for run in group:
                    yield from (_render_ids(run), _render_words(run), self._calls(run.notes))
                continue
            inside = list(group)
            entry = self.glossary.by_slug[mention.entry]
            # The link bears the address of its first word.
            bears = bool(ids := _list_ids(inside[0])) and not ids[0][1]
            own = f"#{ids[0][0]} " if bears else ""
            words = "".join(
                _render_ids(run, bears and run is inside[0]) + _render_words(run) for run in inside
            )
            # Long pages are mostly titles: the first mention has it for all.
            new = entry.slug not in self.titled
            self.titled.add(entry.slug)
            title, slug = (f"{entry.term}: ", entry.slug) if new else ("", "")
            link = md.link("", f"../{entry.path}", title, f"{own}.sic-term", entry=slug)
            yield f"[{words}{link[1:]}"
            yield from (self._calls(run.notes) for run in inside)

    def _calls(self, notes: Iterable[Note]) -> str:
        """The signs of notes, which come below the paragraph that calls them first."""
        calls = ""
        for note in notes:
            label = self.labels[note.number]
            self.called[label] += 1
            again = self.called[label]
            if again == 1:
                self.below.append(note)
            calls += (
                f'<sup id="fnref{again if again > 1 else ""}:{label}">'
                f'<a class="{_style_note("footnote-ref", note)}" href="#fn:{label}">'
                f"{self.signs.get(note.number, '?')}</a></sup>"
            )
        return calls

    def _note(self, note: Note, *, late: bool) -> str:
        label, lang = self.labels[note.number], self.edition.lang
        if note.footnote:
            told = md.in_either(md.render_plain(note.footnote.reason), lang)
        else:
            asked = render_parts([statements.ask_answer()])
            told = f"{md.in_either(md.escape(note.question), lang)} {asked}"
        name, hearing = statements.name_note(note), statements.describe_hearing(note)
        parts = (f"<strong>{name}</strong>", render_parts(hearing, lang), told)
        words = " · ".join(filter(None, parts))
        self.margin.put(len(words))
        back = md.link(self.signs.get(note.number, "?"), f"#fnref:{label}")
        style = _style_note("sic-note sic-late" if late else "sic-note", note)
        attributes = f'class="{style}" id="fn:{label}" role="note"'
        return f"<p {attributes}>{md.as_html(f'{back} {words}', self.edition.path)}</p>\n\n"


class _Margin:
    """How far text and notes reach, in lines of text, by the usual number of letters in a line.

    A paragraph stands beside its notes only if the notes before it leave room: it would have to
    move down, since no float may begin above an earlier one.
    """

    def __init__(self) -> None:
        self.text = self.begin = self.end = 0.0
        self.note = -1.0

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


def _list_ids(run: Run) -> list[tuple[str, int]]:
    """The addresses in a run, and how many of its words stand before each."""
    return [*((cue.cue.address, cue.skipped) for cue in run.cues if cue.needs_id), *run.words]


def _render_ids(run: Run, borne: bool = False) -> str:
    """The addresses in a run, and a sign that says what witnesses heard at its words.

    The first is left out if its link has it.
    """
    # No <a>: it may stand inside a md.link, and a link ends where another <a> begins.
    spans = "".join(
        f'<span id="{name}"' + f' data-skip="{skipped}"' * (skipped > 0) + "></span>"
        for name, skipped in _list_ids(run)[borne:]
    )
    if not run.variants:
        return spans
    heard = md.escape_value("; ".join(map(statements.describe_variant, run.variants)))
    return f'{spans}<span class="sic-variant" title="{heard}"></span>'


def _render_words(run: Run) -> str:
    """The words of a run without the notes behind it, in its emphasis and its link."""
    span = run.span
    if span.mark is Mark.NOTE:
        return ""
    if span.non_speech:
        # Readers who hear the page are told too that nobody says this.
        unseen = f'<span class="sic-hidden">{tr("no words: ")}</span>'
        return f'<span class="sic-non-speech">{unseen}{md.escape(run.shown)}</span>'
    words = md.escape(run.said)
    if span.mark is Mark.CHANGE:
        words = _render_change(run, words)
        if not run.said:
            return words
    elif span.mark is Mark.DOUBT:
        words = f'<span class="sic-doubt">{words}</span>'
    words = f"<em>{words}</em>" if span.emphasis else words
    return md.link(words, span.target) if span.target else words


def _render_change(run: Run, words: str) -> str:
    heard = md.escape_value(" ".join(run.span.heard.split()))
    kind = run.placed.reason.kind.value if run.placed.reason else ""
    sure = " sic-conjecture" if run.conjecture else ""
    sense = " sic-sense" if describe_sense_change(run.span.heard, run.said) else ""
    opening = f'<ins class="sic-{kind}{sure}{sense}" data-heard="{heard}">'
    return f"{opening}{words}</ins>{'' if run.said else _NOTHING}"


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
