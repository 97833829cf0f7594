"""`sic suggest`: likely recognition errors that are not marked."""

import json
from pathlib import Path

import click

from build_tools.authoring.import_.intake import Request, plan_intake
from build_tools.authoring.suggest import find_suggestions
from build_tools.authoring.suggest.marks import Suggestion
from build_tools.build.site import read_docs
from build_tools.checks.corpus import Corpus, parse_corpus
from build_tools.cli.printing import DOCS, EPILOG, fail, many, print_problems, printable, ticking
from build_tools.cli.review import Review, list_problems, print_suggestion
from build_tools.model.source import Source
from build_tools.model.transcript import Transcript
from build_tools.reading.tree import Tree
from build_tools.text.nearness import KnownNames

_WORDS = ("before", "heard", "after", "said")
_IN_JSON = (*_WORDS, "kind", "grade", "why", "likelihood", "mark", "footnote")
_WITNESS = "Another recogniser's file, besides the witnesses of the front matter."


@click.command("suggest", epilog=EPILOG)
@click.argument("slug")
@click.option("--limit", default=50, show_default=True, help="How many to list, likeliest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects instead of text.")
@click.option("--review", is_flag=True, help="Ask about each, and write what you accept.")
@click.option("--witness", multiple=True, type=click.Path(path_type=Path), help=_WITNESS)
@click.option("--by", envvar=["USER", "USERNAME"], default="", help="Who decides in a review.")
def command(
    slug: str, limit: int, as_json: bool, review: bool, witness: tuple[Path, ...], by: str
) -> None:
    """Likely recognition errors in the transcript SLUG that are not marked yet.

    Each has a place, the words around it, why it may be an error, how likely that is, and the mark
    to paste. Whether it is one only a person can tell. SLUG is the file's name without .md.

    \b
    sic suggest paris-2024
    sic suggest paris-2024 --review
    """  # noqa: D301 - click wants the sign itself
    if as_json and review:
        raise click.UsageError("--json prints, --review asks: choose one of them")
    with ticking(f"reading {DOCS}/"):
        tree = read_docs(DOCS)
        corpus = parse_corpus(tree, DOCS.name)
    transcript = _find_transcript(Path(slug).name.removesuffix(".md"), tree, corpus)
    witnesses = [_read_witness(path) for path in witness]
    values = (transcript, corpus.entries, _passing(corpus), corpus.decisions, witnesses)
    with ticking("comparing words"):
        found = find_suggestions(*values)
    if review:
        Review(transcript.edition, tree, corpus, by).run(found, max(limit, 0))
        return
    found = found[: max(limit, 0)]
    if as_json:
        listed = [_as_object(suggestion) for suggestion in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        for suggestion in found:
            print_suggestion(suggestion, transcript.edition)
            click.echo()
        click.echo(many(len(found), "suggestion"))


def _read_witness(path: Path) -> Source:
    """The text of another recogniser, in any format that can be imported."""
    try:
        intake = plan_intake(Request(str(path), path.read_bytes(), date="2000-01-01"))
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")
    corpus = parse_corpus(intake.files)
    if not corpus.transcripts:
        fail(f"{path}: its words cannot be compared")
    return corpus.transcripts[0].source


def _find_transcript(slug: str, tree: Tree, corpus: Corpus) -> Transcript:
    passing = {transcript.edition.slug: transcript for transcript in _passing(corpus)}
    path = f"transcripts/{slug}.md"
    if slug not in passing and path in tree and slug != "index":
        print_problems(list_problems(corpus, f"{DOCS}/{path}"))
        fail("put this right first: suggestions need an edition that passes the check")
    if slug not in passing:
        slugs = [transcript.edition.slug for transcript in corpus.transcripts]
        near = KnownNames(slugs).find_near(slug)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(slugs) or 'none'}"
        fail(f"there is no transcript “{printable(slug)}”\n    {hint}")
    return passing[slug]


def _passing(corpus: Corpus) -> tuple[Transcript, ...]:
    """The transcripts that pass the check; marks of others may lack a reason."""
    wrong = {problem.place.path for problem in corpus.problems if not problem.warning}
    return tuple(one for one in corpus.transcripts if one.edition.text.path not in wrong)


def _as_object(suggestion: Suggestion) -> dict[str, object]:
    """A suggestion as `--json` prints it; `time` in seconds, `said` null if it is unknown."""
    time = None if suggestion.time is None else suggestion.time / 1000
    place = {**suggestion.place._asdict(), "source_line": suggestion.line, "time": time}
    more = {"more": [one.start for one in suggestion.more]} if suggestion.more else {}
    return {**place, **{name: getattr(suggestion, name) for name in _IN_JSON}, **more}
