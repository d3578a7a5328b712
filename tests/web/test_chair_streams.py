import asyncio
import re

from app.kit.clock import now
from tests.infusions.makers import post
from tests.web.chairs import seated


class Stream:
    """A browser's stream of events, read as it comes: httpx would wait for its end."""

    def __init__(self, browser, path):
        self.app = browser._transport.app  # noqa: SLF001  # httpx has no public name for it
        self.cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.path = path
        self.sent = asyncio.Queue()

    async def __aenter__(self):
        headers = [(b"cookie", self.cookies.encode()), (b"accept", b"text/event-stream")]
        scope = {
            "type": "http",
            "method": "GET",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "headers": headers,
            "scheme": "http",
            "http_version": "1.1",
            "server": ("afterglow", 80),
            "client": ("127.0.0.1", 1),
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "root_path": "",
        }
        self.left = asyncio.Event()
        self.task = asyncio.create_task(self.app(scope, self.receive, self.sent.put))
        self.start = await self.sent.get()
        return self

    async def __aexit__(self, *_):
        self.left.set()
        await self.task

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def next(self, kind):
        """The number of the next event of a kind."""
        async with asyncio.timeout(5):
            while True:
                text = (await self.sent.get()).get("body", b"").decode()
                if found := re.search(rf"event: {kind}\ndata: (\d+)", text):
                    return int(found.group(1))

    async def end(self):
        """Wait until the server ends it."""
        async with asyncio.timeout(5):
            while (await self.sent.get()).get("more_body", True):
                pass


async def test_another_devices_entry_is_told_of_within_a_second(http, browser, make):
    headers, session, _ = await seated(http, make, browser)
    async with Stream(browser, f"/chair/{session['id']}/events") as stream:
        before = await stream.next("changed")
        url = f"/v1/patients/{session['patient_id']}/vitals"
        reading = {"measured_at": now().isoformat(), "infusion_id": session["id"]}
        await post(http, headers, url, reading | {"heart_rate_bpm": 84})
        async with asyncio.timeout(1):
            after = await stream.next("changed")
    state = await browser.get(f"/chair/{session['id']}/state")

    assert after > before
    assert f'data-mark="{after}"' in state.text


async def test_a_stream_holds_no_connection_and_is_one_row_of_the_audit(http, browser, make, owner):
    _, session, _ = await seated(http, make, browser)

    async with Stream(browser, f"/chair/{session['id']}/events") as stream:
        await stream.next("changed")
        connections, free = http.state["pool"].size
        rows = await owner.rows(
            "SELECT act, status FROM audit_arrivals WHERE route = '/chair/{infusion_id}/events'"
        )

    assert stream.start["status"] == 200
    assert connections == free
    assert [tuple(row) for row in rows] == [("read", 200)]


async def test_a_stream_ends_with_its_session(http, browser, make, owner, monkeypatch):
    monkeypatch.setattr("app.web.open_chairs.SESSION_SECONDS", 0)
    _, session, _ = await seated(http, make, browser)

    async with Stream(browser, f"/chair/{session['id']}/events") as stream:
        await stream.next("changed")
        await owner.rows("UPDATE tokens SET revoked_at = now()")
        await stream.end()


async def test_a_stream_ends_when_the_service_stops(http, browser, make, monkeypatch):
    _, session, _ = await seated(http, make, browser)

    async with Stream(browser, f"/chair/{session['id']}/events") as stream:
        await stream.next("changed")
        monkeypatch.setattr("app.kit.stopping.stopping.told", True)
        await stream.end()


async def test_no_browser_takes_every_connection_with_streams(http, browser, make, monkeypatch):
    monkeypatch.setattr("app.web.open_chairs.OF_ONE_SESSION", 1)
    _, session, _ = await seated(http, make, browser)
    path = f"/chair/{session['id']}/events"

    async with Stream(browser, path) as stream:
        await stream.next("changed")
        second = await browser.get(path)

    assert second.status_code == 503
    assert "retry-after" in second.headers
