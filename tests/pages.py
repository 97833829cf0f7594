"""Pages as a reader gets them: Markdown rendered with the extensions of mkdocs.yml, then parsed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from markdown import Markdown  # type: ignore[import-untyped]

from build_tools.build.plan import plan_site
from build_tools.model.address import ADDRESS, LINE_ADDRESS
from build_tools.reading.tree import read_tree

ROOT = Path(__file__).parent.parent
# Extensions that MkDocs always enables.
_BUILTIN = ("toc", "tables", "fenced_code")
_HEAD = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
_CUE_ID = re.compile(LINE_ADDRESS)
# A chapter has the address of its first word, or one of its own where no line begins in it.
CHAPTER_ADDRESS = rf"({ADDRESS}|chapter-[0-9]+)"


class _Loader(yaml.SafeLoader):
    """YAML in which `!ENV` gives the value for an empty environment."""


def _environment(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)[-1]


_Loader.add_constructor("!ENV", _environment)


@cache
def real_site(site_url: str = "") -> Mapping[str, bytes]:
    """The files that this repository's own `docs/` compile to."""
    return plan_site(read_tree(ROOT / "docs"), site_url=site_url).files


@cache
def mkdocs_config() -> dict[str, Any]:
    """The settings of mkdocs.yml."""
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Loader)
    assert isinstance(config, dict)
    return config


def named_in_nav(nav: list[dict[str, object]]) -> list[tuple[str, str]]:
    """The title and the path of each page that a navigation names."""
    pages = []
    for item in nav:
        for title, target in item.items():
            if isinstance(target, list):
                pages += named_in_nav(target)
            else:
                pages.append((title, str(target)))
    return pages


def make_stub(title: str) -> bytes:
    """A written page in short, with the parts that pages of transcripts lead to."""
    return f"# {title}\n\n## Solve a doubt\n\n## How it is proved\n".encode()


def _extensions() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((name, {}) for name in _BUILTIN)
    for item in mkdocs_config()["markdown_extensions"]:
        if isinstance(item, str):
            yield item, {}
        else:
            yield from ((name, options or {}) for name, options in item.items())


@cache
def _renderer() -> Markdown:
    extensions = dict(_extensions())
    return Markdown(extensions=list(extensions), extension_configs=extensions)


def render_html(page: str) -> str:
    """The HTML of a page's article."""
    return str(_renderer().reset().convert(_HEAD.sub("", page)))


class Element(NamedTuple):
    """An element of a page with its attributes, and the names of the elements round it."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]

    @property
    def classes(self) -> frozenset[str]:
        """The element's classes."""
        return frozenset(self.attributes.get("class", "").split())


class Link(NamedTuple):
    """A link: where it leads, its words and its classes."""

    target: str
    words: str
    classes: frozenset[str]


@dataclass
class Page:
    """A page's elements and links, its whole text, and the text of its speech."""

    elements: list[Element] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    text: str = ""
    speech: str = ""

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def cue_ids(self) -> list[str]:
        """The ids of the source's lines, in order."""
        return [name for name in self.ids if _CUE_ID.fullmatch(name)]

    def links_of(self, class_name: str) -> list[Link]:
        """The links of a class, in order."""
        return [link for link in self.links if class_name in link.classes]


class _Reader(HTMLParser):
    """Fills a page; speech is what stands in paragraphs of turns but for what we add to it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[Element] = []
        self.links: list[tuple[Element, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = tuple(element.tag for element in self.open)
        element = Element(tag, {name: value or "" for name, value in attrs}, names)
        self.page.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)
        if tag == "a":
            self.links.append((element, len(self.page.text)))
        if tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            link, start = self.links.pop()
            words = self.page.text[start:]
            self.page.links.append(Link(link.attributes.get("href", ""), words, link.classes))
        if tag in (element.tag for element in self.open):
            while self.open.pop().tag != tag:
                pass
        if tag in ("p", "li", "h1", "h2", "h3", "td", "th"):
            self.page.text += "\n"
            self.page.speech += "\n"

    def handle_comment(self, data: str) -> None:
        self.page.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.page.text += data
        classes = {name for element in self.open for name in element.classes}
        tags = {element.tag for element in self.open}
        added = classes & {"sic-at", "sic-speaker", "sic-non-speech"} or "sup" in tags
        if classes & {"sic-turn", "sic-on"} and not added:
            self.page.speech += data


def parse_html(html: str) -> Page:
    """A page's HTML taken apart."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def parse_page(page: str | bytes) -> Page:
    """A compiled page, rendered and taken apart."""
    return parse_html(render_html(page if isinstance(page, str) else page.decode()))
