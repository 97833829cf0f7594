"""Fuzzing: strange files, made from files that people have written.

    python -m tests.fuzz --minutes 10 [--target edition] [--findings folder]

Where atheris is installed (`pip install atheris`), it looks for inputs that reach new lines of
this program; without it, inputs are the same files changed at random.
"""
