"""A page of then-and-now/: the author's text, and the passages that its quotations stand for."""

from build_tools.model.theme import Answer, Answers, Quotation, Theme
from build_tools.pages.markdown import as_line, escape, in_language, link, render_head, render_plain
from build_tools.text.catalogue import tr
from build_tools.text.wording import render_date

_INNER = str.maketrans("„“”", "‚‘’")


def render_theme(theme: Theme, answers: Answers) -> str:
    """The page; a quotation from a transcript that is left out of a preview has no words."""
    blocks = [
        _render_quotation(block, answers)
        if isinstance(block, Quotation)
        else "\n".join(f"{line.opening}{render_plain(line.spans)}" for line in block)
        for block in theme.blocks
    ]
    blocks += [tr("As of {date}.", date=render_date(theme.checked))] if theme.checked else []
    return render_head(theme.title, theme.description) + "\n\n".join(blocks) + "\n"


def _render_quotation(quotation: Quotation, answers: Answers) -> str:
    known = answers.get(quotation.transcript, {})
    answer = known.get(quotation._replace(offset=0)) or Answer(said="…")
    words = as_line(in_language(escape(answer.said.translate(_INNER)), answer.lang))
    speaker = answer.speaker or quotation.transcript
    by = ", ".join(filter(None, (escape(speaker), render_date(answer.date[:7]))))
    address = answer.address or quotation.first.partition("w")[0]
    target = f"../transcripts/{quotation.transcript}.md#{address}"
    return f"> {tr('“{words}”', words=words)}\n>\n> {link(by, target)}"
