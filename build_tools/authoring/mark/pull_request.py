"""Posts the marks that the check of a pull request found missing as suggestions of a review.

The module runs with a token that may write to pull requests, but the check ran the contributor's
code and its artifact is untrusted. So the event names the pull request, the artifact must match a
strict schema, and its text appears in code fences, which disable markup and mentions. Only the
standard library is imported: nothing is installed beside such a token.
`.github/workflows/review.yml` runs the module as it is on the default branch.
"""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_MAX_BYTES = 1_000_000
_MAX_SUGGESTIONS = 30
_MAX_LINES = 40
_MAX_LINE = 5_000
_PATH = re.compile(r"docs/transcripts/[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_BOT = "github-actions[bot]"

_REVIEW = (
    "Every change of a word wants a mark and a reason. Marks and footnotes are made; the reasons "
    "are yours to write, at the end of each new footnote. A footnote stands with the first mark "
    "that calls it: take the suggestions together, with *Add suggestion to batch*."
)
_COMMENT = (
    "A word here differs from the source without a mark. If the change is meant, take these lines, "
    "and say why in the footnote:"
)
_BELOW = "Put below the paragraph, with blank lines around it:"


class ReviewSuggestion(NamedTuple):
    """A replacement for lines `first` to `last` of a file.

    `footnotes` stand below the paragraph, whose other lines behind these are the `rest`.
    """

    path: str
    first: int
    last: int
    lines: Sequence[str]
    rest: Sequence[str]
    footnotes: Sequence[str]


def main() -> None:
    """Posts the suggestions of a check's artifact to its pull request, once per commit."""
    data = _read_artifact()
    suggestions = parse_suggestions(data) if data is not None else ()
    number = _find_number() if suggestions else None
    comments: list[dict[str, Any]] = []
    if number is not None:
        # GitHub accepts comments on the lines of the diff only.
        changed = _fetch(f"pulls/{number}/files", "-F", "per_page=100")
        shown = {file["filename"]: parse_hunks(file.get("patch", "")) for file in changed}
        comments = list(compose_comments(suggestions, shown))
    if not comments:
        print("nothing to suggest")
        return
    review = {"event": "COMMENT", "commit_id": os.environ["HEAD_SHA"], "body": _REVIEW}
    given = json.dumps({**review, "comments": comments}).encode()
    _gh("POST", f"pulls/{number}/reviews", "--input", "-", given=given)
    print(f"{len(comments)} suggestions")


def _read_artifact() -> bytes | None:
    """The file of the artifact, unpacked in memory: no path in it reaches the disk."""
    path = f"actions/runs/{os.environ['RUN']}/artifacts"
    for artifact in _fetch(path, "-F", "per_page=100"):
        if artifact["name"] == "suggestions" and artifact["size_in_bytes"] < _MAX_BYTES:
            packed = io.BytesIO(_gh("GET", f"actions/artifacts/{int(artifact['id'])}/zip"))
            try:
                with zipfile.ZipFile(packed) as files, files.open("suggestions.json") as file:
                    data = file.read(_MAX_BYTES + 1)
            except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error):
                sys.exit("the artifact cannot be unpacked")
            return data if len(data) <= _MAX_BYTES else None
    return None


def _find_number() -> int | None:
    """The open pull request of the branch, unless its last commit is another one or reviewed."""
    sha, head = os.environ["HEAD_SHA"], f"{os.environ['HEAD_OWNER']}:{os.environ['HEAD_BRANCH']}"
    for pull in _fetch("pulls", "-f", "state=open", "-f", f"head={head}"):
        ours = pull["base"]["repo"]["full_name"] == os.environ["REPOSITORY"]
        if ours and pull["head"]["sha"] == sha:
            number = int(pull["number"])
            reviews = _fetch(f"pulls/{number}/reviews", "-F", "per_page=100")
            posted = ((one["commit_id"], one["user"]["login"]) for one in reviews)
            return None if (sha, _BOT) in posted else number
    return None


def parse_suggestions(data: bytes) -> tuple[ReviewSuggestion, ...]:
    """The valid suggestions of an artifact; exits unless it holds a list."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        sys.exit("the artifact is not JSON")
    shaped = type(value) is dict and value.keys() == {"suggestions"}
    if not shaped or type(value["suggestions"]) is not list:
        sys.exit("the artifact has not the shape of suggestions")
    found = [ReviewSuggestion(**one) for one in value["suggestions"] if _is_suggestion(one)]
    return tuple(found[:_MAX_SUGGESTIONS])


def _is_suggestion(one: object) -> bool:
    return (
        type(one) is dict
        and one.keys() == set(ReviewSuggestion._fields)
        and type(one["path"]) is str
        and _PATH.fullmatch(one["path"]) is not None
        and all(type(one[end]) is int and 1 <= one[end] <= 1_000_000 for end in ("first", "last"))
        and 0 <= one["last"] - one["first"] < _MAX_LINES
        and all(type(one[part]) is list for part in ("lines", "rest", "footnotes"))
        and 1 <= len(one["lines"]) <= _MAX_LINES
        and len(one["rest"]) + len(one["footnotes"]) <= _MAX_LINES
        # Control characters and bidirectional overrides are refused.
        and all(
            type(line) is str and len(line) <= _MAX_LINE and line.isprintable()
            for line in (*one["lines"], *one["rest"], *one["footnotes"])
        )
    )


def parse_hunks(patch: str) -> tuple[tuple[int, int], ...]:
    """The ranges of lines, first and last, of the new file in a unified diff."""
    hunks = ((int(match[1]), int(match[2] or 1)) for match in _HUNK.finditer(patch))
    return tuple((first, first + length - 1) for first, length in hunks)


def compose_comments(
    suggestions: Iterable[ReviewSuggestion], shown: Mapping[str, Sequence[tuple[int, int]]]
) -> Iterator[dict[str, Any]]:
    """A comment for each suggestion whose lines are among those that the diff of its file shows."""
    for path, first, last, lines, rest, footnotes in suggestions:
        ends = [end for start, end in shown.get(path, ()) if start <= first and last <= end]
        if not ends:
            continue
        below = ""
        if last + len(rest) > ends[0]:
            below = f"\n\n{_BELOW}\n\n{_fence(footnotes)}"
        elif footnotes:
            last, lines = last + len(rest), [*lines, *rest, "", *footnotes]
        several = {"start_line": first, "start_side": "RIGHT"} if first < last else {}
        body = f"{_COMMENT}\n\n{_fence(lines, 'suggestion')}{below}"
        yield {"path": path, "line": last, "side": "RIGHT", **several, "body": body}


def _fence(lines: Sequence[str], language: str = "") -> str:
    """A code fence with more backticks than any run inside it."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return "\n".join([f"{ticks}{language}", *lines, ticks])


def _fetch(path: str, *fields: str) -> list[dict[str, Any]]:
    """A list from GitHub's API, by its path below the repository."""
    answer = json.loads(_gh("GET", path, *fields))
    # Only the list of artifacts is wrapped in an object.
    listed: list[dict[str, Any]] = answer["artifacts"] if type(answer) is dict else answer
    return listed


def _gh(method: str, path: str, *options: str, given: bytes | None = None) -> bytes:
    """What GitHub's CLI, installed on its runners, answers."""
    place = f"repos/{os.environ['REPOSITORY']}/{path}"
    command = ["gh", "api", "--method", method, place, *options]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    main()
