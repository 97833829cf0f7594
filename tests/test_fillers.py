"""The words that a clean reading hides, and those that it must never hide."""

from itertools import pairwise

import pytest

from build_tools.transcript.fillers import find_fillers
from tests.trees import compile_text


def clean(said: str) -> str:
    """The text of a transcript as a clean reading shows it."""
    transcript = compile_text(said, said)
    text = transcript.said
    for start, end, capital in reversed(find_fillers(transcript)):
        rest = text[end:]
        text = text[:start] + (rest[:1].upper() + rest[1:] if capital else rest)
    return text.strip()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        *(("So, you know, it works.", "So, it works."), ("You know, it works.", "It works.")),
        *(("It works, you know.", "It works."), ("And — you know, it works.", "And — it works.")),
        ("It was, um, you know, late.", "It was, late."),
        *(("Um, you know, it was late.", "It was late."), ("I mean, it depends.", "It depends.")),
        ("It was, like, huge.", "It was, huge."),
        ("They'd say, like, “Why?”", "They'd say, “Why?”"),
        *(("It's kind of a mess.", "It's a mess."), ("We're sort of flying.", "We're flying.")),
        *(("It's, it's late.", "It's late."), ("The, the, the model.", "The model.")),
        ("There was, there was a plan.", "There was a plan."),
        ("That's — that's a point.", "That's a point."),
        ("When you, you know, hire a cook.", "When you, hire a cook."),
        ("If you, you know, if you forget.", "If you, if you forget."),
    ],
)
def test_fillers_and_false_starts_are_hidden(said: str, shown: str) -> None:
    assert clean(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        *("Do you know?", "Do you know, by any chance, who it was?", "As you know, it works."),
        *("You know that it works.", "If you know, tell me.", "What you know is little."),
        *("I know what I mean.", "That is what I mean, and no more.", "What kind of model is it?"),
        *("This kind of thing is new.", "Some kind of engine.", "The kind of people we need."),
        *("All kinds of things.", "A kind of music.", "I like it."),
        *("It looks like rain, like yesterday.", "People like you, and others."),
        *("It was very, very late.", "No, no.", "It is huge, huge.", "Many, many people."),
        *("He said that that was it.", "She had had enough.", "Is it? It is."),
        *("Umbrellas, like hats, are useful.", "The error, the failure."),
    ],
)
def test_meaningful_words_stay(said: str) -> None:
    assert clean(said) == said


def test_marked_words_are_never_hidden() -> None:
    body = "So, {~~you now~>you know~~}[^n], it works. {==It's==}{>>Twice?<<}, it's late.\n\n"
    transcript = compile_text(
        "So you now it works It's it's late",
        body + "[^n]: garble, record: He says so everywhere.\n",
    )

    assert find_fillers(transcript) == ()


def test_an_editors_link_is_never_hidden() -> None:
    transcript = compile_text("So you know it works", "So, [you know](#l1), it works.\n")

    assert find_fillers(transcript) == ()


def test_hidden_slices_do_not_overlap_and_stand_in_order() -> None:
    transcript = compile_text(
        "Um you know it's it's um like kind of kind of late",
        "Um, you know, it's, it's, um, like, kind of, kind of late.\n",
    )
    fillers = find_fillers(transcript)

    assert len(fillers) > 3
    assert all(before.end <= after.start for before, after in pairwise(fillers))
