"""Sic turns machine-made transcripts and their annotated editions into the pages of a static site.

`docs/` goes in, `build/docs/` comes out: plain Markdown that MkDocs or Zensical makes a site of. At
every build the words of each edition, with all its marks rejected, are compared with the words of
its source; one word changed, lost or added without a mark stops the build.

Each folder is a room, from top to bottom; a room imports only rooms below it, and
`tests/test_floors.py` reads every import to hold them to it:

    cli         commands, and how problems are printed
    authoring   commands that help to write one edition: import, mark, suggest, new
    build       plan, cache, output, preview; the site generators as programs
    exports     files to take away
    pages       pages of the site as Markdown
    metadata    data about pages for machines
    checks      values to problems
    transcript  an edition aligned with its source, and everything found in it
    reading     the files of docs/ to values
    sources     formats of recognisers to cues
    text        words, times, sounds, differences
    model       types that several rooms share
"""
