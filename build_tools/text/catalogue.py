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
# The tag of the language in which the site is written now.
site_language = _language.get
# The calls of scripts: tr("…"), tr("…", {…}) and trCount(number, "…", "…").
SCRIPT_CALL = re.compile(
    r"""
    \b tr (?P<count> Count \( \s* [\w.]+ , | \( ) \s*
    (?P<one> "(?:[^"\\]|\\.)*" ) (?: , \s* (?P<many> "(?:[^"\\]|\\.)*" ) )?
    (?P<bare> ,? \s* \) )?
    """,
    re.VERBOSE,
)
# JavaScript's sign in English: the rule is that of the scripts.
_PLURAL = "n !== 1"


class Catalogue(NamedTuple):
    """The sentences of a language, its rules for numbers and dates, and C's rule for its plural."""

    texts: gettext.NullTranslations
    locale: Locale
    plural: str


_ENGLISH = Catalogue(gettext.NullTranslations(), Locale("en", "GB"), _PLURAL)


@contextmanager
def writing_in(lang: str) -> Iterator[None]:
    """Everything inside writes in a language; outside, and without a catalogue, in English."""
    before = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(before)


def list_languages() -> list[str]:
    """The tags of all languages in which a site can be written."""
    return sorted({SITE_LANGUAGE, *(path.stem for path in LANGUAGES.glob("*.po"))})


def current() -> Catalogue:
    """The catalogue in use."""
    return _read_catalogue(site_language(), LANGUAGES)


@lru_cache(maxsize=8)
def _read_catalogue(lang: str, folder: Path) -> Catalogue:
    path = folder / f"{lang}.po"
    if not path.is_file():
        return _ENGLISH
    catalogue, binary = read_po(BytesIO(path.read_bytes())), BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    locale, plural = Locale.parse(lang, sep="-"), catalogue.plural_expr
    return Catalogue(gettext.GNUTranslations(binary), locale, plural)


def tr(text: str, /, **values: object) -> str:
    """A sentence in the site's language, with values for the names in braces."""
    # The empty text is the head of a catalogue.
    written = text and current().texts.gettext(text)
    return written.format_map(values) if values else written


def tr_count(number: int, one: str, many: str, /, **values: object) -> str:
    """A sentence in the form that its language has for a number."""
    return current().texts.ngettext(one, many, number).format_map(values)


def translate_script(script: str) -> str:
    """A script with its sentences in the site's language, without calls that have no values."""
    script = script.replace(f"+({_PLURAL})", f"+({current().plural})")
    return SCRIPT_CALL.sub(_translate_call, script)


def _translate_call(call: re.Match[str]) -> str:
    catalogue, one = current(), json.loads(call["one"])
    if not call["many"]:
        text = json.dumps(tr(one), ensure_ascii=False)
        return text if call["bare"] else f"tr{call['count']}{text}"
    # Small numbers have all forms.
    find_form = gettext.c2py(catalogue.plural.replace("!==", "!="))
    numbers = {int(find_form(number)): number for number in range(200)}
    many = json.loads(call["many"])
    texts = (catalogue.texts.ngettext(one, many, numbers[form]) for form in sorted(numbers))
    written = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)
    return f"tr{call['count']} {written}{call['bare'] or ''}"
