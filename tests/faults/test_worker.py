"""A worker that dies with a message in hand: the next sends it again, under the same id."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import asyncpg
import httpx

from app.kit.places import DATABASE
from app.kit.postgres import find
from tests.cli.processes import Service, a_data_dir
from tests.faults.campaign import end
from tests.faults.load import check_in, phones_of

RECORD = "7b0c8f52-0f6a-4d0e-9d5c-3c6a4c1b9a11"


class Pager:
    """Takes alerts. Whoever sends the first dies before it is answered."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.sender: Service | None = None
        self.heard = threading.Semaphore(0)
        pager = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                pager.ids.append(self.headers["webhook-id"])
                if len(pager.ids) == 1:
                    end(pager.sender.process.pid)
                else:
                    self.send_response(204)
                    self.end_headers()
                pager.heard.release()

            def log_message(self, *_) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


async def wait_no_longer(url):
    """What is in hand is left to its worker for a minute, and this one is dead."""
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE outbox SET due_at = now() WHERE due_at IS NOT NULL")
    await connection.close()


def test_a_message_in_hand_is_sent_again_and_can_be_told_apart():
    pager = Pager()
    with a_data_dir() as data_dir:
        pager.sender = Service(data_dir, alert_url=pager.url)
        (phone,) = phones_of(pager.sender, data_dir, 1)
        sent = httpx.post(f"{pager.sender.url}/v1/check-ins", json=check_in(RECORD), headers=phone)
        assert pager.heard.acquire(timeout=60)
        pager.sender.ended()
        asyncio.run(wait_no_longer(find(data_dir).url(DATABASE)))

        second = Service(data_dir, alert_url=pager.url)
        assert pager.heard.acquire(timeout=60)
        second.stop()
    pager.server.shutdown()
    pager.server.server_close()

    assert sent.json()["results"][0]["status"] == "created"
    assert len(pager.ids) == 2
    assert len(set(pager.ids)) == 1
