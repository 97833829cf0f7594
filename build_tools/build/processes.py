"""The processes that share a build's work: they end with it, however it ends."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread


@contextmanager
def share_out(workers: int) -> Iterator[Executor | None]:
    """So many processes to compile in; None for fewer than two, which this one can do itself."""
    collect_seldom()
    if workers < 2:
        yield None
        return
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with theirs, ours:
        executor = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(theirs,))
        try:
            yield executor
        except BaseException:
            # What is under way is not waited for.
            ours.close()
            raise
        finally:
            executor.shutdown(cancel_futures=True)


def collect_seldom() -> None:
    """Looks for rubbish that hangs together after so many new values, and not after 700.

    A transcript is many small values and no rings of them: looking costs a fifteenth of the time.
    """
    gc.set_threshold(20_000)


def _begin(build: Connection) -> None:
    # Ctrl-C reaches every process of a terminal: the build says what there is to say of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    Thread(target=_end_with, args=(build,), daemon=True).start()


def _end_with(build: Connection) -> None:
    """Ends this process when nobody has the other end of a pipe any more.

    Left alone, a process of a pool waits for work for ever: it has both ends of the pipe by which
    work comes, and so does not learn that the build was killed.
    """
    build.poll(None)
    os._exit(1)
