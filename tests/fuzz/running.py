"""Inputs made and tried until time is up; every exception and every slow input is written down."""

import hashlib
import json
import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.targets import Target

LONGEST = 20_000
# An input of 1 MB may take two seconds; nothing as small as these comes near that in good order.
SLOW = 2.0

# Tokens with a meaning in one of the syntaxes.
_SIGNS = r"""
    {~~ ~> ~~} {++ ++} {-- --} {== ==} {>> <<} [^a] [^a]: [^ [ ] ]( ) ( * ** *** ** ## # > >> \ \\
    name: note: here only ? , , here only: --- - title: date: source: file: format: furniture:
    speakers: term: kind: short: also: see: sources: url: lang: reviewed: encoding:
    **Ann:** Ann: <v Ann> </v> <c> <00:00:01.000> --> 00:00 0:05 00:00:01,000 00:00:01.000 WEBVTT
    NOTE STYLE 1 -1 0 1e999 NaN null true {} [] "" "text": "start": "end": "words": "speaker":
    {" "} [{ }] <p> </p> <p begin="1s"> <text start="1"> <span data-m="1"> <br/> <!-- --> <![CDATA[
    ]]> <!DOCTYPE &amp; &#60; &#x110000; &lt &a *a !!int https:// javascript: //a ../ #t1 #l1 .md#
    { } {: }{ {{ {% ``` ~~~ ` | |- : ; ' " ’ “ ” … – 日本 שלום İ ß ﬁ é
"""
_UNSEEN = ("\n\n", "\r\n", *"\n\r\t \0\x02\x03\x1e\x85\u2028\ufeff")
TOKENS = (*_SIGNS.split(), *_UNSEEN)


class Finding(NamedTuple):
    """A broken law: the exception, its place in the program, and the input."""

    where: str
    what: str
    data: bytes


@dataclass
class Watch:
    """Runs a target on inputs; keeps one finding for each place in the program, and counts."""

    target: Target
    folder: Path
    executions: int = 0
    slowest: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)

    def try_input(self, data: bytes) -> None:
        """Runs the target once and writes findings immediately: the process may be killed."""
        self.executions += 1
        started = time.process_time()
        try:
            self.target.run(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            where = " < ".join(
                f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[:-4:-1]
            )
            self._keep(where, f"{type(error).__name__}: {error}"[:300], data)
        seconds = time.process_time() - started
        self.slowest = max(self.slowest, seconds)
        if seconds > SLOW:
            self._keep("slow", f"{seconds:.1f} s", data)

    def _keep(self, where: str, what: str, data: bytes) -> None:
        if where in self.findings:
            return
        finding = self.findings[where] = Finding(where, what, data)
        name = hashlib.sha256(where.encode()).hexdigest()[:12]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{self.target.name}-{name}").write_bytes(finding.data)
        with (self.folder / f"{self.target.name}.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"name": name, "where": where, "what": what}) + "\n")


def run_at_random(watch: Watch, seconds: float, chance: random.Random) -> None:
    """Tries the seeds, and changes of them, until the time is up."""
    seeds = [seed[:LONGEST] for seed in watch.target.seeds()]
    for seed in seeds:
        watch.try_input(seed)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        watch.try_input(mutate(chance.choice(seeds), seeds, chance))


def mutate(data: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """A file with a few of its pieces put in, taken out, repeated, or taken from another file."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        chance.choice(_CHANGES)(changed, seeds, chance)
    return bytes(changed[:LONGEST])


def _slice(data: bytes | bytearray, chance: random.Random) -> slice:
    start = chance.randint(0, len(data))
    return slice(start, min(start + chance.choice((0, 1, 2, 5, 20, 200)), len(data)))


def _put_token(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    data[_slice(data, chance)] = chance.choice(TOKENS).encode() * chance.choice((1, 1, 1, 2, 40))


def _put_bytes(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    data[_slice(data, chance)] = chance.randbytes(chance.randint(0, 3))


def _repeat(data: bytearray, _: Sequence[bytes], chance: random.Random) -> None:
    place = chance.randint(0, len(data))
    data[place:place] = data[_slice(data, chance)] * chance.choice((1, 2, 10))


def _splice(data: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    other = chance.choice(seeds)
    data[_slice(data, chance)] = other[_slice(other, chance)]


_Change = Callable[[bytearray, Sequence[bytes], random.Random], None]
_CHANGES: tuple[_Change, ...] = (_put_token, _put_token, _put_bytes, _repeat, _splice)
