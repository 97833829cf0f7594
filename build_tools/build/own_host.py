"""A web server that refuses other host names: one made to lead here could read the preview."""

from collections.abc import Iterable
from wsgiref.simple_server import WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_OWN = ("127.0.0.1", "localhost", "[::1]")


def guard(app: WSGIApplication) -> WSGIApplication:
    """The application for requests to this machine; any other is refused."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name, _, port = environ.get("HTTP_HOST", "").rpartition(":")
        if (name if port.isdigit() else f"{name}:{port}".strip(":")).lower() in _OWN:
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain")])
        return [b"this preview answers 127.0.0.1 and localhost alone\n"]

    return answer


def guard_servers() -> None:
    """Guards every WSGI server that this process starts."""

    def get_app(server: WSGIServer) -> WSGIApplication | None:
        return guard(server.application) if server.application else None

    WSGIServer.get_app = get_app  # type: ignore[assignment,method-assign]
