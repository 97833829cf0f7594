"""The processes that share a build's work: they end with it, however it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread


@contextmanager
def share_out(workers: int) -> Iterator[Executor | None]:
    """So many processes to compile in; None for fewer than two, which this one can do itself."""
    if workers < 2:
        yield None
        return
    executor = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin)
    try:
        yield executor
    finally:
        # Where the build fails or is interrupted, nobody waits for what is still to be done.
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal: the build says what there is to say of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A process of a pool waits for work for ever: it holds both ends of the pipe by which the work
    # comes, and so does not learn that the build was killed.
    Thread(target=_end_with_build, daemon=True).start()


def _end_with_build() -> None:
    build = parent_process()
    if build:
        build.join()
        os._exit(1)
