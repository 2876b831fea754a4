"""Other browsers than Chromium, as far as a machine has them, driven the W3C's way.

Debian's Firefox speaks WebDriver BiDi by itself; WebKitGTK brings its own WebDriver. Both share the
W3C's form of what a hand does, so a test is written once. What goes wrong on a page is noted by a
script that the server puts before all others.
"""

from __future__ import annotations

import asyncio
import functools
import http.server
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import websocket_connect

from tests.book.conftest import SITE, STILL

RECORDER = b"""<head><script>
window.problems = [];
addEventListener("error", (event) => {
  problems.push(event.message || `${event.target.outerHTML} could not be loaded`);
}, true);
addEventListener("unhandledrejection", (event) => problems.push(String(event.reason)));
console.error = (...words) => problems.push(words.join(" "));
</script>"""
#: Keys that have a name and no letter, as WebDriver writes them.
KEYS = {
    "Enter": "\ue007",
    "Control": "\ue009",
    "Home": "\ue011",
    "End": "\ue010",
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
}


class _WithRecorder(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html" or not path.exists():
            super().do_GET()
            return
        page = path.read_bytes().replace(b"<head>", RECORDER, 1)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@contextmanager
def recorded_site() -> Iterator[str]:
    """Serve the site so that each page notes its problems; give its address."""
    handler = functools.partial(_WithRecorder, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Engine(ABC):
    """A browser with one page, on which scripts run and a hand acts."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Go to an address and wait until all of it is there."""

    @abstractmethod
    def run(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript; a promise is waited for."""

    @abstractmethod
    def press(self, *keys: str) -> None:
        """Press keys one after the other: letters, or names in `KEYS`."""

    @abstractmethod
    def move(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, draw it through the others and let go."""

    def wait(self, expression: str, seconds: float = 180) -> Any:
        """Wait until an expression is true, and return its value."""
        end, found = time.monotonic() + seconds, None
        while time.monotonic() < end:
            try:
                if found := self.run(expression):
                    return found
            except Exception as problem:  # the page may be on its way to another one
                found = problem
            time.sleep(0.05)
        raise AssertionError(f"{expression} did not become true: {found!r}")

    def box(self, selector: str) -> dict[str, float]:
        """Return where an element is in the window, after it has been brought there."""
        return self.run(
            f"""(() => {{ const e = document.querySelector({json.dumps(selector)});
                  e.scrollIntoView({{block: "center", behavior: "instant"}});
                  return ({STILL})(e); }})()"""
        )

    def click(self, selector: str, share: float = 0.5) -> None:
        """Click on an element, so far from its left side."""
        box = self.box(selector)
        self.move((box["x"] + share * box["width"], box["y"] + box["height"] / 2))


class W3C(Engine):
    """A browser to which what a hand does is told in the W3C's words."""

    @abstractmethod
    def start(self, folder: Path, at_the_end: ExitStack) -> None:
        """Start the browser, with a folder for its files; say what is to be done at the end."""

    @abstractmethod
    def act(self, *devices: dict[str, Any]) -> None:
        """Do what a hand does."""

    def press(self, *keys: str) -> None:
        """Press keys as one device of the W3C's."""
        steps = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self.act({"type": "key", "id": "keys", "actions": steps})

    def move(self, *points: tuple[float, float]) -> None:
        """Move the mouse as one device of the W3C's."""
        places = [{"type": "pointerMove", "x": round(x), "y": round(y)} for x, y in points]
        press, let_go = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        steps = [places[0], press, *places[1:], let_go]
        self.act({"type": "pointer", "id": "mouse", "actions": steps})


class Firefox(W3C):
    """Firefox through WebDriver BiDi."""

    #: Debian's name, and Mozilla's.
    program = shutil.which("firefox-esr") or "firefox"

    def start(self, folder: Path, at_the_end: ExitStack) -> None:
        """Start with a new profile that asks nobody for anything."""
        quiet = {
            **{"browser.shell.checkDefaultBrowser": False, "app.normandy.enabled": False},
            **{"network.captive-portal-service.enabled": False, "app.update.enabled": False},
            **{"network.connectivity-service.enabled": False, "extensions.update.enabled": False},
            **{"services.settings.server": "", "datareporting.policy.dataSubmissionEnabled": False},
            "ui.prefersReducedMotion": 1,
        }
        lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in quiet.items()]
        (folder / "user.js").write_text("\n".join(lines))
        command = [self.program, "--headless", "--no-remote", "--profile", str(folder)]
        running([*command, "--remote-debugging-port=0", "about:blank"], at_the_end)
        told = folder / "WebDriverBiDiServer.json"
        end = time.monotonic() + 180
        while not told.exists() or not told.read_text().strip().endswith("}"):
            assert time.monotonic() < end, "Firefox did not start"
            time.sleep(0.1)
        port = json.loads(told.read_text())["ws_port"]
        # In a thread of its own: Playwright's loop runs in the tests' thread.
        self.loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self.loop.run_forever)
        thread.start()
        at_the_end.callback(self.loop.close)
        at_the_end.callback(thread.join)
        at_the_end.callback(self.loop.call_soon_threadsafe, self.loop.stop)
        self.socket = self.do(websocket_connect, f"ws://127.0.0.1:{port}/session")
        self.sent = 0
        self.send("session.new", capabilities={})
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": 1280, "height": 900}
        self.send("browsingContext.setViewport", context=self.context, viewport=size)

    def do(self, action: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Do something in the other thread, and wait for what comes of it."""

        async def result() -> Any:
            return await action(*arguments)

        return asyncio.run_coroutine_threadsafe(result(), self.loop).result(180)

    def send(self, method: str, **values: Any) -> Any:
        """Send a command and return what it gives."""
        self.sent += 1
        message = json.dumps({"id": self.sent, "method": method, "params": values})
        self.do(self.socket.write_message, message)
        while True:
            answer = json.loads(self.do(self.socket.read_message))
            if answer.get("id") == self.sent:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Go to an address."""
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, expression: str) -> Any:
        """Return the value of an expression."""
        answer = self.send(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((v) => JSON.stringify(v ?? null))",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def act(self, *devices: dict[str, Any]) -> None:
        """Do what a hand does."""
        self.send("input.performActions", context=self.context, actions=list(devices))


class WebKit(W3C):
    """WebKitGTK's small browser through its WebDriver, on a display of its own."""

    program = "WebKitWebDriver"

    def start(self, folder: Path, at_the_end: ExitStack) -> None:
        """Start a display, the driver and a session."""
        screen = ["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        display = running(["Xvfb", *screen], at_the_end, stdout=subprocess.PIPE)
        at_the_end.callback(display.stdout.close)
        number = display.stdout.readline().decode().strip()
        with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as free:
            port = free.server_port
        own = {f"XDG_{kind}_HOME": str(folder) for kind in ("CACHE", "CONFIG", "DATA")}
        # A graphics card that programs imitate would take most of the time.
        own |= {"DISPLAY": f":{number}", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
        running([self.program, f"--port={port}"], at_the_end, env={**os.environ, **own})
        self.address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 180
        while True:
            try:
                self.send("GET", "/status")
                break
            except OSError:
                assert time.monotonic() < end, "WebKitWebDriver did not start"
                time.sleep(0.1)
        self.address += "/session/" + self.send("POST", "/session", capabilities={})["sessionId"]
        at_the_end.callback(self.send, "DELETE", "")
        self.send("POST", "/window/rect", x=0, y=0, width=1280, height=950)

    def send(self, method: str, path: str, **values: Any) -> Any:
        """Send a command and return what it gives."""
        body = json.dumps(values).encode() if method == "POST" else None
        request = urllib.request.Request(self.address + path, body, method=method)
        with urllib.request.urlopen(request, timeout=180) as answer:
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        """Go to an address."""
        self.send("POST", "/url", url=address)

    def run(self, expression: str) -> Any:
        """Return the value of an expression."""
        script = f"return Promise.resolve({expression})"
        return self.send("POST", "/execute/sync", script=script, args=[])

    def act(self, *devices: dict[str, Any]) -> None:
        """Do what a hand does."""
        self.send("POST", "/actions", actions=list(devices))


def running(command: list[str], at_the_end: ExitStack, **options: Any) -> Any:
    """Start a program; at the end, end it and all that it has started."""
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
    process = subprocess.Popen(command, start_new_session=True, **options)

    def end() -> None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    at_the_end.callback(end)
    return process


ENGINES: dict[str, type[W3C]] = {"Firefox": Firefox, "WebKit": WebKit}
#: What each needs on a Debian machine: the programs, and the packages that bring them.
NEEDED = {
    "Firefox": ([Firefox.program], "firefox-esr"),
    "WebKit": (["WebKitWebDriver", "Xvfb"], "webkit2gtk-driver and xvfb"),
}


def missing(name: str) -> str:
    """Return why an engine cannot be started on this machine, or nothing."""
    programs, packages = NEEDED[name]
    if all(shutil.which(program) for program in programs):
        return ""
    return f"no {name} on this machine (Debian's: {packages})"


@contextmanager
def started(name: str) -> Iterator[Engine]:
    """Start an engine and end it."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        ExitStack() as at_the_end,
    ):
        engine = ENGINES[name]()
        engine.start(Path(folder), at_the_end)
        yield engine
