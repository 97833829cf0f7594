"""Files for readers: the menu on a transcript's page, and the list of all downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from build_tools.metadata.citation import Citation, render_citation
from build_tools.model.edition import Edition
from build_tools.model.site import Download
from build_tools.pages.markdown import NOT_SEARCHED, escape, in_either, language_attributes, link
from build_tools.pages.pagination import TRANSCRIPTS, Listing, transcript_item
from build_tools.text.wording import render_size

_OPENING = (
    f'<details class="sic-shares sic-downloads" {NOT_SEARCHED}="" markdown="1">\n'
    "<summary>Downloads</summary>\n\n"
)


def render_control(downloads: Iterable[Download], absent: Iterable[str]) -> str:
    """The menu of a transcript's files; `absent` explains the missing ones."""
    items = [
        f"- {link(escape(one.name), f'../{one.path}')} {escape(one.what)},"
        f" for {escape(one.reader)} ({render_size(one.size)})\n"
        for one in downloads
    ]
    items += [f"- {escape(reason)}\n" for reason in absent]
    more = link("All files, their licences, and how to cite", "../downloads.md")
    return f"{_OPENING}{''.join(items)}\n{more}\n\n</details>\n"


def render_collection_section(
    citation: Citation, downloads: Sequence[Download], absent: Iterable[str] = ()
) -> str:
    """The files of the collection, how to cite it, and why some are missing."""
    section = _section("The whole collection", f"#collection {NOT_SEARCHED}", citation, downloads)
    return section + "".join(f"{escape(reason)}\n\n" for reason in absent)


def downloads_listing(
    transcripts: Iterable[tuple[Edition, Citation, Sequence[Download]]],
) -> Listing:
    """The files of all transcripts, and how to cite each."""
    return Listing(
        "downloads.md",
        "Downloads",
        [
            transcript_item(
                edition, _transcript_section(edition, citation, files).encode(), len(files), "file"
            )
            for edition, citation, files in transcripts
        ],
        unit=TRANSCRIPTS,
        counted="file",
    )


def _transcript_section(edition: Edition, citation: Citation, downloads: Sequence[Download]) -> str:
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
