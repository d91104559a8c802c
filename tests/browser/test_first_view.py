"""What a first visit costs and what it is kept from, as Chromium accounts for it."""

import pytest

from engine.pages.built_site import BuiltSite
from engine.pages.compression import compress
from engine.pages.page_weight import Weight, byte_limit, request_limit, weigh
from tests import sites, web_server
from tests.network import Recorder

pytestmark = pytest.mark.needs("chromium", *web_server.NEEDS)

HOMES = ["/", "/en/"]
SEARCHES = ["/recherche/", "/en/search/"]
KINDS = [
    "/projets/",
    "/projets/cantine/",
    "/actualites/",
    "/actualites/prix/",
    "/actualites/2014/",
    "/themes/",
    "/themes/cooperation/",
    "/parcours/",
    "/plan-du-site/",
    "/recherche/",
    "/accessibilite/",
    "/mentions-legales/",
    "/sobriete/",
    "/404.html",
    "/en/projects/cantine/",
    "/en/news/prix/",
    "/en/timeline/",
    "/en/search/",
    "/en/sobriety/",
    "/en/404.html",
]
# EcoIndex, of 100.
MIN_ECOINDEX = 88
ELEMENTS = "document.querySelectorAll('*').length - document.querySelectorAll('svg *').length"


@pytest.fixture
def recorder(page):
    """The network's account of a new tab."""
    return Recorder(page)


def weights(requests) -> dict[str, int]:
    """The body of each file in bytes: what a failing test shows."""
    return {request.path: request.body for request in requests}


@pytest.mark.parametrize("address", HOMES + KINDS)
def test_a_page_is_among_the_lightest_of_the_web(page, recorder, full_site, site_address, address):
    requests = recorder.visit(site_address + address)
    found = weights(requests)
    kind = "home" if address in HOMES else "search" if address in SEARCHES else "page"
    assert sum(found.values()) <= byte_limit(kind), found
    assert len(requests) <= request_limit(kind), found
    elements = page.evaluate(ELEMENTS)
    built = BuiltSite(full_site.folder)
    file = f"{address}index.html" if address.endswith("/") else address
    told = weigh(built, built.files[file.removeprefix("/")])
    assert told == Weight(sum(found.values()), len(requests), elements), "as the page Sobriété says"
    assert told.ecoindex >= MIN_ECOINDEX, told


@pytest.mark.parametrize("address", HOMES + KINDS)
def test_a_page_asks_nothing_of_others_and_leaves_nothing(page, recorder, site_address, address):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    requests = recorder.visit(site_address + address)
    assert [each for each in requests if not each.address.startswith(f"{site_address}/")] == []
    # That a page is not found, the browser says by itself.
    assert [text for text in said if "status of 404" not in text] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("caches.keys().then(found => found.length)") == 0


def test_a_news_item_with_a_photo_is_light(browser, certificate, tmp_path):
    text = "Une phrase qui dit ce qui est arrivé, à qui et où. " * 60
    body = f"{text}\n\n![Des gens sous des arbres](../images/arbres.jpg)\n\n{text}"
    files = {"images/arbres.jpg": sites.busy_photo(), "articles/a.md": sites.article(body=body)}
    built = sites.build(sites.write(tmp_path / "content", files), tmp_path / "output")
    assert built.code == 0, built.complaints
    site = BuiltSite(built.site.folder)
    compress(site)
    (tmp_path / "nginx").mkdir()
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    with web_server.served(built.site.folder, tmp_path / "nginx", certificate) as address:
        page = context.new_page()
        recorder = Recorder(page)
        recorder.visit(f"{address}/actualites/une-nouvelle/")
        page.locator("img").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('img').decode()")
        page.wait_for_timeout(200)
        found = weights(recorder.requests)
        sent = sum(found.values())
        shown = page.evaluate("document.querySelector('img').currentSrc")
        assert shown.endswith("-640.avif")
        assert byte_limit("page") < sent <= byte_limit("page", photos=1), found
        weight = weigh(site, site.files["actualites/une-nouvelle/index.html"])
        assert sent == weight.transferred, found
        assert len(recorder.requests) <= request_limit("page", photos=1)
    context.close()


def test_a_second_view_asks_for_the_page_and_takes_the_rest_from_the_cache(recorder, site_address):
    first = {each.path: each for each in recorder.visit(site_address)}
    assert first["/"].status == 200
    assert first["/"].body > 0
    again = {each.path: each for each in recorder.visit(site_address)}
    assert again["/"].status == 304
    font = next(each for path, each in again.items() if path.endswith(".woff2"))
    assert font.status is None, "no answer of the network"
    assert sum(each.body for each in again.values()) == 0


@pytest.mark.parametrize("guarded", [True, False])
def test_a_script_that_got_into_a_page_does_not_run(browser, site_address, guarded):
    evil = "<script>window.ran = 1</script><img src=/no onerror='window.ran = 2'></body>"

    def inject(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</body>", evil))

    context = browser.new_context(bypass_csp=not guarded, ignore_https_errors=True)
    page = context.new_page()
    page.route("**/", inject)
    page.goto(site_address)
    assert (page.evaluate("window.ran") is None) is guarded
    attempt = "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    if guarded:
        with pytest.raises(Exception, match="TrustedScript"):
            page.evaluate(attempt)
    else:
        page.evaluate(attempt)
    context.close()


def test_the_site_may_not_be_shown_inside_another(page, site_address):
    page.set_content(f"<iframe src='{site_address}/'></iframe>")
    page.wait_for_timeout(500)
    assert not any(frame.url.startswith(site_address) for frame in page.frames)
