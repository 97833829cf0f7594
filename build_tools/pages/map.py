"""The map of a conversation as SVG, and tables: shares of the speakers, witnesses.

The x axis is time, or words for a source without times. The map has no text but its ends and the
names of chapters; the table of shares is its key, and says the same in words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from build_tools.model.edition import BASE, UNKNOWN_LABEL, Mark
from build_tools.model.transcript import Transcript
from build_tools.pages.markdown import escape_html, escape_label, in_language
from build_tools.text.catalogue import tr
from build_tools.text.timecode import render_clock
from build_tools.text.wording import (
    render_address,
    render_minutes,
    render_number,
    render_percent,
)

_WIDTH = 1000
_LANE = 10
_ROW = 14
# The width of a tick and of the shortest turn, still visible on a narrow screen.
_NARROWEST = 2
# The colours of speakers begin again behind the last.
_COLOURS = 4


def list_chapters(transcript: Transcript) -> list[tuple[int, int, int]]:
    """Each chapter that has words: its number, its first word, and the word behind its last."""
    first_words = {one.chapter: one.first_word for one in reversed(transcript.paragraphs)}
    found = sorted(first_words.items())
    ends = [first for _, first in found[1:]] + [len(transcript.source.words)]
    return [(number, first, end) for (number, first), end in zip(found, ends, strict=True)]


def render_map(transcript: Transcript) -> str:
    """The map in HTML; "" for a transcript without chapters or speakers."""
    speakers = _list_voices(transcript)
    if not speakers or not any(chapter.title for chapter in transcript.edition.chapters):
        return ""
    locate = _locator(transcript)
    height = (len(speakers) + 3) * _ROW
    named = f'role="group" aria-label="{tr("Map of the conversation")}"'
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none" {named}>',
        *_draw_lanes(transcript, locate, speakers),
        *_draw_chapters(transcript, locate, height),
        f'<rect class="sic-here" width="3" height="{height}" x="-9"/>',
        "</svg>",
    ]
    first, last = (cue.start for cue in (transcript.source.cues[0], transcript.source.cues[-1]))
    ends = (tr("{minutes} min", minutes=0), render_minutes(len(transcript.source.words)))
    if first is not None and last is not None:
        ends = (render_clock(first), render_clock(last))
    caption = f"<span>{ends[0]}</span><output></output><span>{ends[1]}</span>"
    return (
        f'<figure class="sic-map">{"".join(parts)}<figcaption>{caption}</figcaption></figure>\n\n'
    )


def _locator(transcript: Transcript) -> Callable[[int], float]:
    """The function from the number of a word to its place on the map, from 0 to `_WIDTH`."""
    source = transcript.source
    first, last = source.cues[0].start, source.cues[-1].start
    if first is None or last is None or last <= first:
        words = max(len(source.words), 1)
        return lambda word: _WIDTH * min(word, words) / words
    # The last cue has no end in the source: draw it with the average length of a cue.
    whole = (last - first) * len(source.cues) / max(len(source.cues) - 1, 1)

    def locate(word: int) -> float:
        if word >= len(source.words):
            return _WIDTH
        start = source.cue_at(word).start
        return _WIDTH * ((first if start is None else start) - first) / whole

    return locate


def _draw_chapters(
    transcript: Transcript, locate: Callable[[int], float], height: int
) -> Iterator[str]:
    for number, first, end in list_chapters(transcript):
        label = escape_label(transcript.edition.chapters[number].title or tr("Beginning"))
        left, right = round(locate(first)), round(locate(end))
        yield (
            f'<a href="#{transcript.chapter_ids[number]}"><title>{label}</title>'
            f'<rect x="{left}" width="{max(right - left, _NARROWEST)}" height="{height}"/></a>'
        )


def _list_voices(transcript: Transcript) -> list[str]:
    """The speakers, and "" if the voice of some words is unknown."""
    speakers = list(transcript.edition.speakers)
    unknown = speakers and _words_by_speaker(transcript)[""]
    return [*speakers, ""] if unknown else speakers


def _draw_lanes(
    transcript: Transcript, locate: Callable[[int], float], speakers: list[str]
) -> Iterator[str]:
    """A path for each row: chapters, the turns of each speaker, corrections, doubts."""
    chapters = ((locate(first), locate(end) - 2) for _, first, end in list_chapters(transcript))
    yield _path("chapter", 0, chapters)
    for lane, speaker in enumerate(speakers):
        turns = (turn for turn in transcript.turns if turn.speaker == speaker)
        edges = ((locate(turn.first_word), locate(turn.end_word)) for turn in turns)
        yield _path(f"lane-{lane % _COLOURS}", lane + 1, edges)
    for row, (kind, mark) in enumerate((("correction", Mark.CHANGE), ("doubt", Mark.DOUBT)), 1):
        words = (one.word for one in transcript.occurrences if one.placed.span.mark is mark)
        ticks = (place for word in words for place in (locate(word),))
        yield _path(f"tick-{kind}", len(speakers) + row, ((place, place) for place in ticks))


def _path(style: str, row: int, edges: Iterable[tuple[float, float]]) -> str:
    """One element for all bars of a row, since every element costs each reader."""
    bars = []
    for left, right in edges:
        width = max(round(right) - round(left), _NARROWEST)
        bars.append(f"M{round(left)} {row * _ROW}h{width}v{_LANE}h-{width}z")
    return f'<path class="sic-{style}" d="{"".join(bars)}"/>'


def render_tables(transcript: Transcript) -> str:
    """All tables about a transcript, each closed by default."""
    return render_shares(transcript) + _render_apparatus(transcript)


def render_shares(transcript: Transcript) -> str:
    """The words of each speaker in each chapter, as a table; "" where there is no map."""
    speakers = _list_voices(transcript)
    if not speakers or not any(chapter.title for chapter in transcript.edition.chapters):
        return ""
    rows = []
    for number, chapter in enumerate(transcript.edition.chapters):
        words = _words_by_speaker(transcript, number)
        title = escape_label(chapter.title or tr("Beginning"))
        address = transcript.chapter_ids[number]
        cells = (render_number(words[name]) for name in speakers)
        rows.append(_render_row(f'<a href="#{address}">{title}</a>', cells))
    words = _words_by_speaker(transcript)
    total = max(sum(words.values()), 1)
    shares = (render_percent(round(100 * words[name] / total)) for name in speakers)
    rows.append(_render_row(tr("All"), shares))
    heads = (
        f'<span class="sic-key sic-lane-{number % _COLOURS}"></span>'
        f"{escape_html(name or tr(UNKNOWN_LABEL))}"
        for number, name in enumerate(speakers)
    )
    caption = tr("Words by chapter and speaker, in the colours of the map")
    return _render_details(tr("Who speaks how much"), caption, (tr("Chapter"), *heads), rows)


def _words_by_speaker(transcript: Transcript, chapter: int | None = None) -> Counter[str]:
    """The number of words of each speaker, "" for an unknown one, in one chapter or in all."""
    words: Counter[str] = Counter()
    for turn in transcript.turns:
        if chapter is None or turn.chapter == chapter:
            words[turn.speaker] += turn.end_word - turn.first_word
    return words


def _render_apparatus(transcript: Transcript) -> str:
    """Where witnesses heard other words, as a table with a column for each; "" without any.

    A dash stands where one heard nothing; a cell is empty if it lacks the part.
    """
    source, edition = transcript.source, transcript.edition
    rows = []
    for first, _, readings in transcript.apparatus:
        read = {letter: text or "—" for letters, text in readings for letter in letters}
        texts = (read.get(letter, "") for letter in (BASE, *transcript.witnesses))
        cells = (in_language(escape_label(text), edition.lang) for text in texts)
        cue, address = source.cue_at(first), source.address_at(first)
        place = f'<a href="#{address}">{render_address(cue.start, cue.address)}</a>'
        rows.append(_render_row(place, cells))
    named = ((letter, edition.witnesses[letter]) for letter in transcript.witnesses)
    told = ((letter, " ".join(filter(None, (one.engine, one.date)))) for letter, one in named)
    heads = (
        escape_label(": ".join(filter(None, one))) for one in ((BASE, tr("this source")), *told)
    )
    caption = tr("Words of other recognisers where they are not those of the source")
    summary = tr("Where the recognisers differ")
    if not rows:
        return ""
    return _render_details(summary, caption, (tr("Place"), *heads), rows, ' id="recognisers"')


def _render_row(head: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _render_details(
    summary: str, caption: str, heads: Iterable[str], rows: Iterable[str], name: str = ""
) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<details class="sic-shares"><summary>{summary}</summary>'
        f'<table class="sic-share-table"{name}><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>\n\n"
    )
