"""The policy that stands in each page protects it where the server sends no header at all."""

import shutil

import pytest

from engine.pages import page_policy
from tests import chromium, sites

pytestmark = pytest.mark.needs("chromium")

TEXTS = {
    "articles/a.md": sites.article("Première", aliases="/2012/premiere.html", tags="[Ville]"),
    "articles/a.en.md": sites.header(title="First") + "A text.\n",
    "pages/projects/p.md": sites.project(),
    "pages/contact.md": sites.header(title="Contact", template="contact")
    + "![Une cour pleine de monde](/images/photo.jpg)\n",
    "pages/l.md": sites.header(title="Mentions", template="legal") + "Un texte.\n",
    # Its table is put into the page once all pages are written.
    "pages/s.md": sites.header(title="Sobriété", slug="sobriete", template="sobriety") + "Un.\n",
    "images/photo.jpg": sites.photo(),
    "themes.yml": "Ville: City\n",
}
OLD = "/2012/premiere.html"
# What somebody put into a page, and files that it asks for.
EVIL = """
<script>hits.push("inline script")</script>
<img src="/no" onerror='hits.push("event handler")'>
<a id="address" href='javascript:hits.push("address")'>Aller</a>
<script src="/evil.js"></script>
<style>#target { top: 1px }</style>
<link rel="stylesheet" href="/evil.css">
<p id="target" style="right: 3px"></p>
<iframe src="/evil.html"></iframe>
<object data="/evil.html" type="text/html"></object>
<base href="/elsewhere/">
<form id="form" action="/evil.html"><button>Envoyer</button></form>
</body>"""
EVIL_FILES = {
    "evil.js": 'hits.push("external script")',
    "evil.css": "#target { left: 2px }",
    "evil.html": "<p>Un cadre",
}
DAMAGE = {
    *("inline script", "event handler", "address", "external script"),
    *("style element", "style sheet", "style attribute", "2 frames", "base", "form"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("policy")
    built = sites.build(sites.write(folder / "content", TEXTS), folder / "output")
    assert built.code == 0, built.complaints
    return built.site


@pytest.fixture
def tab(browser):
    """A new tab that obeys policies or not, with the list in which a script leaves its trace."""
    contexts = []

    def open_tab(*, guarded=True):
        contexts.append(browser.new_context(bypass_csp=not guarded))
        contexts[0].add_init_script("window.hits = []")
        return contexts[0].new_page()

    yield open_tab
    contexts[0].close()


def damage(page) -> set[str]:
    """What of the evil came true on a page."""
    page.evaluate("document.querySelector('#address').click()")
    page.wait_for_timeout(300)
    found = set(page.evaluate("window.hits"))
    styles = {"top": "style element", "left": "style sheet", "right": "style attribute"}
    for side, name in styles.items():
        if page.evaluate(
            f"document.querySelector('#target').computedStyleMap().get('{side}').unit"
        ):
            found.add(name)
    if frames := sum(frame.url.endswith("/evil.html") for frame in page.frames):
        found.add(f"{frames} frames")
    if "/elsewhere/" in page.evaluate("document.baseURI"):
        found.add("base")
    page.evaluate("document.querySelector('button').click()")
    page.wait_for_timeout(300)
    if "/evil.html" in page.url:
        found.add("form")
    return found


@pytest.mark.parametrize("path", ["index.html", "actualites/premiere/index.html", OLD[1:]])
@pytest.mark.parametrize("guarded", [True, False])
def test_nothing_that_got_into_a_page_comes_true(tab, site, tmp_path, path, guarded):
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)
    sites.write(folder, EVIL_FILES)
    # The page at an old address would be left at once.
    html = (folder / path).read_text("utf-8").replace('http-equiv="refresh"', 'name="refresh"')
    assert "</body>" in html
    sites.write(folder, {path: html.replace("</body>", EVIL)})
    page = tab(guarded=guarded)
    with chromium.served(folder) as address:
        page.goto(f"{address}/{path.removesuffix('index.html')}")
        assert damage(page) == (set() if guarded else DAMAGE)


def test_every_page_has_its_styles_and_the_browser_nothing_to_say(tab, site):
    page = tab()
    said = []

    def note(message) -> None:
        # A page at an old address has no icon of its own: the browser looks for this one.
        if not message.location["url"].endswith("/favicon.ico"):
            said.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    addresses = set(site.addresses)
    assert {"/", "/sobriete/", "/contact/", "/404.html", "/en/", "/themes/ville/"} <= addresses
    background = "getComputedStyle(document.documentElement).backgroundColor"
    with chromium.served(site.folder) as host:
        for address in sorted(addresses):
            page.goto(host + address)
            page.evaluate("document.fonts.ready.then(() => {})")
            assert page.evaluate(background) != "rgba(0, 0, 0, 0)", address
            assert page.evaluate("document.fonts.check('700 20px Bricolage')"), address
        page.goto(host + OLD)
        page.wait_for_url(f"{host}/actualites/premiere/")
    assert said == []


def test_every_page_bears_the_policy_of_its_own_styles_first_in_its_head(site):
    policies = {}
    for address in (*site.addresses, OLD):
        first = site.page(address).head.find(True)
        assert first["http-equiv"] == "Content-Security-Policy", address
        policies[address] = first["content"]
        styles = page_policy.style_sources(site.text(address))
        assert f"; style-src {styles}; " in policies[address]
        # What no policy of a page may hold (CSP3, 3.3).
        assert not any(word in policies[address] for word in ("frame-anc", "report-", "sandbox"))
        # The HTML standard asks for it there (4.2.5.4).
        assert b'<meta charset="utf-8">' in site.text(address).encode()[:1024]
    assert "style-src 'none'" in policies[OLD]
    assert len(set(policies.values())) > 5, "each kind of page has its own"
