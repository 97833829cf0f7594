"""What readers may take away: a control on a transcript's page, and the list of all files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape as escape_html

from build_tools.metadata.citation import Citation, render_citation
from build_tools.model.edition import Edition
from build_tools.model.site import Download
from build_tools.model.transcript import Errors, WordErrors
from build_tools.pages.dividing import TRANSCRIPTS, Listing, talk_item
from build_tools.pages.markdown import NOT_SEARCHED, escape, in_either, language_attributes, link
from build_tools.text.wording import render_size
from build_tools.transcript.statements import render_rate

_OPENING = (
    f'<details class="sic-shares sic-downloads" {NOT_SEARCHED}="" markdown="1">\n'
    "<summary>Downloads</summary>\n\n"
)


def render_control(downloads: Iterable[Download], absent: Iterable[str]) -> str:
    """The files of a transcript, for the head of its page; `absent` says what there is none of."""
    items = [
        f"- {link(escape(one.name), f'../{one.path}')} {escape(one.what)},"
        f" for {escape(one.reader)} ({render_size(one.size)})\n"
        for one in downloads
    ]
    items += [f"- {escape(said)}\n" for said in absent]
    more = link("All files, their licences, and how to cite", "../downloads.md")
    return f"{_OPENING}{''.join(items)}\n{more}\n\n</details>\n"


def render_errors(errors: Errors) -> str:
    """How wrong the recogniser was, by speaker and by kind, as a table that opens; "" for none."""
    if not errors.all.total:
        return ""
    rows = [
        _row("All that was said", errors.all),
        *(_row(name, found) for name, found in errors.speakers),
        *(_row(f"Marked as {kind.value}", found) for kind, found in errors.kinds),
    ]
    heads = ("Of", "Words", "Errors", "Rate")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<details class="sic-shares" {NOT_SEARCHED}="">'
        "<summary>How wrong the recogniser was</summary>"
        '<table class="sic-share-table"><caption>Word errors that are corrected</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>\n\n"
    )


def _row(name: str, errors: WordErrors) -> str:
    shown = escape_html(" ".join(name.split()))
    figures = (f"{errors.words:,}", f"{errors.total:,}", render_rate(errors))
    cells = "".join(f"<td>{figure}</td>" for figure in figures)
    return f'<tr><th scope="row"><bdi>{shown}</bdi></th>{cells}</tr>'


def render_collection(
    citation: Citation, downloads: Sequence[Download], absent: Iterable[str] = ()
) -> str:
    """The files of the collection, how to cite it, and what there is none of."""
    listed = _section("The whole collection", f"#collection {NOT_SEARCHED}", citation, downloads)
    return listed + "".join(f"{escape(said)}\n\n" for said in absent)


def list_downloads(transcripts: Iterable[tuple[Edition, Citation, Sequence[Download]]]) -> Listing:
    """The files of every transcript that has any, and how to cite it."""
    return Listing(
        "downloads.md",
        "Downloads",
        [
            talk_item(
                edition, _of_transcript(edition, citation, files).encode(), len(files), "file"
            )
            for edition, citation, files in transcripts
        ],
        unit=TRANSCRIPTS,
        counted="file",
    )


def _of_transcript(edition: Edition, citation: Citation, downloads: Sequence[Download]) -> str:
    title = link(escape(edition.title), edition.path)
    attributes = f"#{edition.slug}{language_attributes(edition.lang)} {NOT_SEARCHED}"
    return _section(title, attributes, citation, downloads, edition.lang)


def _section(
    title: str, attributes: str, citation: Citation, downloads: Sequence[Download], lang: str = "en"
) -> str:
    cited = in_either(escape(render_citation(citation)), lang)
    items = [
        f"- {link(escape(one.name), one.path)} {escape(one.what)}, for {escape(one.reader)}"
        f' <small class="sic-count">{render_size(one.size)} · {escape(one.media)}'
        f" · {escape(one.licence)}</small>\n"
        for one in downloads
    ]
    return f"## {title} {{ {attributes} }}\n\nTo cite: {cited}\n\n{''.join(items)}\n"
