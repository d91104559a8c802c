"""What a browser asked for and received, by the DevTools protocol: Chromium's own account."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests import chromium


@dataclass
class Request:
    """One request of a page.

    `received` is all that came over the network for it, in bytes: head, body and HTTP/2's frames;
    `length` what the server announced for the body, still encoded. What came from the browser's
    cache has no status of the network.
    """

    address: str = ""
    kind: str = ""
    status: int | None = None
    length: int = 0
    received: int = 0
    is_finished: bool = False

    @property
    def path(self) -> str:
        """The part of the address after the host."""
        return urlsplit(self.address).path

    @property
    def body(self) -> int:
        """Bytes of the body as they came over the network, still encoded."""
        if self.status in (None, 304):
            return 0
        assert 0 < self.length < self.received, self
        return self.length


_ASK_FOR_ICON = """() => {
    new Image().src = document.querySelector("link[rel~=icon]").href;
}"""


class Recorder:
    """Notes the requests of a tab from now on: `requests`, in their order."""

    def __init__(self, page: Page):
        self.page = page
        self.requests: list[Request] = []
        self._known: dict[str, Request] = {}
        self.session = page.context.new_cdp_session(page)
        for name in (
            "requestWillBeSent",
            "responseReceived",
            "responseReceivedExtraInfo",
            "loadingFinished",
            "loadingFailed",
        ):
            self.session.on(f"Network.{name}", getattr(self, f"_{name}"))
        self.session.send("Network.enable")

    def visit(self, address: str, *, seconds: float = 20) -> list[Request]:
        """Open a page, and return its requests once its icon has come too, which comes last."""
        self.requests = []
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready")
        if not chromium.asks_for_icons():
            self.page.evaluate(_ASK_FOR_ICON)
        for _ in range(int(seconds / 0.05)):
            icons = [request for request in self.requests if request.path.endswith("favicon.svg")]
            if icons and all(request.is_finished for request in self.requests):
                return self.requests
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not everything came: {self.requests}")

    def _request(self, event: dict) -> Request:
        """The request of an event: their order is not certain."""
        return self._known.setdefault(event["requestId"], Request())

    def _requestWillBeSent(self, event: dict) -> None:  # noqa: N802 - the protocol's name
        request = self._request(event)
        request.address, request.kind = event["request"]["url"], event.get("type", "")
        self.requests.append(request)

    def _responseReceived(self, event: dict) -> None:  # noqa: N802
        headers = {name.lower(): each for name, each in event["response"]["headers"].items()}
        self._request(event).length = int(headers.get("content-length", 0))

    def _responseReceivedExtraInfo(self, event: dict) -> None:  # noqa: N802
        self._request(event).status = event["statusCode"]

    def _loadingFinished(self, event: dict) -> None:  # noqa: N802
        request = self._request(event)
        request.received = int(event["encodedDataLength"])
        request.is_finished = True

    def _loadingFailed(self, event: dict) -> None:  # noqa: N802
        self._request(event).is_finished = True
