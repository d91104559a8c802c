"""The files that web servers and static hosts read: what they hold, and what they never hold."""

import re
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing import caddy, nginx, redirects, response_headers, server_files
from tests.sites import write

STYLES = ("<style>a{}</style>", "<style>b{}</style>")
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">'
SITE = {
    "index.html": STYLES[0],
    "404.html": STYLES[0],
    "en/index.html": STYLES[1],
    "en/404.html": STYLES[1],
    "flux.xml": FEED,
    "en/feed.xml": FEED,
    "images/a-0123456789ab-640.avif": "photo",
    "images/b-0123456789ab-640.jpg": "photo",
    "images/linked.jpg": "a file that is linked to",
    "theme/fonts/c-0123456789ab.woff2": "font",
    "theme/favicon.svg": "<svg/>",
    "vieux/été/index.html": redirects.page("/actualites/a/", "https://example.org", "A", "fr"),
    "vieux.html": redirects.page("/#a", "https://example.org", "A", "fr"),
}


def host(folder: Path):
    """How a static host answers a path: the headers of all matching rules, joined by a comma.

    As https://developers.cloudflare.com/pages/configuration/headers/ tells; Netlify does alike.
    """
    rules: list[tuple[str, dict[str, str]]] = []
    for line in (folder / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            rules.append((line, {}))
        else:
            name, _, value = line.partition(":")
            assert line.startswith("  ")
            assert name.strip() not in rules[-1][1]
            rules[-1][1][name.strip()] = value.strip()

    def answer(path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for pattern, values in rules:
            if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path):
                for name, value in values.items():
                    found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    return answer


@pytest.fixture
def site(tmp_path):
    folder = write(tmp_path / "site", SITE)
    server_files.write(folder)
    return folder


def test_the_files_may_be_read_by_the_server_and_written_by_the_owner_alone(tmp_path):
    files = server_files.write(write(tmp_path, SITE))
    assert [file.name for file in files] == [".htaccess", "_headers", "_redirects"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o644}


def test_writing_them_twice_changes_nothing(site):
    first = {file: file.read_bytes() for file in site.iterdir() if file.is_file()}
    server_files.write(site)
    assert {file: file.read_bytes() for file in site.iterdir() if file.is_file()} == first


@pytest.mark.parametrize("path", ["/", "/en/", "/rien", "/flux.xml", "/theme/favicon.svg"])
def test_a_static_host_gives_every_answer_the_headers_that_protect(site, path):
    answer = host(site)(path)
    fixed = response_headers.security(https=True)
    assert {name: answer.get(name) for name in fixed} == fixed
    if path != "/rien":
        assert answer["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "," not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "styles"), [("/", STYLES[:1]), ("/en/", STYLES[::-1]), ("/en/rien", STYLES[::-1])]
)
def test_a_static_host_lets_a_page_use_the_style_sheets_of_its_part(site, path, styles):
    own = host(site)(path)["Content-Security-Policy"]
    sources = own.partition("style-src ")[2].partition(";")[0].split()
    assert sorted(sources) == sorted(map(response_headers.style_sources, styles))


def test_a_part_with_many_style_sheets_is_divided_until_a_line_holds_them(tmp_path):
    pages = {
        f"{part}/{n}/index.html": f"<style>{part}{{order:{n}}}</style>"
        for part in ("a", "b")
        for n in range(25 if part == "a" else 40)
    }
    folder = write(tmp_path, SITE | pages | {"b/index.html": "<style>b{}</style>"})
    server_files.write(folder)
    answer = host(folder)
    assert answer("/a/1/")["Content-Security-Policy"].count("sha256-") == 27
    assert answer("/b/1/")["Content-Security-Policy"].count("sha256-") == 3
    for path, html in pages.items():
        policy = answer(f"/{path.removesuffix('index.html')}")["Content-Security-Policy"]
        assert response_headers.style_sources(html) in policy
        assert policy.count("default-src") == 1


@pytest.mark.parametrize(
    ("path", "caching", "sharing"),
    [
        ("/", None, "same-origin"),
        ("/en/", None, "same-origin"),
        ("/flux.xml", None, "same-origin"),
        ("/images/a-0123456789ab-640.avif", response_headers.KEEP, "cross-origin"),
        ("/images/linked.jpg", None, "cross-origin"),
        ("/theme/fonts/c-0123456789ab.woff2", response_headers.KEEP, "same-origin"),
        ("/theme/favicon.svg", None, "same-origin"),
    ],
)
def test_a_static_host_keeps_only_what_bears_a_digest(site, path, caching, sharing):
    answer = host(site)(path)
    # Without a word of ours, these hosts have browsers ask anew at each use.
    assert answer.get("Cache-Control") == caching
    assert answer["Cross-Origin-Resource-Policy"] == sharing


@pytest.mark.parametrize("path", ["/flux.xml", "/en/feed.xml"])
def test_a_static_host_knows_a_feed(site, path):
    assert host(site)(path)["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_a_static_host_redirects_for_good_and_tells_in_english_what_is_not_there(site):
    assert (site / "_redirects").read_text("utf-8").splitlines() == [
        f"{quote('/vieux/été/')} /actualites/a/ 301",
        f"{quote('/vieux/été')} /actualites/a/ 301",
        "/vieux.html /#a 301",
        "/en/* /en/404.html 404",
    ]


def test_what_static_hosts_would_not_read_is_refused(tmp_path):
    styles = {"a.html": "".join(f"<style>a{{order:{n}}}</style>" for n in range(40))}
    with pytest.raises(ValueError, match=r"_headers would hold a line of \d+ characters"):
        server_files.write(write(tmp_path / "styles", SITE | styles))
    files = {f"{n}/index.html": "" for n in range(100)}
    with pytest.raises(ValueError, match=r"_headers would hold \d+ rules, and hosts read 100"):
        server_files.write(write(tmp_path / "files", SITE | files))
    old = {f"old/{n}/index.html": SITE["vieux.html"] for n in range(1001)}
    with pytest.raises(ValueError, match=r"_redirects would hold 2005 rules"):
        server_files.write(write(tmp_path / "old", SITE | old))


SPECIAL = st.sampled_from([*";$(){}[]<>|&'\"`*?#%^ \t\n\\,:@", "$(id)", "${x}", "..", "%{ENV}"])
NAMES = st.lists(st.one_of(SPECIAL, st.sampled_from("aé-")), min_size=1, max_size=6).map("".join)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(NAMES)
def test_no_name_of_a_file_is_more_than_a_name_in_a_server_file(name):
    with tempfile.TemporaryDirectory() as place:
        for number, pattern in enumerate(("{}x/index.html", "x{}.html", "images/x{}.jpg")):
            plain = write(
                Path(place, f"{number}a"),
                {"index.html": "", "404.html": "", pattern.format("name"): STYLES[0]},
            )
            other = write(
                Path(place, f"{number}b"),
                {"index.html": "", "404.html": "", pattern.format(name): STYLES[0]},
            )
            is_page = pattern.endswith("html")
            if is_page and not re.fullmatch(r"[\w-]*", name):
                with pytest.raises(ValueError, match="special sign"):
                    texts(other)
                continue
            safe = {name, quote(name), re.escape(name)} if is_page else {quote(name)}
            for first, second in zip(texts(plain), texts(other), strict=True):
                meant, found = Counter(first.splitlines()), Counter(second.splitlines())
                may_be = {line.replace("name", each) for line in meant for each in safe}
                assert set(found - meant) <= may_be
                assert found.total() == meant.total()


@pytest.mark.parametrize(
    "target", ["/a b/", "/a;b/", "/$host/", '/"/', "/%1/", "/a\n/", "/../", "//x"]
)
def test_a_redirection_to_a_hostile_address_is_in_no_server_file(tmp_path, target):
    page = redirects.page(target, "https://example.org", "A", "fr")
    folder = write(tmp_path, {"index.html": "", "old/index.html": page})
    with pytest.raises(ValueError, match="special sign"):
        texts(folder)


def texts(folder: Path) -> list[str]:
    """The server files of a site, and how its folder is named in none of them."""
    files = [file.read_text("utf-8") for file in server_files.write(folder)]
    root = Path("/srv/site")
    return [
        *files,
        nginx.configuration(folder, nginx.Listener("443", ("example.org",)), root),
        caddy.caddyfile(folder, ("example.org",), root),
    ]


A, B, C = (response_headers.style_sources(f"<style>{name}{{}}</style>") for name in "abc")
NEW, OLD = STYLES


@pytest.fixture
def configure(tmp_path, capsys):
    """Write the servers' files for a site of these pages; return what each allows: path -> sources.

    Both servers must allow the same. A path that is in neither site has the default.
    """

    def run(pages, *paths, code=0):
        with tempfile.TemporaryDirectory() as place:
            folder = write(Path(place), pages)
            arguments = [str(folder), str(tmp_path), "--site-url=https://example.org"]
            assert server_files.main(arguments) == code, capsys.readouterr().err
        return [allowed(tmp_path, path) for path in paths]

    return run


def allowed(servers: Path, path: str) -> str:
    """What a server's map answers for a page."""
    said = []
    for name, address in (("nginx.conf", path), ("Caddyfile", path.removesuffix("index.html"))):
        text = (servers / name).read_text("utf-8")
        lines = re.search(r"site_styles\}? \{\n(.*?)\n\s*\}", text, re.DOTALL)[1].splitlines()
        pairs = dict(re.fullmatch(r'\s*"?([^" ]+)"? "([^"]*)";?', line).groups() for line in lines)
        said.append(pairs.get(address, pairs["default"]))
    assert said[0] == said[1]
    return said[0]


def test_the_servers_files_suit_the_site_of_before_too(configure):
    both = {f"{name}/index.html": NEW for name in ("d", "e", "f")}
    configure({"index.html": OLD, "both.html": NEW, "gone.html": OLD, "none.html": "", **both})
    assert configure(
        {"index.html": NEW, "both.html": NEW, "new.html": NEW, "none.html": NEW, **both},
        *("/index.html", "/both.html", "/gone.html", "/new.html", "/none.html"),
    ) == [f"{A} {B}", A, B, A, A]


def test_where_every_page_changes_the_default_suits_both_sites(configure, tmp_path):
    pages = ("index.html", "a.html", "b.html")
    configure(dict.fromkeys(pages, OLD))
    assert configure(dict.fromkeys(pages, NEW), "/index.html", "/b.html") == [f"{A} {B}"] * 2
    text = (tmp_path / "nginx.conf").read_text("utf-8")
    assert "/a.html" not in text, "the file stays short"


def test_the_servers_files_of_the_same_site_stay_the_same(configure, tmp_path):
    configure({"index.html": OLD, "gone.html": OLD})
    configure({"index.html": NEW})
    first = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(first) == 3
    configure({"index.html": NEW})
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == first


def test_the_servers_files_forget_the_site_before_the_one_before(configure):
    for style in (OLD, NEW):
        configure({"index.html": style})
    third = {"index.html": "<style>c{}</style>"}
    assert configure(third, "/index.html") == [f"{C} {A}"]
    # Back again, as after a roll-back.
    assert configure({"index.html": NEW}, "/index.html") == [f"{A} {C}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "3",
        '{"/index.html": ""}',
        "[3]",
        '[{"/index.html": 3}]',
        '[{"/index.html": "\'sha256-x\'; script-src *"}]',
        '[{"/index.html": "\'unsafe-inline\'"}]',
        '[{"/a\\"; return 403; \\"": "\'none\'"}]',
        b"\xff",
    ],
)
def test_damaged_styles_of_before_reach_no_server(configure, tmp_path, text):
    configure({"index.html": OLD})
    first = (tmp_path / "nginx.conf").read_bytes()
    (tmp_path / "styles.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    configure({"index.html": NEW}, code=1)
    assert (tmp_path / "nginx.conf").read_bytes() == first


def test_the_command_refuses_a_site_below_a_path_and_writes_nothing(tmp_path, capsys):
    robots = {"robots.txt": "User-agent: *\nSitemap: https://a.fr/blog/sitemap.xml\n"}
    folder = write(tmp_path / "site", SITE | robots)
    target = tmp_path / "servers"
    assert server_files.main([str(folder), str(target), "--site-url=https://a.fr/blog"]) == 1
    assert "the site stands below /blog" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("name", ["two words", "a;b", 'a"b', "a{b", "{$HOME}", "a,b", "*"])
def test_a_name_that_caddy_would_misread_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="special sign"):
        caddy.caddyfile(tmp_path, (name,))


def test_the_command_writes_what_nginx_and_caddy_read_for_the_address_of_the_site(tmp_path, capsys):
    folder = write(tmp_path / "site", SITE)
    target = tmp_path / "servers"
    arguments = [str(folder), str(target), "--site-url=https://example.org"]
    assert server_files.main(arguments) == 0
    told = capsys.readouterr().out.split()
    assert told == [str(target / "nginx.conf"), str(target / "Caddyfile")]
    nginx_text = (target / "nginx.conf").read_text("utf-8")
    assert "root /var/www/example.org/current;" in nginx_text
    assert "ssl_certificate /etc/letsencrypt/live/example.org/fullchain.pem;" in nginx_text
    assert "listen 80;\n    server_name example.org;\n    return 301 https://$host" in nginx_text
    assert (target / "Caddyfile").read_text("utf-8").startswith("example.org {\n")


@pytest.mark.parametrize(
    "wrong",
    [
        ("gone", "https://example.org", "/srv/site", "gone holds no site"),
        ("site", "", "/srv/site", "is not the site's address"),
        ("site", "http://localhost:8000", "/srv/site", "is not the site's address"),
        ("site", "https://example.org", "/srv/my site", "special sign"),
        ("site", "https://example.org", "/srv/$(id)", "special sign"),
        ("site", "https://example.org", "/srv/a;b", "special sign"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys, wrong):
    folder, url, root, reason = wrong
    write(tmp_path / "site", SITE)
    arguments = [str(tmp_path / folder), str(tmp_path / "servers")]
    assert server_files.main([*arguments, f"--site-url={url}", f"--root={root}"]) == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "servers").exists()
