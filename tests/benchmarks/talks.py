"""Collections of any size, made of the two real transcripts and of the real glossary.

Each copy has its own words: a tenth of the ordinary ones change places by a fixed seed, in the
source and in the edition alike, so that the edition stays faithful. What stands in a mark or names
an entry stays, and with it as many marks and mentions as the real ones have.
"""

import random
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from build_tools.checks.corpus import parse_corpus
from build_tools.model.edition import Mark
from build_tools.model.transcript import Transcript
from build_tools.reading.sums import FOLDER, SUMS, render_sum
from build_tools.reading.tree import Tree, read_tree
from build_tools.reading.works import WORKS
from build_tools.text.words import find_keys

DOCS = Path(__file__).parents[2] / "docs"
_SEED = 7
_SHARE = 0.1
# How many invented entries are two adjacent words of a transcript.
_SAID = 0.1
_WORD = re.compile(r"[a-z]{3,}")
# Words, and what holds letters and is none: labels and definitions of footnotes, targets of links,
# names of speakers, headings, summaries, and clocks.
_PIECE = re.compile(
    r"""
      \[\^ [^\]\n]* \] (?: : [^\n]* )?
    | \]\( [^)\n]* \)
    | \*\* [^*\n]* :\*\*
    | ^ [\#>] [^\n]*
    | ^ \d+ (?: : \d\d )+
    | (?P<word> [A-Za-z\d]+ (?: ['’] [A-Za-z\d]+ )* )
    """,
    re.VERBOSE | re.MULTILINE,
)
_LINK = re.compile(r"\]\((?:[a-z0-9-]+\.md)?#[^)\n]*\)")
# In a page of ours, what begins a paragraph, a row or an item, and what is no word.
_BLOCK = re.compile(r"\n\n+|(?=<(?:p|tr|li|h2)\b)")
_MARKUP = re.compile(r"<[^<>]*>|\{[^{}\n]*\}|\]\([^()\n]*\)|[\[\]*`#|]+")
# Copies have other names than the transcripts to which entries link.
_TRANSCRIPT = re.compile(rb"\(\.\./transcripts/[^)\n]*\)")


class Original(NamedTuple):
    """A real transcript: its files, and the ordinary words that may change places."""

    slug: str
    source_file: str
    source: str
    head: str
    body: str
    words: tuple[str, ...]
    transcript: Transcript


def read_originals() -> tuple[Original, ...]:
    """The real transcripts, in order of their slugs."""
    tree = read_tree(DOCS)
    corpus = parse_corpus(tree)
    fixed = {key for entry in corpus.entries for form in entry.forms for key in find_keys(form)}
    for edition, _ in corpus.editions:
        for paragraph in edition.paragraphs:
            for span in paragraph.spans:
                if span.mark is not Mark.PLAIN:
                    fixed.update(find_keys(f"{span.heard} {span.said}"))
    return tuple(_original(transcript, tree, fixed) for transcript in corpus.transcripts)


def _original(transcript: Transcript, tree: Tree, fixed: set[str]) -> Original:
    edition = transcript.edition
    text = tree[edition.path].decode()
    head_end = text.index("\n---\n", 4) + len("\n---\n")
    keys = {word.key for word in transcript.heard_words}
    words = sorted(key for key in keys - fixed if _WORD.fullmatch(key))
    source = tree[f"sources/{edition.source.file}"].decode()
    # Link targets do not affect speed, and the copies have other neighbours.
    body = _LINK.sub("](index.md)", text[head_end:])
    return Original(
        edition.slug, edition.source.file, source, text[:head_end], body, tuple(words), transcript
    )


def make_tree(transcripts: int, entries: int = 0) -> Iterator[tuple[str, bytes]]:
    """Transcripts, sources and entries, one after another; without a number, the real entries."""
    real = read_tree(DOCS)
    originals = read_originals()
    yield from _make_entries(real, originals, entries)
    for number in range(transcripts):
        chance = random.Random(_SEED + number)
        yield from _copy(originals[number % len(originals)], number, chance)


def _copy(original: Original, number: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    moved = chance.sample(original.words, int(len(original.words) * _SHARE))
    others = dict(zip(moved, moved[1:] + moved[:1], strict=True))
    slug = f"{original.slug}-{number:05}"
    source_file = f"{slug}.txt"
    head = original.head.replace(original.source_file, source_file)
    head = re.sub(
        r"^date: .*",
        f"date: {2000 + number % 25}-{1 + number % 12:02}-01",
        head,
        flags=re.MULTILINE,
    )
    head = re.sub(r"^title: (.*)", rf"title: \1, {number}", head, count=1, flags=re.MULTILINE)
    yield f"sources/{source_file}", _exchange(original.source, others).encode()
    yield f"transcripts/{slug}.md", (head + _exchange(original.body, others)).encode()


def _exchange(text: str, others: Mapping[str, str]) -> str:
    def exchanged(match: re.Match[str]) -> str:
        word = match["word"]
        other = others.get(word.lower()) if word else None
        if other is None:
            return match[0]
        return other.capitalize() if word[0].isupper() else other

    return _PIECE.sub(exchanged, text)


def _make_entries(
    real: Tree, originals: tuple[Original, ...], entries: int
) -> Iterator[tuple[str, bytes]]:
    own = [path for path in sorted(real) if re.fullmatch(r"glossary/(?!index).*\.md", path)]
    slugs = "|".join(re.escape(original.slug) for original in originals)
    # Copies have other slugs than those that `only` names.
    held = re.compile(rf"(?<=[\[ ])(?:{slugs})(?=[,\]])".encode())
    yield WORKS, real[WORKS]
    real = {path: held.sub(b"everywhere", real[path]) for path in own}
    wanted = entries or len(own)
    if wanted >= len(own):
        yield from ((path, _TRANSCRIPT.sub(b"(index.md)", real[path])) for path in own)
    else:
        # Fewer than there are: their links among themselves would lead nowhere.
        for path in own[:wanted]:
            text = re.sub(r"^see: .*\n", "", real[path].decode(), flags=re.MULTILINE)
            text = re.sub(r"\]\([a-z0-9-]+\.md\)", "](index.md)", text)
            yield path, _TRANSCRIPT.sub(b"(index.md)", text.encode())
    chance = random.Random(_SEED)
    said = [word.key for original in originals for word in original.transcript.said_words]
    words = sorted({word for word in said if re.fullmatch(r"[a-z]{4,}", word)})
    for number in range(len(own), wanted):
        first, second = chance.sample(words, 2)
        if chance.random() < _SAID:
            place = chance.randrange(len(said) - 1)
            first, second = said[place], said[place + 1]
        term = f"{first} {second} " + ("" if chance.random() < _SAID else f"{number}")
        yield (
            f"glossary/made-{number:05}.md",
            (
                f'---\nterm: "{term.strip()}, {number}"\nkind: concept\nshort: What it is.\n'
                f'also: ["{first} {second} {chance.choice(words)}"]\n---\nWhat it is.\n'
            ).encode(),
        )


def make_plain_tree(transcripts: int) -> Iterator[tuple[str, bytes]]:
    """Pages with the same words and nothing else, for plain MkDocs."""
    originals = read_originals()
    yield "index.md", b"# Home\n"
    for number in range(transcripts):
        original = originals[number % len(originals)]
        chapters = [f"# {original.slug} {number}\n"]
        for chapter in original.transcript.edition.chapters:
            chapters.append(f"## {chapter.title}\n")
            chapters += [
                "".join(span.said for span in paragraph.spans).strip() + "\n"
                for paragraph in chapter.paragraphs
            ]
        yield f"transcripts/{original.slug}-{number:05}.md", "\n".join(chapters).encode()


def make_plain_pages(pages: Path) -> Iterator[tuple[str, bytes]]:
    """As many pages as those of a site, with the same words in as many paragraphs."""
    for page in sorted(pages.rglob("*.md")):
        _, _, body = page.read_text("utf-8").partition("\n---\n")
        texts = (" ".join(_MARKUP.sub(" ", block).split()) for block in _BLOCK.split(body))
        text = "\n\n".join((f"# {page.stem}", *filter(None, texts)))
        yield page.relative_to(pages).as_posix(), text.encode()


def write_collection(files: Iterator[tuple[str, bytes]], folder: Path) -> None:
    """Puts the files of a collection below a folder, with the digests of its sources."""
    sums = []
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if path.startswith(FOLDER):
            sums.append(render_sum(sha256(data).hexdigest(), target.name))
    if sums:
        (folder / SUMS).write_text("".join(sums), encoding="utf-8")
