"""The map of a conversation as SVG, and tables: shares of the speakers, witnesses.

The x axis is time, or words for a source without times. The map has no text but its ends and the
names of chapters; the table of shares is its key, and says the same in words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from build_tools.model.edition import BASE, UNKNOWN_LABEL, Mark
from build_tools.model.transcript import Transcript
from build_tools.pages.markdown import escape_html, escape_label, in_language
from build_tools.text.catalogue import tr
from build_tools.text.timecode import render_clock
from build_tools.text.wording import render_address, render_minutes, render_number, render_percent

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
    if not speakers:
        return ""
    height = (len(speakers) + 3) * _ROW
    drawn = "".join(_draw(transcript, speakers, height))
    first, last = (cue.start for cue in (transcript.source.cues[0], transcript.source.cues[-1]))
    ends = (tr("{minutes} min", minutes=0), render_minutes(len(transcript.source.words)))
    if first is not None and last is not None:
        ends = (render_clock(first), render_clock(last))
    return (
        f'<figure class="sic-map"><svg viewBox="0 0 {_WIDTH} {height}" preserveAspectRatio="none"'
        f' role="group" aria-label="{tr("Map of the conversation")}">{drawn}'
        f'<rect class="sic-here" width="3" height="{height}" x="-9"/></svg>'
        f"<figcaption><span>{ends[0]}</span><output></output><span>{ends[1]}</span></figcaption>"
        "</figure>\n\n"
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


def _list_voices(transcript: Transcript) -> list[str]:
    """The speakers, and "" if the voice of some words is unknown; none without chapters."""
    speakers = list(transcript.edition.speakers)
    if not any(chapter.title for chapter in transcript.edition.chapters):
        return []
    return [*speakers, ""] if speakers and _count_words(transcript)["", None] else speakers


def _draw(transcript: Transcript, speakers: list[str], height: int) -> Iterator[str]:
    """A path for each row: chapters, the turns of each speaker, corrections, doubts; then links."""
    locate = _locator(transcript)
    chapters = [
        (number, locate(first), locate(end)) for number, first, end in list_chapters(transcript)
    ]
    yield _path("chapter", 0, ((left, right - 2) for _, left, right in chapters))
    for lane, speaker in enumerate(speakers):
        turns = (turn for turn in transcript.turns if turn.speaker == speaker)
        edges = ((locate(turn.first_word), locate(turn.end_word)) for turn in turns)
        yield _path(f"lane-{lane % _COLOURS}", lane + 1, edges)
    for row, (kind, mark) in enumerate((("correction", Mark.CHANGE), ("doubt", Mark.DOUBT)), 1):
        words = (one.word for one in transcript.occurrences if one.placed.span.mark is mark)
        yield _path(f"tick-{kind}", len(speakers) + row, ((locate(word),) * 2 for word in words))
    for number, left, right in chapters:
        label = escape_label(transcript.edition.chapters[number].title or tr("Beginning"))
        width = max(round(right) - round(left), _NARROWEST)
        yield (
            f'<a href="#{transcript.chapter_ids[number]}"><title>{label}</title>'
            f'<rect x="{round(left)}" width="{width}" height="{height}"/></a>'
        )


def _path(style: str, row: int, edges: Iterable[tuple[float, ...]]) -> str:
    """One element for all bars of a row, since every element costs each reader."""
    bars = []
    for left, right in edges:
        width = max(round(right) - round(left), _NARROWEST)
        bars.append(f"M{round(left)} {row * _ROW}h{width}v{_LANE}h-{width}z")
    return f'<path class="sic-{style}" d="{"".join(bars)}"/>'


def render_shares(transcript: Transcript) -> str:
    """The words of each speaker in each chapter, as a table; "" where there is no map."""
    speakers, words = _list_voices(transcript), _count_words(transcript)
    if not speakers:
        return ""
    rows = []
    for number, chapter in enumerate(transcript.edition.chapters):
        title = escape_label(chapter.title or tr("Beginning"))
        place = f'<a href="#{transcript.chapter_ids[number]}">{title}</a>'
        rows.append((place, *(render_number(words[name, number]) for name in speakers)))
    total = max(sum(words[name, None] for name in {*speakers, ""}), 1)
    shares = (render_percent(round(100 * words[name, None] / total)) for name in speakers)
    heads = (
        f'<span class="sic-key sic-lane-{number % _COLOURS}"></span>'
        f"{escape_html(name or tr(UNKNOWN_LABEL))}"
        for number, name in enumerate(speakers)
    )
    caption = tr("Words by chapter and speaker, in the colours of the map")
    table = ((tr("Chapter"), *heads), *rows, (tr("All"), *shares))
    return _render_details(tr("Who speaks how much"), caption, table)


def _count_words(transcript: Transcript) -> Counter[tuple[str, int | None]]:
    """The number of words of each speaker, "" for an unknown one, by chapter and (None) in all."""
    words: Counter[tuple[str, int | None]] = Counter()
    for turn in transcript.turns:
        for chapter in (turn.chapter, None):
            words[turn.speaker, chapter] += turn.end_word - turn.first_word
    return words


def render_apparatus(transcript: Transcript) -> str:
    """Where witnesses heard other words, as a table with a column for each; "" without any.

    A dash stands where one heard nothing; a cell is empty if it lacks the part.
    """
    source, edition = transcript.source, transcript.edition
    if not transcript.apparatus:
        return ""
    rows = []
    for first, _, readings in transcript.apparatus:
        read = {letter: text or "—" for letters, text in readings for letter in letters}
        texts = (read.get(letter, "") for letter in (BASE, *transcript.witnesses))
        cells = (in_language(escape_label(text), edition.lang) for text in texts)
        cue, address = source.cue_at(first), source.address_at(first)
        place = f'<a href="#{address}">{render_address(cue.start, cue.address)}</a>'
        rows.append((place, *cells))
    named = ((letter, edition.witnesses[letter]) for letter in transcript.witnesses)
    told = ((letter, " ".join(filter(None, (one.engine, one.date)))) for letter, one in named)
    heads = (
        escape_label(": ".join(filter(None, one))) for one in ((BASE, tr("this source")), *told)
    )
    caption = tr("Words of other recognisers where they are not those of the source")
    summary = tr("Where the recognisers differ")
    return _render_details(summary, caption, ((tr("Place"), *heads), *rows), ' id="recognisers"')


def _render_details(
    summary: str, caption: str, table: Iterable[Sequence[str]], name: str = ""
) -> str:
    """A table, closed by default; its first row and its first column are heads."""
    heads, *rows = table
    # Engines would read end tags too.
    head = "".join(f'<th scope="col">{one}' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{first}{"".join(f"<td>{cell}" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return (
        f'<details class="sic-shares"><summary>{summary}</summary>'
        f'<table class="sic-share-table"{name}><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details>\n\n"
    )
