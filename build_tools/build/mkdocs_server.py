"""MkDocs' preview server, answering its own host names only; run as a program by `sic serve`.

Without this a page of the web could make its own name lead to this machine and read the preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.__main__ import cli
from mkdocs.livereload import LiveReloadServer

_NAMES = ("127.0.0.1", "localhost")

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Serve = Callable[[LiveReloadServer, dict[str, Any], StartResponse], Iterable[bytes]]


def is_own_host(host: str, port: str) -> bool:
    """Whether a Host header names this machine itself, at the port of the preview."""
    name, _, given = host.partition(":")
    return name.lower() in _NAMES and (given or "80") == port


def _answer_own_hosts(serve: Serve) -> Serve:
    def answer(
        server: LiveReloadServer, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if is_own_host(environ.get("HTTP_HOST", ""), environ["SERVER_PORT"]):
            return serve(server, environ, start_response)
        start_response("421 Misdirected Request", [("Content-Type", "text/plain")])
        return [b"This preview answers at 127.0.0.1 and localhost alone.\n"]

    return answer


if __name__ == "__main__":
    serve = _answer_own_hosts(LiveReloadServer.serve_request)
    LiveReloadServer.serve_request = serve  # type: ignore[assignment,method-assign]
    cli()
