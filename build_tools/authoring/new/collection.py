"""Makes a new collection: its content and a sample; the program's files stay in the package."""

import json
import re
from html import escape
from pathlib import Path

from build_tools.build.output import OutputError, write_tree
from build_tools.pages.markdown import escape as escape_markdown

_STARTER = Path(__file__).parent / "starter"
# The packager leaves out hidden files.
_HIDDEN = "dot-"
_SIGN = re.compile(r"\{\w+\}")
_SAMPLE = ("docs/glossary/", "docs/sources/", "docs/transcripts/")


def make_collection(target: Path, name: str, licence: str, *, sample: bool = True) -> list[str]:
    """Writes a collection to a new or empty folder, whole or not at all; returns its paths."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target} is there already: name a folder that is new or empty")
    files = render_collection(name, licence, sample=sample)
    write_tree(files, target)
    return list(files)


def render_collection(name: str, licence: str, *, sample: bool = True) -> dict[str, bytes]:
    """Every file of a new collection by its path."""
    rights = f"Annotations {licence}; the words belong to those who spoke them"
    # Themes insert values of mkdocs.yml as HTML.
    values = {
        "{site_name}": json.dumps(escape(name), ensure_ascii=False),
        "{title_field}": json.dumps(name, ensure_ascii=False),
        "{copyright}": json.dumps(escape(rights), ensure_ascii=False),
        "{licence_field}": json.dumps(licence, ensure_ascii=False),
        "{name}": escape_markdown(name),
        "{licence}": escape_markdown(licence),
    }
    files = {}
    for file in sorted(path for path in _STARTER.rglob("*") if path.is_file()):
        path = file.relative_to(_STARTER).as_posix().replace(_HIDDEN, ".")
        text = file.read_text(encoding="utf-8")
        text = _SIGN.sub(lambda sign: values.get(sign[0], sign[0]), text)
        if sample or not path.startswith(_SAMPLE) or path.endswith("/index.md"):
            files[path] = text.encode()
    return dict(sorted(files.items()))
