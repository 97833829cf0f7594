"""Worker processes of a build; they end with it, however it ends."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread

from build_tools.build import raise_threshold


@contextmanager
def start_workers(workers: int) -> Iterator[Executor | None]:
    """An executor of worker processes; None for fewer than two, since this process can do that."""
    raise_threshold()
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
            # Workers end at once, whatever they are doing.
            ours.close()
            raise
        finally:
            executor.shutdown(cancel_futures=True)


def _begin(build: Connection) -> None:
    # Ctrl-C reaches every process of a terminal; only the build's own reports it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise_threshold()
    Thread(target=_end_with, args=(build,), daemon=True).start()


def _end_with(build: Connection) -> None:
    """Ends this process when the other end of a pipe is closed."""
    # A worker has both ends of the pipe of work: it would wait for ever after a killed build.
    build.poll(None)
    os._exit(1)
