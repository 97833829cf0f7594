"""Sic turns machine-made transcripts and their annotated editions into the pages of a static site.

`docs/` goes in, `build/docs/` comes out: plain Markdown that MkDocs or Zensical makes a site of. At
every build the words of each edition, with all its marks rejected, are compared with the words of
its source; one word changed, lost or added without a mark stops the build.

Floors, from top to bottom; imports go down only, and `tests/test_floors.py` holds them to it:

    cli                                   commands, and how problems are printed
    serve collection pull_request         a preview; a new collection; a review at GitHub
    excerpt                               some transcripts, and the pages that they lean on
    site engine intake                    read, plan, write; site generators; a file taken in
    plan                                  all checked, and every file of the output
    workshop                              many transcripts, by any process; what is kept of them
    talk lists                            one transcript compiled; what is made of them all
    exports                               files for readers to take away: a table of them
    corpus suggest pagefind               docs/ as one value; errors nobody marked; an index
    fidelity marking elsewhere fillers transcript mentions kinship links quotations render  steps
    bounds draft oddities error_rates timing borrowing  marks; first editions; errors; times
    edition glossary theme home           one file each, as a value
    critic front_matter phrases rows cue_times differences kinds sources  text into pieces
    words sounds frequencies timecode language licences nearness cache  words; clocks; what is kept
    model output processes                every type; what is put in place, shared out
"""
