"""The names and terms of a collection, for the recogniser of the next recording."""

from collections.abc import Iterable, Mapping, Sequence

from build_tools.model.extract import TranscriptExtract
from build_tools.model.glossary import Entry
from build_tools.text.wording import one_line

# In bytes. Whisper reads 224 tokens of a prompt, the last ones of a longer one. Names take many: of
# any 600 bytes of this collection's vocabulary the tokens of GPT-2 are 3.7 bytes each or longer.
_PROMPT_LENGTH = 800


def list_vocabulary(
    entries: Iterable[Entry], transcripts: Iterable[TranscriptExtract], mentions: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    """The forms of each name and term, the most often named first; `mentions` by entry's slug.

    A speaker who has no entry is named by all of their turns.
    """
    forms = {
        tuple(one_line(form) for form in entry.forms): mentions.get(entry.slug, 0)
        for entry in entries
    }
    terms = {names[0] for names in forms}
    for transcript in transcripts:
        for short, full in transcript.edition.speakers.items():
            if full not in terms:
                names = (one_line(full),)
                forms[names] = forms.get(names, 0) + transcript.turns.get(short, 0)
    return tuple(sorted(forms, key=lambda names: (-forms[names], names[0].casefold(), names)))


def render_vocabulary(vocabulary: Sequence[Sequence[str]]) -> str:
    """`data/vocabulary.txt`: one name, term or other form of it a line, each once."""
    forms = dict.fromkeys(form for names in vocabulary for form in names)
    return "".join(f"{form}\n" for form in forms)


def render_prompt(vocabulary: Sequence[Sequence[str]]) -> str:
    """`data/vocabulary-prompt.txt`: one line that a recogniser takes for what was said before."""
    prompt = ""
    for term, *_ in vocabulary:
        longer = f"{prompt}, {term}" if prompt else term
        if len(longer.encode()) > _PROMPT_LENGTH:
            continue
        prompt = longer
    return f"{prompt}.\n" if prompt else "\n"
