"""The server: fixed files, one WebSocket per visitor, and uploads; nothing a visitor sends names a file."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from browser.guard import FIRST_SECONDS, guarded
from browser.house import House, title_of
from browser.protocol import Refused, Start, read_message, texts_of
from browser.session import Session
from browser.static_files import first_pages, spoken, static_files
from browser.uploads import MOST_UPLOAD
from scenarios.errors import InputError
from scenarios.regions.names import region_key

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
RATE, BURST = 40.0, 160.0  # messages per second, and at once
STARTS_PER_MINUTE = 15
SWEEP_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}
"""Beside the policy that such a page holds itself, which names its style by digest."""
MOST_UNSENT = 1000  # messages for a page that does not read them
UPLOAD_SECONDS = 60
LONGEST_NAME = 200  # characters of a name
TOO_FAST, IDLE, FULL = 4008, 4000, 4013  # codes with which a WebSocket is closed
CROWDED = Refused(
    "too many pages are open from this address: close one",
    "er staan te veel pagina's open vanaf dit adres: sluit er een",
)


class SecurityHeaders:
    """Adds `HEADERS` to every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                extra = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items() if k.lower().encode() not in own]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def same_origin(headers: Any) -> bool:
    """Whether a request comes from our own page: browsers always say where a script's request comes from."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


class Allowance:
    """How many messages a visitor may still send: a bucket that fills with time, as a clock tells it in seconds."""

    def __init__(self, clock: Callable[[], float], rate: float = RATE, most: float = BURST) -> None:
        self.clock, self.rate, self.most, self.left, self.then = clock, rate, most, most, clock()

    def take(self) -> bool:
        """Use one; False when there is none."""
        now = self.clock()
        self.left = min(self.most, self.left + (now - self.then) * self.rate)
        self.then = now
        self.left -= 1
        return self.left >= 0


class Connection:
    """One WebSocket and its session, which begins with the first message: who says nothing takes no place."""

    def __init__(self, socket: WebSocket, house: House) -> None:
        self.socket, self.house = socket, house
        self.loop = asyncio.get_running_loop()
        self.queue: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.session: Session | None = None
        self.allowance = Allowance(self.loop.time)
        self.starts = Allowance(self.loop.time, STARTS_PER_MINUTE / 60, STARTS_PER_MINUTE)

    def send(self, message: str | bytes) -> None:
        """Put a message on its way; from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.queue.put_nowait, message)

    async def post(self) -> None:
        """Hand messages to the page, in order."""
        while True:
            message = await self.queue.get()
            if isinstance(message, bytes):
                await self.socket.send_bytes(message)
            else:
                await self.socket.send_text(message)

    async def serve(self) -> None:
        """Until the visitor leaves, sends too much, or shows no sign of life."""
        posting = asyncio.create_task(self.post())
        try:
            await self.socket.close(await self.listen())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if self.session is not None:
                self.session.close()
            posting.cancel()

    async def listen(self) -> int:
        """Read messages; returns the code to close with."""
        patience = FIRST_SECONDS
        while True:
            try:
                text = await asyncio.wait_for(self.socket.receive_text(), patience)
            except TimeoutError:
                return IDLE
            except KeyError:  # bytes: no message of ours
                return TOO_FAST
            if not self.allowance.take() or self.queue.qsize() > MOST_UNSENT:
                return TOO_FAST
            try:
                message = read_message(text)
                if isinstance(message, Start) and not self.starts.take():
                    return TOO_FAST
                if self.session is None and not await self.enter():
                    return FULL
                patience = 60.0 * self.house.limits.idle
                self.session.take(message)  # type: ignore[union-attr]
            except Refused as error:
                self.send(json.dumps({"type": "error", "text": texts_of(error)}))

    async def enter(self) -> bool:
        """Begin a session; False, and the reason is told, when there is no place."""
        try:
            self.session = Session(self.house, self.send, self.queue.qsize)
        except Refused as error:
            await tell(self.socket, error)
            return False
        return True


async def tell(socket: WebSocket, problem: Refused) -> None:
    """Say what is the matter."""
    await socket.send_text(json.dumps({"type": "error", "text": texts_of(problem)}))


async def read_upload(request: Request) -> bytes | None:
    """The body of a request; None as soon as it is larger than allowed."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MOST_UPLOAD:
            return None
    return bytes(content)


def make_app(house: House, hosts: list[str]) -> Starlette:
    """The application.

    Parameters
    ----------
    hosts : list of str
        Names under which the server may be asked for; "*" allows all.
    """
    files = static_files()
    first = first_pages(files)

    async def page(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        if name not in files:
            return Response("not found", 404, media_type="text/plain")
        content, kind, tag = first[spoken(request.headers, first)] if name == "index.html" else files[name]
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(content, media_type=kind, headers={"ETag": tag, "Vary": "Accept-Language"})

    async def start_data(request: Request) -> Response:
        return Response(await asyncio.to_thread(house.opening), media_type="application/json")

    async def find_region(request: Request) -> Response:
        try:
            return JSONResponse({"region": region_key(request.query_params.get("name", "")[:LONGEST_NAME])})
        except InputError as error:
            return JSONResponse({"error": texts_of(error)})

    async def upload(request: Request) -> Response:
        if not same_origin(request.headers):
            return JSONResponse({"error": "not from this page"}, 403)
        try:
            content = await asyncio.wait_for(read_upload(request), UPLOAD_SECONDS)
        except TimeoutError:
            return JSONResponse({"error": "the file did not arrive in time"}, 408)
        if content is None:
            return JSONResponse({"error": f"the file is larger than {MOST_UPLOAD // 1_000_000} MB"}, 413)
        try:
            token, table = await asyncio.to_thread(house.upload, content)
        except InputError as error:
            return JSONResponse({"error": str(error), "error_nl": texts_of(error)["nl"]}, 422)
        title = title_of(token, table)
        return JSONResponse({"region": token, "title": title, "areas": len(table), "notes": table.notes})

    async def sweep(request: Request) -> Response:
        language, run = spoken(request.headers, first), int(request.path_params.get("run", -1))
        if house.sweep is None or request.headers.get("sec-fetch-site") == "cross-site":
            return Response("not found", 404, media_type="text/plain")
        try:
            if "name" in request.path_params:
                found, kind = house.sweep.file(run, request.path_params["name"], language)
                return Response(found, media_type=kind, headers=SWEEP_HEADERS if "html" in kind else None)
            made = (
                house.sweep.page(language) if run < 0 else await asyncio.to_thread(house.sweep.run_page, run, language)
            )
        except InputError as error:
            return Response(str(error), 404, media_type="text/plain")
        return Response(made, media_type="text/html; charset=utf-8", headers=SWEEP_HEADERS)

    async def live(socket: WebSocket) -> None:
        if not same_origin(socket.headers):
            await socket.close(1008)
            return
        with house.addresses.slot(socket.client.host if socket.client else "") as free:
            await socket.accept()
            if free:
                await Connection(socket, house).serve()
            else:
                await tell(socket, CROWDED)
                await socket.close(FULL)

    return Starlette(
        routes=[
            Route("/", page), Route("/static/{name:str}", page), Route("/start.json", start_data),
            Route("/place", find_region), Route("/sweep/", sweep), Route("/sweep/{run:int}/", sweep),
            Route("/sweep/{run:int}/figures/{name:str}", sweep), Route("/sweep/{run:int}/{name:str}", sweep),
            Route("/upload", upload, methods=["POST"]), WebSocketRoute("/live", live),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=hosts)],
    )  # fmt: skip


def make_server(
    app: Starlette,
    host: str,
    port: int,
    ready: Callable[[int], Awaitable[None] | None],
    connections: int = 400,
    per_address: int = 1,
) -> Any:
    """A uvicorn server that calls `ready` with its port once it listens, and takes so many connections at once."""
    import uvicorn

    config = uvicorn.Config(app, host=host, port=port, log_level="warning", ws_max_size=65_536, server_header=False,
                            http=guarded(per_address),
                            limit_concurrency=connections, timeout_keep_alive=10,
                            ws_per_message_deflate=False,
                            timeout_graceful_shutdown=2, ws_ping_interval=30, ws_ping_timeout=120)  # fmt: skip

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(self.servers[0].sockets[0].getsockname()[1])

    return Server(config)
