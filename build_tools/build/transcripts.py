"""All transcripts compiled: from the cache where their inputs are the same, else by any process."""

import os
import pickle
import re
import signal
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread

from build_tools.build import compile as steps
from build_tools.build import raise_threshold
from build_tools.build.cache import Memory, Store
from build_tools.build.compile import CompiledTranscript, CompilerSettings, Job, Steps
from build_tools.checks.summary import list_cited
from build_tools.model.address import WORD_ADDRESS
from build_tools.model.extract import Mentioned
from build_tools.model.theme import QuotingTheme, Theme
from build_tools.reading.sums import FOLDER, SUMS, parse_sums, select_sums
from build_tools.reading.tree import Tree, find_size, list_slugs
from build_tools.reading.works import WORKS, select_works

_WORD_LINK = re.compile(
    rf"(?P<slug>[a-z0-9-]{{1,100}})(?:\.md)?[ ]*#(?P<address>{WORD_ADDRESS})\b".encode()
)
# Jobs that a worker gets at once: few, so that the last worker is soon done too. Batches are sent
# ahead of the results that are taken: their files and results, a megabyte each, are in memory.
_BATCH, _AHEAD = 4, max(8, os.cpu_count() or 1)
# What a worker cached for a job, and the transcript that it compiled.
Made = tuple[dict[str, bytes], CompiledTranscript]
# Once in each worker.
_unpack = lru_cache(maxsize=1)(pickle.loads)


class TranscriptCompiler:
    """Compiles the transcripts of a tree; only a few are in memory at once."""

    def __init__(
        self, tree: Tree, settings: CompilerSettings, themes: Sequence[Theme], store: Store
    ) -> None:
        self.tree, self.settings, self.store = tree, settings, store
        self._cited = list_cited(themes)
        # By transcript, the addresses of words to which pages link that are no transcripts.
        self._linked = defaultdict[str, set[str]](set)
        for path in tree:
            if path.endswith(".md") and not path.startswith("transcripts/"):
                for slug, address, *_ in _WORD_LINK.findall(tree[path]):
                    self._linked[slug.decode()].add(address.decode())
        # By transcript, the themes that quote it, with what flows into its pages.
        self._themes = defaultdict[str, tuple[QuotingTheme, ...]](tuple)
        for theme in themes:
            for slug, lines in theme.quoted_lines.items():
                self._themes[slug] += (QuotingTheme(theme.title, theme.path, tuple(sorted(lines))),)
        self._sums = parse_sums(tree[SUMS]) if SUMS in tree else None
        self._packed = pickle.dumps((settings, store))

    def compile_all(self, executor: Executor | None = None) -> list[CompiledTranscript]:
        """Every transcript in order of slugs; processes of `executor` make missing values."""
        compiled: dict[str, CompiledTranscript] = {}

        def list_missing() -> Iterator[Job]:
            for job in map(self._job, list_slugs(self.tree)):
                cached = Steps(self.settings, job, self.store, making=False)
                try:
                    compiled[job.slug] = self._release(cached.compile())
                except steps.NotCachedError:
                    yield job

        for values, one in self._compile(list_missing(), executor):
            for key, value in values.items():
                self.store.write(key, value)
            compiled[one.summary.slug] = self._release(one)
        return [compiled[slug] for slug in list_slugs(self.tree)]

    def fetch(self, compiled: CompiledTranscript, name: str) -> bytes:
        """What `Steps.fetch` gives, made again if it is not in the cache any more."""
        kept = self.store.read(steps.file_key(compiled.pages_key, name))
        if kept is not None:
            return kept
        return Steps(self.settings, self._job(compiled.summary.slug), self.store).fetch(name)

    def _compile(self, jobs: Iterator[Job], executor: Executor | None) -> Iterator[Made]:
        """Each job compiled; jobs are read only shortly before a worker is free for them."""
        running: deque[Future[list[Made]]] = deque()
        while executor and (batch := list(islice(jobs, _BATCH))):
            if not running and len(batch) < _BATCH:
                # A worker would take longer to start.
                jobs = iter(batch)
                break
            running.append(executor.submit(compile_batch, batch, self._packed))
            if len(running) > _AHEAD:
                yield from running.popleft().result()
        for future in running:
            yield from future.result()
        for job in jobs:
            yield {}, Steps(self.settings, job, self.store).compile()

    def _release(self, compiled: CompiledTranscript) -> CompiledTranscript:
        """The same with its lists outside memory; excludes its files from pruning."""
        if not (extract := compiled.extract):
            return compiled
        names = (*compiled.paths, *steps.FETCHED)
        self.store.used |= {steps.file_key(compiled.pages_key, name) for name in names}
        texts = [*extract.lists.values()]
        for one in extract.mentioned.values():
            texts += (one.page, one.data)
        whole = self.store.spool(b"".join(map(bytes, texts)))
        ends = accumulate(map(len, texts))
        parts = (whole[end - len(text) : end] for text, end in zip(texts, ends, strict=True))
        lists = {path: next(parts) for path in extract.lists}
        mentioned = {
            slug: Mentioned(one.times, next(parts), next(parts), one.key)
            for slug, one in extract.mentioned.items()
        }
        return compiled._replace(extract=extract._replace(lists=lists, mentioned=mentioned))

    def _job(self, slug: str) -> Job:
        path = f"transcripts/{slug}.md"
        edition = self.tree[path]
        sources, recordings = steps.name_files(edition, self.store)
        files = {path: edition}
        if any(source not in self.tree for source in sources):
            files.update((name, b"") for name in self.tree if name.startswith(FOLDER))
        files.update((source, self.tree[source]) for source in sources if source in self.tree)
        if self._sums is not None:
            files[SUMS] = select_sums(self._sums, sources)
        if WORKS in self.tree and (works := select_works(self.tree[WORKS], edition)):
            files[WORKS] = works
        quoting = self._themes.get(slug, ()), self._cited.get(slug, ())
        sizes = {one: find_size(self.tree, one) for one in recordings if one in self.tree}
        return Job(slug, files, *quoting, tuple(sorted(self._linked.get(slug, ()))), sizes)


def compile_batch(jobs: Sequence[Job], packed: bytes) -> list[Made]:
    """Jobs compiled in a worker, which only reads the store."""
    settings, store = _unpack(packed)
    own = [(job, Memory(behind=store)) for job in jobs]
    return [(memory.values, Steps(settings, job, memory).compile()) for job, memory in own]


@contextmanager
def start_workers(workers: int) -> Iterator[Executor | None]:
    """An executor of worker processes; None for fewer than two, since this process can do that."""
    if workers < 2:
        yield None
        return
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with theirs, ours:
        executor = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(theirs,))
        try:
            yield executor
        except BaseException:
            # Workers end at once, whatever they are doing.
            ours.close()
            raise
        finally:
            executor.shutdown(cancel_futures=True)


def _begin(build: Connection) -> None:
    # Ctrl-C reaches every process of a terminal; only the build's own reports it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise_threshold()

    def end_with_build() -> None:
        # A worker has both ends of the pipe of work: it would wait for ever after a killed build.
        build.poll(None)
        os._exit(1)

    Thread(target=end_with_build, daemon=True).start()
