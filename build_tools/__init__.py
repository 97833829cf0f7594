"""Sic turns machine-made transcripts and their annotated editions into the pages of a static site.

`docs/` goes in, `build/docs/` comes out: plain Markdown that MkDocs or Zensical makes a site of. At
every build the words of each edition, with all its marks rejected, are compared with the words of
its source; one word changed, lost or added without a mark stops the build.

Floors, from top to bottom; imports go down only, and `tests/test_floors.py` holds them to it:

    cli                                   commands, and how problems are printed
    serve                                 a preview that follows the files
    site engine intake                    read, check, plan, write; generators as programs; imports
    corpus                                docs/ as one value
    fidelity elsewhere fillers transcript mentions links quotations draft oddities render  steps
    edition glossary theme                one file each, as a value
    critic front_matter phrases sources   text into pieces
    words timecode                        what a word is; clocks
    model                                 every type
"""
