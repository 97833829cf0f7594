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
    """A sentence in the site's language, with values for the names in braces.

    >>> tr("{share} of it", share="33%")
    '33% of it'
    >>> with writing_in("de"):
    ...     tr("Doubts")
    'Zweifelsfälle'
    """
    catalogue = current()
    # The empty text is the head of a catalogue.
    written = catalogue.texts.gettext(text) if catalogue and text else text
    return written.format_map(values) if values else written


def tr_count(number: int, one: str, many: str, /, **values: object) -> str:
    """A sentence in the form that its language has for a number."""
    catalogue = current()
    texts = catalogue.texts if catalogue else gettext.NullTranslations()
    return texts.ngettext(one, many, number).format_map(values)


# The calls of scripts: tr("…", …) and trCount(number, "…", "…").
_CALL = re.compile(
    r"""
    \b tr (?: Count \( \s* [\w.]+ , | \( ) \s*
    (?P<one> "(?:[^"\\]|\\.)*" ) (?: , \s* (?P<many> "(?:[^"\\]|\\.)*" ) )?
    """,
    re.VERBOSE,
)
_TEXTS, _PLURAL = "const TEXTS = {}\n", "const PLURAL = n => n !== 1\n"


def list_script_texts(script: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a script, with its plural or ""."""
    for call in _CALL.finditer(script):
        yield json.loads(call["one"]), json.loads(call["many"] or '""')


def translate_script(script: str) -> str:
    """A joined script with the sentences that it shows, if they are not English."""
    catalogue = current()
    if not catalogue or _TEXTS not in script:
        return script
    texts: dict[str, object] = {}
    for one, many in list_script_texts(script):
        if not many and tr(one) != one:
            texts[one] = tr(one)
        elif many:
            # The numbers of the forms are few, and small numbers have all of them.
            forms = {_form(catalogue, number): number for number in range(200, -1, -1)}
            found = (catalogue.texts.ngettext(one, many, forms[form]) for form in sorted(forms))
            texts[one] = list(found)
    written = json.dumps(texts, ensure_ascii=False)
    plural = f"const PLURAL = n => {catalogue.plural}\n"
    return script.replace(_TEXTS, f"const TEXTS = {written}\n").replace(_PLURAL, plural)


def _form(catalogue: Catalogue, number: int) -> int:
    return int(gettext.c2py(catalogue.plural)(number))
