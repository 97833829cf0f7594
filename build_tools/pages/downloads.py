"""Files for readers: the menu on a transcript's page, and the list of all downloads."""

from collections.abc import Iterable, Sequence

from build_tools.metadata.citation import Citation, render_citation
from build_tools.model.edition import Edition
from build_tools.model.site import Download
from build_tools.pages.markdown import escape, in_either, language_attributes, link
from build_tools.pages.pagination import Listing, transcript_item
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_size


def render_control(downloads: Iterable[Download]) -> str:
    """The menu of a transcript's files."""
    items = [f"{_render_file(one, '../')} ({render_size(one.size)})\n" for one in downloads]
    more = link(tr("All files, their licences, and how to cite"), "../downloads.md")
    return (
        '<details class="sic-shares sic-downloads" markdown="1">\n'
        f"<summary>{tr('Downloads')}</summary>\n\n{''.join(items)}\n{more}\n\n</details>\n"
    )


def _render_file(one: Download, up: str = "") -> str:
    shown = link(escape(one.name), up + one.path)
    for_whom = tr("{what}, for {reader}", what=one.what, reader=one.reader)
    return f"- {shown} {escape(for_whom)}"


def render_collection_section(citation: Citation, downloads: Sequence[Download]) -> str:
    """The files of the collection, and how to cite it."""
    return _section(tr("The whole collection"), "#collection", citation, downloads)


def downloads_listing(
    transcripts: Iterable[tuple[Edition, Citation, Sequence[Download]]],
) -> Listing:
    """The files of all transcripts, and how to cite each."""
    items = []
    for edition, citation, files in transcripts:
        title = link(escape(edition.title), edition.path)
        attributes = f"#{edition.slug}{language_attributes(edition.lang)}"
        section = _section(title, attributes, citation, files, edition.lang)
        items.append(transcript_item(edition, section.encode(), len(files)))
    return Listing("downloads.md", tr("Downloads"), items, unit="transcript", counted="file")


def _section(
    title: str, attributes: str, citation: Citation, downloads: Sequence[Download], lang: str = ""
) -> str:
    cited = in_either(escape(render_citation(citation)), lang)
    to_cite = tr("To cite: {citation}", citation=cited)
    items = ""
    for one in downloads:
        facts = f"{render_size(one.size)} · {escape(one.licence)}"
        items += f'{_render_file(one)} <small class="sic-count">{facts}</small>\n'
    return f"## {title} {{ {attributes} }}\n\n{to_cite}\n\n{items}\n"
