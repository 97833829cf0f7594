"""Links and quotations that people write: whether each target exists, and has the words."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from build_tools.checks.summary import CorpusSummary, Link, list_links
from build_tools.model.address import parse_address, split_address
from build_tools.model.text import Problem
from build_tools.model.theme import Quotation
from build_tools.reading.tree import list_slugs
from build_tools.text.nearness import KnownNames
from build_tools.text.urls import from_top, relative_path

# The number of a word behind an address.
_WORD = re.compile(r"(?<=[0-9])w(?!1$)[0-9]+$")
# The most broken links that are printed for one page.
_MOST_TOLD = 1000


@dataclass(frozen=True)
class Addresses:
    """The targets of links: all paths below docs/, and by path each line's last word."""

    pages: frozenset[str]
    anchors: Mapping[str, str]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The paths by the names of files."""
        return {posixpath.basename(path): path for path in sorted(self.pages)}


def check_links(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each link of an edition, entry or theme whose target does not exist."""
    anchors = {edition.path: edition.addresses for edition in corpus.editions}
    addresses = Addresses(corpus.left_out.union(corpus.paths), anchors)
    linked = [(edition.path, edition.links) for edition in corpus.editions]
    linked += (
        (entry.path, list_links(entry.text, (one.spans for one in entry.body)))
        for entry in corpus.content.entries
    )
    for theme in corpus.content.themes:
        blocks = (block for block in theme.blocks if not isinstance(block, Quotation))
        links = list_links(theme.text, (line.spans for block in blocks for line in block))
        # A link to a word needs the address of its line.
        of_lines = (one._replace(target=_WORD.sub("", one.target)) for one in links)
        linked.append((theme.path, tuple(of_lines)))
    for path, links in linked:
        yield from find_broken_links(path, links, addresses)


def check_recordings(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each recording that an edition names and docs/ does not have."""
    paths = corpus.left_out.union(corpus.paths)
    for path, place in (one for edition in corpus.editions for one in edition.recordings):
        if path not in paths:
            near = KnownNames(sorted(paths)).ask(path).rstrip()
            what = f"the recording “{path}” is not in {corpus.root}/"
            remedy = near or f"put the file there, such as {corpus.root}/assets/talk.mp3"
            yield Problem(place, what, remedy)


def find_broken_links(page: str, links: Iterable[Link], addresses: Addresses) -> Iterator[Problem]:
    """Yield a problem for each link of a page whose target does not exist or is not allowed."""
    known = KnownNames(addresses.by_name)
    listed = addresses.anchors
    last_words = cache(lambda path: dict(map(split_address, listed.get(path, "").split())))
    told = 0
    for target, place in links:
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        resolved, what, remedy = from_top(path, page) if path else page, "", ""
        if ":" in path or path.startswith("/"):
            what = f"the link “{target}” is neither an https address nor a page of this site"
            remedy = "write https://… or a relative path such as other-transcript.md#l586"
        elif resolved not in addresses.pages:
            near = known.find_near(posixpath.basename(resolved))
            meant = near and f"did you mean {relative_path(page, addresses.by_name[near])}?"
            what = f"the link “{target}” leads to no page"
            remedy = meant or "see docs/ for what there is"
        elif anchor and (nearest := _find_nearest(anchor, last_words(resolved))):
            what = f"the link “{target}” leads to no address of that transcript"
            remedy = f"the nearest is {path}#{nearest}"
        if what:
            told += 1
            yield Problem(place, what, remedy)
        if told == _MOST_TOLD:
            return


def _find_nearest(anchor: str, anchors: Mapping[str, int]) -> str:
    """The address before one that a transcript lacks; "" if it has that one."""
    line, word = split_address(anchor)
    # The first word has the address of its line.
    if not anchors or (word <= anchors.get(line, 0) and anchor != f"{line}w1"):
        return ""
    known = list(anchors)
    return known[max(bisect_right(known, _number_of(line), key=_number_of) - 1, 0)]


def _number_of(address: str) -> int:
    parsed = parse_address(address)
    return parsed.number if parsed else 0


def check_quotations(corpus: CorpusSummary) -> Iterator[Problem]:
    """Yield a problem for each quotation that its transcript lacks, if that is faithful."""
    known = {*(edition.slug for edition in corpus.editions), *list_slugs(corpus.left_out)}
    near_slugs = KnownNames(sorted(known))
    for theme in corpus.content.themes:
        # Words quoted without a link may be said in any transcript of the page.
        said: dict[tuple[int, str], bool] = {}
        for cited in theme.cited:
            answer = corpus.answers.get(cited.transcript, {}).get(cited._replace(offset=0))
            if not isinstance(cited, Quotation) and not cited.address:
                phrase = (cited.offset, cited.words)
                said[phrase] = said.get(phrase, False) or not (answer and answer.what)
            elif answer and answer.what:
                yield theme.text.problem(cited.offset, answer.what, answer.remedy)
            elif isinstance(cited, Quotation) and cited.transcript not in known:
                what = f"there is no transcript “{cited.transcript}”"
                remedy = near_slugs.ask(cited.transcript).rstrip() or "see docs/transcripts/"
                yield theme.text.problem(cited.offset, what, remedy)
        for offset, words in (phrase for phrase, found in said.items() if not found):
            what = f"nobody says “{words[:60]}” in the transcripts that this page quotes"
            yield theme.text.problem(offset, what, "quote what was said, or link to who wrote it")
