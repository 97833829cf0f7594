"""Suggestions for what recognisers wrote, measured by what people made of it.

A talk is a pair of files, `NAME.machine.md` and `NAME.reviewed.md`; a call is `CALL.ENGINE.nlp.gz`
for each recogniser and `CALL.reference.nlp.gz`, a word a line. A replaced run of words is an error
if it changes a content word; other differences are of style. A finding is right if it touches one.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import NamedTuple

import click
from rapidfuzz.distance import Levenshtein

from build_tools.authoring.suggest import choose_findings
from build_tools.authoring.suggest.evidence import collect_past_corrections, gather_evidence
from build_tools.authoring.suggest.patterns import find_variants
from build_tools.authoring.suggest.ranking import LEAST, Finding
from build_tools.model.transcript import Transcript
from build_tools.text.collation import Variant
from build_tools.text.frequencies import read_frequencies
from build_tools.text.sounds import spelling_likeness
from build_tools.text.words import find_keys, find_words
from build_tools.transcript.alignment import compile_transcript
from tests.trees import edition_file, read_edition, read_source

_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_LABEL = re.compile(
    r"""
      ^ [^\n]{1,60} : \ * \(? (?: \d+ : )? \d\d? : \d\d \)? \s* $    # Speaker 0: 00:12
    | ^ \#+ \  .* $
    | ^ \*\* [^*\n]+ : \*\*
    """,
    re.VERBOSE | re.MULTILINE,
)
_LINK = re.compile(
    r"!?\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])"
    r"|\[\^[^\]\n]*\]:?|<[^>\n]*>|https?://\S+"
)
_SIGNS = re.compile(r"[`*_{}\[\]<>#|~^=\\]")
# Suggestions a word that a reader can look at.
_RATE = 0.004
# Occurrences in a million words of print above which a word is a function word.
_SMALL = 400.0
_LONGEST = 5
_MIN_LIKENESS = 0.55
_FILLER_LIST = "um uh er ah oh mm hmm mhm yeah yes yep yup okay so like well and but just"
_FILLERS = frozenset(_FILLER_LIST.split())
_FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHORT = (
    "gonna=going to|wanna=want to|gotta=got to|kinda=kind of|sorta=sort of|cause=because|"
    "'cause=because|till=until|ok=okay|percent=%|dollars=$|cannot=can not"
)
_SPOKEN = {word: str(number) for number, word in enumerate(_FIGURES)}
_SPOKEN |= dict(pair.split("=") for pair in _SHORT.split("|"))
_CONTRACTION = re.compile(r"(.+?)(n't|'(?:s|re|ve|ll|d|m))")
_ENDINGS = "n't=not 's=is 're=are 've=have 'll=will 'd=would 'm=am"
_FULL = dict(pair.split("=") for pair in _ENDINGS.split())


class Error(NamedTuple):
    """A run of misheard words, and the words said in its place."""

    first: int
    end: int
    said: str


class Talk(NamedTuple):
    """A talk as heard, its errors, and the names of its speakers."""

    name: str
    title: str
    heard: str
    speakers: tuple[str, ...]
    errors: tuple[Error, ...]


def read_pairs(folder: Path) -> list[Talk]:
    """The talks of a folder, in order of name."""
    talks = []
    for path in sorted(folder.glob("*.machine.md")):
        name = path.name.removesuffix(".machine.md")
        machine = path.read_text(encoding="utf-8")
        reviewed = (folder / f"{name}.reviewed.md").read_text(encoding="utf-8")
        head = _HEAD.match(machine)
        listed = re.search(r"^speakers: \[(.*)\]", head[1] if head else "", re.MULTILINE)
        speakers = tuple(re.findall(r"""["']([^"']+)["']""", listed[1])) if listed else ()
        titled = re.search(r"""^title: ["']?(.*?)["']?$""", head[1] if head else "", re.MULTILINE)
        title, heard = titled[1] if titled else name, _plain(machine)
        talks.append(Talk(name, title, heard, speakers, find_errors(heard, _plain(reviewed))))
    return talks


def read_calls(folder: Path) -> dict[str, dict[str, str]]:
    """The text of each call by each engine, and the reference."""
    calls: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.nlp.gz")):
        call, engine, *_ = path.name.split(".")
        rows = gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
        cells = (row.split("|") for row in rows)
        words = [word + mark for word, _, _, _, mark, *_ in cells if not word.startswith("<")]
        calls.setdefault(call, {})[engine] = _SIGNS.sub("", _lines(words))
    return calls


def _lines(words: Sequence[str]) -> str:
    return "\n".join(" ".join(words[n : n + 20]) for n in range(0, len(words), 20)) + "\n"


def _plain(text: str) -> str:
    body = _LABEL.sub("", _HEAD.sub("", text))
    body = _SIGNS.sub("", _LINK.sub(lambda match: match[1] or "", body))
    lines = (" ".join(line.split()) for line in body.splitlines())
    return "\n".join(line for line in lines if find_keys(line)) + "\n"


def find_errors(heard: str, said: str) -> tuple[Error, ...]:
    """The runs of words that a reviewer replaced because another content word was said."""
    own, other = find_words(heard), find_words(said)
    errors = []
    for first, end, start, stop in _differences(own.keys, other.keys):
        if _is_error(own.keys[first:end], other.keys[start:stop]):
            text = said[other.starts[start] : other.ends[stop - 1]]
            errors.append(Error(first, end, " ".join(text.split())))
    return tuple(errors)


def _differences(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of words that differ, as they stand in both, adjacent ones joined."""
    numbers: dict[str, int] = {}
    first, second = (
        [numbers.setdefault(key, len(numbers)) for key in keys] for keys in (one, other)
    )
    last = (0, 0, 0, 0)
    for step in Levenshtein.opcodes(first, second):
        here = (step.src_start, step.src_end, step.dest_start, step.dest_end)
        if step.tag == "equal":
            if last[1] > last[0] or last[3] > last[2]:
                yield last
            last = (step.src_end, step.src_end, step.dest_end, step.dest_end)
        else:
            last = (last[0], here[1], last[2], here[3])
    if last[1] > last[0] or last[3] > last[2]:
        yield last


def _is_error(heard: Sequence[str], said: Sequence[str]) -> bool:
    one, other = _normalise(heard), _normalise(said)
    if not one or not other or max(len(one), len(other)) > _LONGEST:
        return False
    joined = ["".join(keys).replace("'", "") for keys in (one, other)]
    if joined[0] == joined[1] or set(one) >= set(other) or set(other) >= set(one):
        return False
    lists = read_frequencies()
    content = any(lists.per_million(key) < _SMALL for key in {*one} ^ {*other})
    return content and spelling_likeness(*joined) >= _MIN_LIKENESS


def _normalise(keys: Iterable[str]) -> list[str]:
    """Words with contractions in full and numbers in figures, without fillers."""
    words = " ".join(_SPOKEN.get(key, key) for key in keys).split()
    full: list[str] = []
    for word in words:
        match = _CONTRACTION.fullmatch(word)
        full += [match[1], _FULL[match[2]]] if match else [word]
    return [word for word in full if word not in _FILLERS]


def compile_talk(talk: Talk, speakers: Iterable[str]) -> Transcript:
    file = edition_file(
        talk.heard, title=talk.title, speakers={name: name for name in speakers or ("A",)}
    )
    return compile_transcript(read_edition(file, slug=talk.name), read_source(talk.heard))


def compile_marked(talk: Talk, errors: Iterable[Error]) -> Transcript:
    """The talk's edition with some of its errors marked, as its reviewer would have done it."""
    words, pieces, last, notes = find_words(talk.heard), [], 0, []
    for number, (first, end, said) in enumerate(errors):
        start, stop = words.starts[first], words.ends[end - 1]
        kind = "name, record" if said[:1].isupper() else "homophone?, sound"
        pieces.append(
            f"{talk.heard[last:start]}{{~~{talk.heard[start:stop]}~>{said}~~}}[^n{number}]"
        )
        notes.append(f"[^n{number}]: {kind}: So.\n")
        last = stop
    body = "".join(pieces) + talk.heard[last:] + "\n" + "".join(notes)
    edition = read_edition(edition_file(body, title=talk.title), slug=talk.name)
    return compile_transcript(edition, read_source(talk.heard))


class Judged(NamedTuple):
    """The findings of one talk, each with the errors that its places touch."""

    talk: Talk
    findings: tuple[tuple[Finding, frozenset[Error]], ...]


def judge(
    talk: Talk, transcript: Transcript, others: Sequence[Transcript], least: float = LEAST
) -> Judged:
    """The findings of at least some likelihood."""
    past = collect_past_corrections((transcript, *others))
    found = choose_findings(gather_evidence(transcript, (), others, past), least)
    error_of = {n: error for error in talk.errors for n in range(error.first, error.end)}
    judged = []
    for one in found:
        touched = {n for first, end in one.places for n in range(first, max(end, first + 1))}
        judged.append((one, frozenset(error_of[n] for n in touched if n in error_of)))
    return Judged(talk, tuple(judged))


def judge_settings(talks: Sequence[Talk], least: float = LEAST) -> dict[str, list[Judged]]:
    """Each talk with nothing known, with names, with the others, and half marked with the others.

    Of a half marked talk only what the other half has is judged.
    """
    marked = {talk.name: compile_marked(talk, talk.errors) for talk in talks}
    results = defaultdict[str, list[Judged]](list)
    for talk in talks:
        others = [marked[name] for name in marked if name != talk.name]
        middle = len(find_keys(talk.heard)) // 2
        read = compile_marked(talk, [error for error in talk.errors if error.first < middle])
        named = compile_talk(talk, talk.speakers)
        results["nothing"].append(judge(talk, compile_talk(talk, ()), (), least))
        results["the speakers' names"].append(judge(talk, named, (), least))
        results["and the other talks"].append(judge(talk, named, others, least))
        half = judge(talk, read, others, least).findings
        second = tuple(one for one in half if max(one[0].places)[0] >= middle)
        results["and its first half"].append(Judged(talk, second))
    return results


def report_pairs(settings: Mapping[str, Sequence[Judged]]) -> None:
    """Prints a row for each setting."""
    _print_head()
    for setting, results in settings.items():
        _print_row(setting, results)


def report_calls(calls: Mapping[str, Mapping[str, str]]) -> None:
    """Prints what is found in each engine's text of the calls, and by three engines of a call."""
    engines = sorted({engine for texts in calls.values() for engine in texts} - {"reference"})
    _print_head()
    for engine in engines:
        results = []
        for call, texts in calls.items():
            errors = find_errors(texts[engine], texts["reference"])
            talk = Talk(call, call, texts[engine], (), errors)
            results.append(judge(talk, compile_talk(talk, ()), ()))
        _print_row(engine, results)
    _report_witnesses(calls, engines)


def _report_witnesses(calls: Mapping[str, Mapping[str, str]], engines: Sequence[str]) -> None:
    """Prints what two other engines expose in the text of a first one, for every choice."""
    keys = {call: {name: find_keys(text) for name, text in calls[call].items()} for call in calls}
    click.echo(
        "\nfirst, others | both differ, in 1,000 words | right | exposed "
        "| both agree | right | offered right"
    )
    totals: list[list[float]] = []
    seconds, aligned = 0.0, 0
    for base in engines:
        for others in combinations([engine for engine in engines if engine != base], 2):
            counts = Counter[str]()
            for texts in keys.values():
                heard, read = texts[base], [texts[engine] for engine in others]
                started = process_time()
                variants = list(find_variants(heard, read))
                seconds += process_time() - started
                aligned += len(heard) + sum(map(len, read))
                counts.update(_count_variants(variants, heard, texts["reference"]))
            row = _share_variants(counts)
            totals.append(row)
            click.echo(_render_variants(f"{base}, {' '.join(others)}", row))
    mean = [sum(column) / len(totals) for column in zip(*totals, strict=True)]
    click.echo(_render_variants("mean", mean))
    click.echo(f"{aligned / seconds:,.0f} words aligned in a CPU second")


def _count_variants(
    variants: Sequence[Variant], heard: Sequence[str], reference: Sequence[str]
) -> dict[str, int]:
    errors = list(find_variants(heard, [reference]))
    touched = {
        n: error for error in errors for n in range(error.first, max(error.end, error.first + 1))
    }
    counts = Counter(words=len(heard), errors=len(errors))
    exposed = set()
    for variant in variants:
        numbers = range(variant.first, max(variant.end, variant.first + 1))
        own = {touched[number] for number in numbers if number in touched}
        exposed |= own
        offered = {error.readings[0].replace(" ", "") for error in own}
        counts.update(differ=1, right=bool(own), agree=variant.agree)
        counts.update(agree_right=variant.agree and bool(own))
        counts.update(exact=variant.agree and variant.readings[0].replace(" ", "") in offered)
    counts["exposed"] = len(exposed)
    return counts


def _share_variants(counts: Mapping[str, int]) -> list[float]:
    words, differ, agree = counts["words"] / 1000, counts["differ"], counts["agree"]
    shares = (counts["agree_right"] / agree, counts["exact"] / agree)
    exposed = counts["exposed"] / counts["errors"]
    return [differ / words, counts["right"] / differ, exposed, agree / words, *shares]


def _render_variants(name: str, row: Sequence[float]) -> str:
    differ, right, exposed, agree, agree_right, exact = row
    return (
        f"{name} | {differ:.1f} | {right:.0%} | {exposed:.0%} | {agree:.1f} | {agree_right:.0%} "
        f"| {exact:.0%}"
    )


def _print_head() -> None:
    click.echo(
        "\nknowing | suggestions | right | of the first 20 | of the first 50 | at 4 in 1,000 words "
        "| errors found | at 4 | in 1,000 words"
    )


def _print_row(setting: str, results: Sequence[Judged]) -> None:
    words = sum(len(find_keys(one.talk.heard)) for one in results)
    errors = sum(len(one.talk.errors) for one in results)
    rows, found = [], []
    for top in (None, 20, 50, 0):
        exposed = 0
        shown: list[frozenset[Error]] = []
        for one in results:
            limit = int(len(find_keys(one.talk.heard)) * _RATE) if top == 0 else top
            touched = [errors for _, errors in one.findings[:limit]]
            exposed += len(frozenset[Error]().union(*touched))
            shown += touched
        rows.append(f"{sum(map(bool, shown)) / max(len(shown), 1):.0%}")
        found.append(f"{exposed / max(errors, 1):.1%}")
    flags = sum(len(one.findings) for one in results)
    cells = [setting, f"{flags}", *rows, f"{found[0]} of {errors}", found[3]]
    click.echo(" | ".join([*cells, f"{flags / words * 1000:.1f}"]))
