"""The sentences of a site in the language of its collection, from catalogues of gettext.

The code has them in English. `build_tools/languages/<tag>.po` has them in another language; what
it lacks stays English. Messages to contributors are in English everywhere.
"""

import gettext
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from build_tools.model.site import SITE_LANGUAGE

LANGUAGES = Path(__file__).parent.parent / "languages"
_language: ContextVar[str] = ContextVar("language", default=SITE_LANGUAGE)


class Catalogue(NamedTuple):
    """The sentences of a language, its rules for numbers and dates, and C's rule for its plural."""

    texts: gettext.NullTranslations
    locale: Locale
    plural: str


@contextmanager
def writing_in(lang: str) -> Iterator[None]:
    """Everything inside writes in a language; outside, and without a catalogue, in English."""
    before = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(before)


def site_language() -> str:
    """The tag of the language in which the site is written now."""
    return _language.get()


def list_languages() -> list[str]:
    """The tags of all languages in which a site can be written."""
    return sorted({SITE_LANGUAGE, *(path.stem for path in LANGUAGES.glob("*.po"))})


def current() -> Catalogue | None:
    """The catalogue in use; None for English."""
    lang = _language.get()
    return None if lang == SITE_LANGUAGE else _read_catalogue(lang, LANGUAGES)


@lru_cache(maxsize=8)
def _read_catalogue(lang: str, folder: Path) -> Catalogue | None:
    path = folder / f"{lang}.po"
    if not path.is_file():
        return None
    with path.open("rb") as file:
        catalogue = read_po(file)
    binary = BytesIO()
    write_mo(binary, catalogue)
    texts = gettext.GNUTranslations(BytesIO(binary.getvalue()))
    return Catalogue(texts, Locale.parse(lang, sep="-"), catalogue.plural_expr)


def tr(text: str, /, **values: object) -> str:
    """A sentence in the site's language, with values for the names in braces."""
    catalogue = current()
    # The empty text is the head of a catalogue.
    written = catalogue.texts.gettext(text) if catalogue and text else text
    return written.format_map(values) if values else written


def tr_count(number: int, one: str, many: str, /, **values: object) -> str:
    """A sentence in the form that its language has for a number."""
    catalogue = current()
    texts = catalogue.texts if catalogue else gettext.NullTranslations()
    return texts.ngettext(one, many, number).format_map(values)


# The calls of scripts: tr("…"), tr("…", {…}) and trCount(number, "…", "…").
_CALL = re.compile(
    r"""
    \b tr (?P<count> Count \( \s* [\w.]+ , | \( ) \s*
    (?P<one> "(?:[^"\\]|\\.)*" ) (?: , \s* (?P<many> "(?:[^"\\]|\\.)*" ) )?
    (?P<bare> ,? \s* \) )?
    """,
    re.VERBOSE,
)
_PLURAL = "+(n !== 1)"


def list_script_texts(script: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a script, with its plural or ""."""
    for call in _CALL.finditer(script):
        yield json.loads(call["one"]), json.loads(call["many"] or '""')


def translate_script(script: str) -> str:
    """A script with its sentences in the site's language, without calls that have no values."""
    catalogue = current()
    if catalogue:
        script = script.replace(_PLURAL, f"+({catalogue.plural})")
    return _CALL.sub(_translate_call, script)


def _translate_call(call: re.Match[str]) -> str:
    catalogue, one = current(), json.loads(call["one"])
    texts = [tr(one)]
    if call["many"] and catalogue:
        # Small numbers have all forms.
        find_form, many = gettext.c2py(catalogue.plural), json.loads(call["many"])
        numbers = {int(find_form(number)): number for number in range(200)}
        texts = [catalogue.texts.ngettext(one, many, numbers[form]) for form in sorted(numbers)]
    elif call["many"]:
        texts.append(json.loads(call["many"]))
    written = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)
    if call["bare"] and not call["many"]:
        return written
    return f"tr{call['count']}{' ' * bool(call['many'])}{written}{call['bare'] or ''}"
