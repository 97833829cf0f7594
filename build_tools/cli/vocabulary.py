"""`sic vocabulary`: the names and terms of the collection, for a recogniser to expect."""

import json
import re
from collections import Counter
from urllib.parse import quote

import click

from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, printable, ticking
from build_tools.model.edition import Kind
from build_tools.text.frequencies import COMMON, read_frequencies
from build_tools.text.words import find_keys
from build_tools.transcript.remarks import find_corrections

# Whisper reads the last 224 tokens of a prompt, and a name has about one for three letters.
_PROMPT = 600
_ENGINE = click.Choice(["whisper", "hotwords", "deepgram", "assemblyai", "aws"])
_HELP = "Whose form."


@click.command("vocabulary", epilog=EPILOG)
@click.option("--for", "engine", type=_ENGINE, default="whisper", show_default=True, help=_HELP)
def command(engine: str) -> None:
    """Names and terms that were corrected, explained or speak, the most often corrected first.

    \b
    sic vocabulary --for whisper
    """  # noqa: D301 - click wants the sign itself
    with ticking(f"reading {DOCS}/"):
        corpus = parse_corpus(read_docs(DOCS), DOCS.name)
    click.echo(_render_vocabulary(_list_vocabulary(corpus), engine))


def _list_vocabulary(corpus: Corpus) -> list[str]:
    """The corrected names and terms by number, then those of the glossary, and the speakers."""
    frequency = read_frequencies().per_million
    corrected = Counter(
        re.sub("['’]s$", "", one.said)
        for transcript in corpus.transcripts
        for one in find_corrections(transcript)
        if one.footnotes[0].kind in (Kind.NAME, Kind.TERM)
        # Every recogniser knows common words.
        and any(frequency(key) <= COMMON for key in find_keys(one.said))
    )
    listed = [name for name, _ in corrected.most_common()]
    listed += [entry.term for entry in corpus.entries]
    listed += [name for one in corpus.transcripts for name in one.edition.speakers.values()]
    return list(dict.fromkeys(map(printable, listed)))


def _render_vocabulary(names: list[str], engine: str) -> str:
    match engine:
        case "whisper":
            text = ", ".join(names)
            return text if len(text) <= _PROMPT else text[:_PROMPT].rpartition(", ")[0]
        case "hotwords":
            return " ".join(names)
        case "deepgram":
            return "&".join(f"keyterm={quote(name)}" for name in names)
        case "assemblyai":
            return json.dumps({"word_boost": names}, ensure_ascii=False)
        case _:
            rows = ("\t".join((name.replace(" ", "-"), "", "", name)) for name in names)
            return "\n".join(("Phrase\tIPA\tSoundsLike\tDisplayAs", *rows))
