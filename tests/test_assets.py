"""Style sheets and scripts go out small; everything else goes out as it is."""

from __future__ import annotations

import pytest

from build_tools.render.assets import render_asset


@pytest.mark.parametrize(
    ("path", "written", "sent"),
    [
        ("assets/a.css", "/* Why */\np {\n  color: red;\n}\n", "p{color:red}"),
        (
            "assets/a.js",
            "/* Why */\nconst a = `x  ${b}  y`\n\nf(a)\n",
            "const a=`x  ${b}  y`\nf(a)",
        ),
        ("assets/a.svg", "<svg>  </svg>\n", "<svg>  </svg>\n"),
        ("sources/a.js", "a  =  1\n", "a  =  1\n"),
        ("index.md", "# Home\n\n\n", "# Home\n\n\n"),
    ],
)
def test_only_blanks_and_comments_of_our_own_go(path: str, written: str, sent: str) -> None:
    assert render_asset(path, written.encode()).decode() == sent


def test_bytes_that_are_no_text_go_out_as_they_are() -> None:
    assert render_asset("assets/a.js", b"\xff\xfe  1") == b"\xff\xfe  1"
