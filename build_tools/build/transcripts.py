"""Many transcripts compiled: what was compiled before is fetched, and the rest done by any process.

What a transcript comes to is kept in three values, each under a key of all that flows into it: how
it stands among the others, by its own files; which entries it names, by their forms too; and its
pages, by those entries.
"""

from __future__ import annotations

import pickle
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import accumulate, islice
from typing import NamedTuple, TypeVar

from pydantic import ConfigDict, TypeAdapter

from build_tools.build.cache import Store, make_key, version_key
from build_tools.build.compile import (
    CompiledTranscript,
    CompilerSettings,
    Job,
    NamedEntries,
    compile_chunk,
    find_in_transcript,
)
from build_tools.checks.summary import EditionSummary, SaidAt
from build_tools.model.extract import Content, Mentioned, TranscriptExtract
from build_tools.model.text import Text
from build_tools.model.theme import Theme
from build_tools.model.transcript import Correction, Findings, Passage, Transcript
from build_tools.reading.tree import Tree, list_slugs, read_edition
from build_tools.transcript.alignment import align_edition
from build_tools.transcript.mentions import compile_matcher
from build_tools.transcript.related import ChapterKey, Relation, find_related

ValueT = TypeVar("ValueT")

# What is sent to another process at once: few enough to share work out evenly.
_CHUNK = 8
# So many such chunks are out at once.
_AHEAD = 16
# Which sources an edition most likely names; that spares reading its head in this process.
_SOURCE_FILE = re.compile(rb"\bfile[\"']?[ \t]*:[ \t]*[\"']?([a-zA-Z0-9._-]+)")
# An edition names one, and perhaps a second one for its times.
_MOST_SOURCES = 2
# Beside the paths of its files, what else is fetched of a transcript.
_PASSAGES_NAME, _REGISTER_NAME, _TURNS_NAME = "passages", "register", "turns"

_SURVEY = TypeAdapter(EditionSummary)
_SAID_AT: TypeAdapter[SaidAt] = TypeAdapter(dict[str, list[str]])
_NAMING = TypeAdapter(NamedEntries)
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_REGISTER = TypeAdapter(tuple[Correction, ...])
_KIN = TypeAdapter(tuple[tuple[ChapterKey, tuple[Relation, ...]], ...])


class _Outline(NamedTuple):
    """How an extract is kept: without its portions, which lie behind it, as long as is told here.

    `lists` has the length of each list, `mentioned` of each entry how often it is named, and the
    lengths of what stands on its page and in the data.
    """

    extract: TranscriptExtract
    paths: tuple[str, ...]
    lists: dict[str, int]
    mentioned: dict[str, tuple[int, int, int]]


# No portion is in an outline: that they have no type which JSON knows does no harm.
_OUTLINE = TypeAdapter(_Outline, config=ConfigDict(arbitrary_types_allowed=True))


class CachedTranscript(NamedTuple):
    """What is known of a transcript when it is compiled, and what can be fetched of it.

    `extract` is None where it has problems; `key` is a digest of all that flows into its pages, and
    `naming_key` of what flows into other pages where it names an entry.
    """

    survey: EditionSummary
    said_at: SaidAt
    extract: TranscriptExtract | None
    key: str
    naming_key: str
    paths: tuple[str, ...]
    fetch: Callable[[str], bytes]
    fetch_words: Callable[[], str]

    def passages(self) -> tuple[Passage, ...]:
        """What a search finds of it."""
        return _PASSAGES.validate_json(self.fetch(_PASSAGES_NAME))

    def register(self) -> tuple[Correction, ...]:
        """Its corrections."""
        return _REGISTER.validate_json(self.fetch(_REGISTER_NAME))

    def turns(self) -> bytes:
        """What stands of it in the table of turns."""
        return self.fetch(_TURNS_NAME)


class CompilerResult(NamedTuple):
    """What came of all transcripts, and the slugs of those whose pages had to be made for it.

    So many `seconds` went into their files to take away.
    """

    known: tuple[CachedTranscript, ...]
    compiled: tuple[str, ...]
    seconds: float


class TranscriptCompiler:
    """Compiles the transcripts of a tree, of which no more than a few are held at once."""

    def __init__(
        self, tree: Tree, setting: CompilerSettings, themes: Sequence[Theme], store: Store
    ) -> None:
        self.tree = tree
        self.setting = setting
        self.store = store
        self.themes = _themes_by_transcript(themes)
        self.forms_key = make_key(
            *(repr((entry.slug, entry.forms, entry.see)) for entry in setting.entries)
        )
        self.entry_keys = {
            entry.slug: make_key(entry.slug, entry.text.path, entry.text.content)
            for entry in setting.entries
        }
        self.packed = pickle.dumps(setting)

    def compile_all(self, executor: Executor | None = None) -> CompilerResult:
        """Every transcript, in the order of their slugs; compiles only those not in the store."""
        slugs = list_slugs(self.tree)
        known: dict[str, CachedTranscript] = {}
        compiled = []
        seconds = 0.0
        # Of a transcript whose own files are the same it is first found out what it names now; a
        # source that cannot be told from the edition's first lines takes one more round.
        recalled: Iterator[CachedTranscript | Job] = map(self._recall, slugs)
        while True:
            jobs = _without_known(recalled, known)
            again: list[CachedTranscript | Job] = []
            for job, talk in self._compile(jobs, executor):
                compiled += [job.slug] * bool(talk.extract)
                seconds += talk.seconds
                again.append(self._keep(job, talk))
            recalled = iter(again)
            if not again:
                break
        return CompilerResult(tuple(known[slug] for slug in slugs), tuple(compiled), seconds)

    def read_all(self) -> Iterator[tuple[Transcript, Findings]]:
        """Every transcript that has no problem, read again, with all that is found in it."""
        matcher = compile_matcher(self.setting.entries)
        for slug in list_slugs(self.tree):
            sourced, _ = read_edition(slug, self.tree, self.setting.root)
            transcript = align_edition(sourced) if sourced else None
            if transcript:
                yield transcript, find_in_transcript(transcript, matcher)

    def find_related(
        self, entries: Mapping[ChapterKey, Collection[str]]
    ) -> Mapping[ChapterKey, Sequence[Relation]]:
        """The chapters akin to one another; kept for as long as they name the same entries."""
        named = (f"{chapter!r} {' '.join(found)}" for chapter, found in entries.items())
        key = make_key(version_key(), "kin", *named)
        kept = self._load(_KIN, key)
        if kept is None:
            found = find_related({chapter: frozenset(own) for chapter, own in entries.items()})
            kept = tuple(found.items())
            self._save(_KIN, key, kept)
        return dict(kept)

    def keep_whole(
        self, known: Iterable[CachedTranscript], name: str, make: Callable[[], bytes]
    ) -> bytes:
        """What is made of all transcripts and entries: kept for as long as none of them changes."""
        setting = repr((self.setting.root, self.setting.masthead))
        keys = (*self.entry_keys.values(), *(talk.key for talk in known))
        key = make_key(version_key(), "whole", name, setting, *keys)
        kept = self.store.read(key)
        if kept is None:
            kept = make()
            self.store.write(key, kept)
        return kept

    def spool(self, value: bytes) -> Content:
        """Puts away what is made already and written last."""
        return self.store.spool(value).cut(0, len(value))

    def _compile(
        self, jobs: Iterator[Job], executor: Executor | None
    ) -> Iterator[tuple[Job, CompiledTranscript]]:
        """Each job with what came of it; no more are read than are soon done."""
        running: deque[tuple[list[Job], Future[list[CompiledTranscript]]]] = deque()
        while executor and (chunk := list(islice(jobs, _CHUNK))):
            # Another process would take longer to start.
            if not running and len(chunk) < _CHUNK:
                jobs = iter(chunk)
                break
            running.append((chunk, executor.submit(compile_chunk, chunk, self.packed)))
            if len(running) > _AHEAD:
                done, future = running.popleft()
                yield from zip(done, future.result(), strict=True)
        for done, future in running:
            yield from zip(done, future.result(), strict=True)
        for job in jobs:
            yield job, compile_chunk([job], self.packed)[0]

    def _job(self, slug: str, named: tuple[str, ...] = ()) -> Job:
        path = f"transcripts/{slug}.md"
        edition = self.tree[path]
        sources = named or _guess_sources(edition)
        files = {path: edition}
        if any(source not in self.tree for source in named):
            files.update((name, b"") for name in self.tree if name.startswith("sources/"))
        files.update((source, self.tree[source]) for source in sources if source in self.tree)
        return Job(slug, files, self.themes.get(slug, ()), named)

    def _reading_key(self, job: Job) -> str:
        files = (part for file in sorted(job.files.items()) for part in file)
        return make_key(version_key(), self.setting.root, job.slug, *files)

    def _recall(self, slug: str, named: tuple[str, ...] = ()) -> CachedTranscript | Job:
        """What is kept of a transcript, or what is to be done to know it."""
        job = self._job(slug, named)
        key = self._reading_key(job)
        survey = self._load(_SURVEY, key)
        if not survey:
            return job
        if other := _other_sources(job, survey):
            return self._recall(slug, other)
        said_at = self._load(_SAID_AT, self._quoted_key(key, job)) if job.themes else {}
        if not survey.faithful or any(not problem.warning for problem in survey.problems):
            return job if said_at is None else self._known(job, key, survey, said_at)
        naming = self._load(_NAMING, make_key(key, "naming", self.forms_key))
        if said_at is None or naming is None:
            return job._replace(pages=False)
        return self._recall_pages(job, key, survey, said_at, naming)

    def _recall_pages(
        self, job: Job, key: str, survey: EditionSummary, said_at: SaidAt, naming: NamedEntries
    ) -> CachedTranscript | Job:
        pages_key = self._pages_key(key, job, naming)
        kept = self.store.read(pages_key)
        if not kept:
            return job._replace(pages=True)
        keys = pages_key, make_key(key, naming.digest)
        return self._known(job, key, survey, said_at, keys, *self._unpack(kept))

    def _keep(self, job: Job, talk: CompiledTranscript) -> CachedTranscript | Job:
        """Keeps what came of a job; where that shows that there is more to do, the next job."""
        key = self._reading_key(job)
        self._save(_SURVEY, key, talk.survey)
        if other := _other_sources(job, talk.survey):
            return self._recall(job.slug, other)
        self.store.write(make_key(key, "words"), talk.words.encode())
        if job.themes:
            self._save(_SAID_AT, self._quoted_key(key, job), talk.said_at)
        if not talk.naming:
            return self._known(job, key, talk.survey, talk.said_at)
        self._save(_NAMING, make_key(key, "naming", self.forms_key), talk.naming)
        if not talk.extract:
            return self._recall_pages(job, key, talk.survey, talk.said_at, talk.naming)
        pages_key = self._pages_key(key, job, talk.naming)
        for name, value in _parts(talk):
            self.store.write(make_key(pages_key, name), value)
        packed = _pack(talk.extract, tuple(talk.files))
        self.store.write(pages_key, packed)
        keys = pages_key, make_key(key, talk.naming.digest)
        return self._known(job, key, talk.survey, talk.said_at, keys, *self._unpack(packed))

    def _unpack(self, packed: bytes) -> tuple[TranscriptExtract, tuple[str, ...]]:
        """An extract, its portions set aside, and the paths of the transcript's files."""
        outline, _, joined = packed.partition(b"\n")
        extract, paths, lists, mentioned = _OUTLINE.validate_json(outline)
        lengths = [*lists.values(), *(one for _, *both in mentioned.values() for one in both)]
        portions = map(self.store.spool(joined).cut, accumulate(lengths, initial=0), lengths)
        extract = extract._replace(
            lists={path: next(portions) for path in lists},
            mentioned={
                entry: Mentioned(times, next(portions), next(portions))
                for entry, (times, *_) in mentioned.items()
            },
        )
        return extract, paths

    def _known(
        self,
        job: Job,
        key: str,
        survey: EditionSummary,
        said_at: SaidAt,
        keys: tuple[str, str] = ("", ""),
        extract: TranscriptExtract | None = None,
        paths: tuple[str, ...] = (),
    ) -> CachedTranscript:
        slug, named, pages_key = job.slug, job.named, keys[0]
        if extract:
            names = (*paths, _PASSAGES_NAME, _REGISTER_NAME, _TURNS_NAME)
            self.store.want(make_key(pages_key, name) for name in names)

        def again() -> CompiledTranscript:
            return compile_chunk([self._job(slug, named)], self.packed)[0]

        def fetch(name: str) -> bytes:
            kept = self.store.read(make_key(pages_key, name))
            return dict(_parts(again()))[name] if kept is None else kept

        def fetch_words() -> str:
            kept = self.store.read(make_key(key, "words"))
            return again().words if kept is None else kept.decode()

        return CachedTranscript(survey, said_at, extract, *keys, paths, fetch, fetch_words)

    def _quoted_key(self, key: str, job: Job) -> str:
        return make_key(key, "quoted", repr([theme.quotations for theme in job.themes]))

    def _pages_key(self, key: str, job: Job, naming: NamedEntries) -> str:
        entries = (self.entry_keys[slug] for slug in naming.entries)
        setting = repr((self.setting.masthead, self.setting.quick))
        return make_key(key, "pages", naming.digest, repr(job.themes), setting, *entries)

    def _load(self, kind: TypeAdapter[ValueT], key: str) -> ValueT | None:
        kept = self.store.read(key)
        try:
            return None if kept is None else kind.validate_json(kept)
        except ValueError:
            return None

    def _save(self, kind: TypeAdapter[ValueT], key: str, value: ValueT) -> None:
        self.store.write(key, kind.dump_json(value))


def _without_known(
    recalled: Iterable[CachedTranscript | Job], known: dict[str, CachedTranscript]
) -> Iterator[Job]:
    """The jobs; what is known already goes where it belongs."""
    for one in recalled:
        if isinstance(one, CachedTranscript):
            known[one.survey.slug] = one
        else:
            yield one


def _pack(extract: TranscriptExtract, paths: tuple[str, ...]) -> bytes:
    lists, mentioned = extract.lists, extract.mentioned
    outline = _Outline(
        extract._replace(lists={}, mentioned={}),
        paths,
        {path: len(portion) for path, portion in lists.items()},
        {
            entry: (found.times, len(found.page), len(found.data))
            for entry, found in mentioned.items()
        },
    )
    portions = [*lists.values()]
    for found in mentioned.values():
        portions += (found.page, found.data)
    return _OUTLINE.dump_json(outline) + b"\n" + b"".join(map(bytes, portions))


def _parts(talk: CompiledTranscript) -> Iterator[tuple[str, bytes]]:
    """All that is fetched of a transcript, by name."""
    yield from talk.files.items()
    yield _PASSAGES_NAME, _PASSAGES.dump_json(talk.passages)
    yield _REGISTER_NAME, _REGISTER.dump_json(talk.register)
    yield _TURNS_NAME, talk.turns.encode()


def _other_sources(job: Job, survey: EditionSummary) -> tuple[str, ...]:
    """The sources that an edition names, where the job has gone by a wrong guess."""
    guessed = job.named or all(source in job.files for source in survey.sources)
    return () if guessed else survey.sources


def _guess_sources(edition: bytes) -> tuple[str, ...]:
    named = islice(_SOURCE_FILE.finditer(edition, 0, edition.find(b"\n---", 1)), _MOST_SOURCES)
    return tuple(f"sources/{match[1].decode()}" for match in named)


def _themes_by_transcript(themes: Sequence[Theme]) -> dict[str, tuple[Theme, ...]]:
    """The themes that quote a transcript, each with no more than what flows into its pages."""
    by_transcript: dict[str, tuple[Theme, ...]] = {}
    for theme in themes:
        for slug in dict.fromkeys(quotation.transcript for quotation in theme.quotations):
            own = tuple(
                one._replace(offset=0) for one in theme.quotations if one.transcript == slug
            )
            plain = replace(theme, text=Text("", ""), description="", entries=(), quotations=own)
            by_transcript[slug] = (*by_transcript.get(slug, ()), plain)
    return by_transcript
