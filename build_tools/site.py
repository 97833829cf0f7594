"""The build: read all, check all, plan every file, then write what changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from build_tools.corpus import LISTINGS, THEMES, Corpus, Tree, parse_corpus, read_tree
from build_tools.fillers import find_fillers
from build_tools.front_matter import parse_head
from build_tools.kinship import ChapterKey, find_kin
from build_tools.mentions import Matcher, compile_matcher, find_mentions
from build_tools.model import (
    Akin,
    Caption,
    Entry,
    Findings,
    Masthead,
    Mention,
    Passage,
    Place,
    Problem,
    ProblemsFoundError,
    Text,
    Theme,
    Transcript,
)
from build_tools.render import captions, crawlers, data, feeds, listings, podcast
from build_tools.render.assets import render_asset
from build_tools.render.card import draw_card, make_card, make_site_card
from build_tools.render.entry import render_entry
from build_tools.render.linked_data import describe_entry, describe_transcript
from build_tools.render.page import Glossary, render_page
from build_tools.render.text import render_text
from build_tools.timing import lay_captions, time_chapters
from build_tools.transcript import (
    chapters_of_addresses,
    find_coverage,
    list_corrections,
    list_doubts,
    list_passages,
)


class Compiled(NamedTuple):
    """A transcript with all that is found in it, and the files that are made of it."""

    transcript: Transcript
    findings: Findings
    files: Mapping[str, bytes]


class Counts(NamedTuple):
    """What a build holds, for its summary."""

    transcripts: int
    words: int
    corrections: int
    doubts: int
    entries: int
    mentions: int


class Plan(NamedTuple):
    """Every file of the output by its path there, what was odd, and what it all comes to.

    `passages` are what the search of the site finds of its transcripts.
    """

    files: Mapping[str, bytes]
    passages: tuple[Passage, ...]
    warnings: tuple[Problem, ...]
    counts: Counts


class Written(NamedTuple):
    """What a build did to the output."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def check_tree(tree: Tree, root: str = "docs") -> tuple[Problem, ...]:
    """Every problem and warning of a tree, in order of place."""
    return sort_problems(parse_corpus(tree, root))


def sort_problems(corpus: Corpus) -> tuple[Problem, ...]:
    """Every problem and warning of a corpus once, in order of place."""
    return tuple(sorted(set(corpus.problems)))


def plan_site(tree: Tree, root: str = "docs", site_url: str = "") -> Plan:
    """What a tree compiles to; raises ProblemsFoundError with all problems, or compiles all.

    `site_url` is where the site will stand; without it, what needs whole addresses is left out.
    """
    corpus = parse_corpus(tree, root)
    warnings = tuple(sorted(problem for problem in set(corpus.problems) if problem.warning))
    problems = [problem for problem in corpus.problems if not problem.warning]
    if problems:
        raise ProblemsFoundError(corpus.problems)
    glossary = Glossary(
        {entry.slug: entry for entry in corpus.entries},
        {entry.term: entry for entry in corpus.entries},
    )
    matcher = compile_matcher(corpus.entries)
    quoting = _themes_by_chapter(corpus)
    found = [
        (transcript, find_in_transcript(transcript, matcher)) for transcript in corpus.transcripts
    ]
    akin = _akin_by_chapter(found, glossary)
    masthead = _read_masthead(tree, site_url)
    compiled = [
        compile_one(
            transcript,
            findings,
            glossary,
            quoting.get(transcript.edition.slug, {}),
            akin.get(transcript.edition.slug, {}),
            masthead,
        )
        for transcript, findings in found
    ]
    # What stands at the top of a site for machines may be written by hand instead.
    planned = dict(_render_top(corpus, compiled, masthead))
    planned.update(
        (path, render_asset(path, content)) for path, content in corpus.passed_through.items()
    )
    for item in compiled:
        planned.update(item.files)
    files = {
        **_render_entries(corpus, compiled, glossary, masthead),
        **_render_data(corpus.entries, compiled),
    }
    planned.update((path, text.encode()) for path, text in files.items())
    planned.update(_render_listings(corpus, compiled, masthead))
    passages = tuple(
        passage for transcript in corpus.transcripts for passage in list_passages(transcript)
    )
    return Plan(dict(sorted(planned.items())), passages, warnings, _count(corpus, compiled))


def find_in_transcript(transcript: Transcript, matcher: Matcher) -> Findings:
    """All that is found in a transcript; it depends on no other transcript."""
    return Findings(
        find_mentions(transcript, matcher),
        list_corrections(transcript),
        list_doubts(transcript),
        find_fillers(transcript),
        find_coverage(transcript),
    )


def compile_one(
    transcript: Transcript,
    findings: Findings,
    glossary: Glossary,
    themes: Mapping[int, Sequence[Theme]],
    akin: Mapping[int, Sequence[Akin]],
    masthead: Masthead,
) -> Compiled:
    """One transcript's files: a pure function of it, the glossary, and what leads on from it.

    That is, by chapter, the themes that quote it and the chapters of other transcripts akin to it.
    """
    edition = transcript.edition
    head = describe_transcript(transcript, findings, glossary.by_term, masthead)
    beside = edition.path.removesuffix(".md")
    files = {
        edition.path: render_page(transcript, findings, glossary, themes, akin, head).encode(),
        f"{beside}/transcript.json": data.render_transcript(transcript).encode(),
        f"{beside}/transcript.txt": render_text(transcript, masthead).encode(),
        f"{beside}/card.png": draw_card(make_card(transcript, findings, masthead)),
    }
    files.update(
        (f"{beside}/{edition.slug}.{suffix}", text.encode())
        for suffix, text in _render_timed(transcript, findings, masthead)
    )
    return Compiled(transcript, findings, files)


def _render_timed(
    transcript: Transcript, findings: Findings, masthead: Masthead
) -> Iterator[tuple[str, str]]:
    """What is made of a transcript with times, by the ending of its file."""
    said = lay_captions(transcript, findings.mentions)
    if not said:
        return
    yield "vtt", captions.render_webvtt(said)
    yield "heard.vtt", captions.render_webvtt(lay_captions(transcript, heard=True))
    yield "srt", _render_subrip(transcript, findings, said)
    yield "podcast.json", podcast.render_segments(said)
    times = time_chapters(transcript)
    if any(chapter.title for chapter in transcript.edition.chapters):
        yield "chapters.json", podcast.render_chapters(transcript, times, masthead)


def _render_subrip(transcript: Transcript, findings: Findings, said: tuple[Caption, ...]) -> str:
    """SubRip in which names stand so often that whoever reads it tells them from words."""
    unclear = captions.find_unclear_names(said)
    everybody = frozenset(stretch.speaker for stretch in transcript.stretches)
    for named in (unclear, everybody):
        if not unclear:
            break
        said = lay_captions(transcript, findings.mentions, named=named)
        unclear = captions.find_unclear_names(said)
    return captions.render_subrip(said, unclear)


def _read_masthead(tree: Tree, site_url: str) -> Masthead:
    """What the front matter of the home page says of the site."""
    home = Text("index.md", tree.get("index.md", b"").decode(errors="replace"))
    head = parse_head(home).values
    name, description = head.get("title"), head.get("description")
    return Masthead(
        name if isinstance(name, str) else "Transcripts",
        description if isinstance(description, str) else "",
        site_url,
    )


def _render_top(
    corpus: Corpus, compiled: Sequence[Compiled], masthead: Masthead
) -> dict[str, bytes]:
    """What machines look for at the top of the site, and the card of all other pages."""
    editions = [item.transcript.edition for item in compiled]
    texts = {
        "robots.txt": crawlers.render_robots(masthead),
        "llms.txt": crawlers.render_llms(masthead, editions, corpus.passed_through),
    }
    if masthead.url:
        texts[feeds.TRANSCRIPTS_FEED] = feeds.render_transcripts_feed(masthead, editions)
        texts[feeds.CORRECTIONS_FEED] = feeds.render_corrections_feed(
            masthead, ((item.transcript.edition, item.findings.corrections) for item in compiled)
        )
    card = make_site_card(masthead, [(item.transcript, item.findings) for item in compiled])
    return {"card.png": draw_card(card), **{path: text.encode() for path, text in texts.items()}}


def _mentions_by_entry(
    compiled: Iterable[Compiled],
) -> dict[str, list[tuple[Transcript, list[Mention]]]]:
    by_entry: dict[str, list[tuple[Transcript, list[Mention]]]] = {}
    for item in compiled:
        for mention in item.findings.mentions:
            found = by_entry.setdefault(mention.entry, [])
            if not found or found[-1][0] is not item.transcript:
                found.append((item.transcript, []))
            found[-1][1].append(mention)
    return by_entry


def _themes_by_chapter(corpus: Corpus) -> dict[str, dict[int, list[Theme]]]:
    """The themes that quote a transcript, by its slug and the number of the chapter."""
    chapters = {
        transcript.edition.slug: chapters_of_addresses(transcript)
        for transcript in corpus.transcripts
    }
    by_chapter: dict[str, dict[int, list[Theme]]] = {}
    for theme in corpus.themes:
        for quotation in theme.quotations:
            chapter = chapters[quotation.transcript][quotation.address]
            themes = by_chapter.setdefault(quotation.transcript, {}).setdefault(chapter, [])
            if theme not in themes:
                themes.append(theme)
    return by_chapter


def _akin_by_chapter(
    found: Iterable[tuple[Transcript, Findings]], glossary: Glossary
) -> dict[str, dict[int, list[Akin]]]:
    """The chapters akin to a transcript's, by its slug and the number of the chapter."""
    transcripts: dict[str, Transcript] = {}
    entries: dict[ChapterKey, set[str]] = {}
    for transcript, findings in found:
        edition = transcript.edition
        transcripts[edition.slug] = transcript
        # A chapter without a title has no name by which it could be called elsewhere.
        entries.update(
            (ChapterKey(edition.slug, number), set())
            for number, chapter in enumerate(edition.chapters)
            if chapter.title
        )
        for mention in findings.mentions:
            key = ChapterKey(edition.slug, transcript.stretches[mention.stretch].chapter)
            if key in entries:
                entries[key].add(mention.entry)
    akin: dict[str, dict[int, list[Akin]]] = {}
    for chapter, nearest in find_kin(entries).items():
        akin.setdefault(chapter.transcript, {})[chapter.number] = [
            _as_akin(
                transcripts[kin.chapter.transcript],
                kin.chapter.number,
                tuple(glossary.by_slug[entry].term for entry in kin.entries),
            )
            for kin in nearest
        ]
    return akin


def _as_akin(transcript: Transcript, number: int, terms: tuple[str, ...]) -> Akin:
    edition = transcript.edition
    return Akin(
        edition.path,
        transcript.chapter_ids[number],
        edition.chapters[number].title,
        edition.title,
        edition.date,
        edition.lang,
        terms,
    )


def _render_entries(
    corpus: Corpus, compiled: Sequence[Compiled], glossary: Glossary, masthead: Masthead
) -> dict[str, str]:
    by_entry = _mentions_by_entry(compiled)
    themes: dict[str, list[Theme]] = {}
    for theme in corpus.themes:
        for term in theme.entries:
            themes.setdefault(term, []).append(theme)
    return {
        entry.path: render_entry(
            entry,
            by_entry.get(entry.slug, []),
            glossary.by_term,
            themes.get(entry.term, ()),
            describe_entry(entry, masthead),
        )
        for entry in corpus.entries
    }


def _render_data(entries: Sequence[Entry], compiled: Sequence[Compiled]) -> dict[str, str]:
    return {
        "data/corrections.json": data.render_corrections(
            correction for item in compiled for correction in item.findings.corrections
        ),
        "data/doubts.json": data.render_doubts(
            doubt for item in compiled for doubt in item.findings.doubts
        ),
        "data/glossary.json": data.render_glossary(entries, _mentions_by_entry(compiled)),
    }


def _render_listings(
    corpus: Corpus, compiled: Sequence[Compiled], masthead: Masthead
) -> dict[str, bytes]:
    counts: dict[str, int] = {}
    for item in compiled:
        for mention in item.findings.mentions:
            counts[mention.entry] = counts.get(mention.entry, 0) + 1
    lists = (
        listings.render_transcripts((item.transcript, item.findings) for item in compiled),
        listings.render_glossary(corpus.entries, counts),
        listings.render_corrections(
            (item.transcript.edition, item.findings.corrections) for item in compiled
        ),
        listings.render_doubts((item.transcript, item.findings) for item in compiled),
    )
    titles = ("Transcripts", "Glossary", "Corrections", "Doubts")
    planned = dict(zip(LISTINGS, zip(titles, lists, strict=True), strict=True))
    if corpus.themes:
        planned[THEMES] = ("Then and now", listings.render_themes(corpus.themes))
    return {
        path: b"\n\n".join(
            (
                corpus.passed_through.get(path, f"# {title}".encode()).rstrip(),
                *_follow(path, masthead),
                listed.encode(),
            )
        )
        for path, (title, listed) in planned.items()
    }


def _follow(path: str, masthead: Masthead) -> Iterator[bytes]:
    """The line on a list that says where it can be followed."""
    feed = {
        "transcripts/index.md": f"../{feeds.TRANSCRIPTS_FEED}",
        "corrections.md": feeds.CORRECTIONS_FEED,
    }.get(path)
    if feed and masthead.url:
        yield f"[Follow what is new]({feed}) in a reader of feeds.\n{{ .sic-facts }}".encode()


def _count(corpus: Corpus, compiled: Sequence[Compiled]) -> Counts:
    return Counts(
        len(compiled),
        sum(len(item.transcript.source.words) for item in compiled),
        sum(len(item.findings.corrections) for item in compiled),
        sum(len(item.findings.doubts) for item in compiled),
        len(corpus.entries),
        sum(len(item.findings.mentions) for item in compiled),
    )


def build_site(docs: Path, output: Path, site_url: str = "") -> tuple[Plan, Written]:
    """Compiles `docs` into `output`; whatever is wrong, the output stays as it was."""
    _put_back(_set_aside(output), output)
    plan = plan_site(read_docs(docs), docs.name, site_url)
    return plan, write_tree(plan.files, output)


def read_docs(docs: Path) -> Tree:
    """The tree below `docs`; raises ProblemsFoundError where there is none or it cannot be read."""
    if not docs.is_dir():
        problem = Problem(Place(str(docs), 1), "there is no such folder", "run sic where docs/ is")
        raise ProblemsFoundError([problem])
    try:
        return read_tree(docs)
    except OSError as error:
        place = Place(str(error.filename or docs), 1)
        raise ProblemsFoundError(
            [Problem(place, f"cannot be read: {error.strerror}", "see who may read it")]
        ) from error


def write_tree(files: Mapping[str, bytes], output: Path) -> Written:
    """Puts a tree in place as a whole: a killed build leaves the old tree or the new one.

    Files that did not change are taken over as they are, time of change included.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    old = _set_aside(output)
    # An earlier build may have been killed between the two renames below, or right behind them.
    _put_back(old, output)
    shutil.rmtree(old, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        staging.chmod(0o755)
        written = [
            path for path, content in files.items() if _stage(staging, output, path, content)
        ]
        before = read_names(output)
        removed = tuple(sorted(before - files.keys()))
        if written or removed or not output.exists():
            if output.exists():
                output.rename(old)
            staging.rename(output)
            shutil.rmtree(old, ignore_errors=True)
        return Written(tuple(written), removed, len(files) - len(written))
    finally:
        _put_back(old, output)
        shutil.rmtree(staging, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Puts a file in place by rename: a killed run leaves the old file or the new one."""
    with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent, delete=False) as new:
        new.write(content)
    shutil.copymode(path, new.name)
    Path(new.name).replace(path)


def _set_aside(output: Path) -> Path:
    """Where the tree in place stands for the moment in which the new one takes its place."""
    return output.with_name(f".{output.name}.old")


def _put_back(old: Path, output: Path) -> None:
    if old.exists() and not output.exists():
        old.rename(output)


def _stage(staging: Path, output: Path, path: str, content: bytes) -> bool:
    """Lays a file ready; says whether it differs from the one in place."""
    target, current = staging / path, output / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if current.is_file() and current.read_bytes() == content:
        try:
            os.link(current, target)
        except OSError:
            shutil.copy2(current, target)
        return False
    target.write_bytes(content)
    return True


def read_names(output: Path) -> set[str]:
    """The paths of all files below a folder; none where there is no folder."""
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
