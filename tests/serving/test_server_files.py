"""The files that web servers and static hosts read: what they hold, and what they never hold."""

import re
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.faults import ProblemError
from engine.pages import page_policy, redirects
from engine.pages.built_site import BuiltSite
from engine.serving import caddy, response_headers, served_site, server_files
from engine.serving.served_site import ServedSite
from engine.settings.site_file import SiteFile
from tests.sites import write

CSP = "Content-Security-Policy"
STYLES = ("<style>a{}</style>", "<style>b{}</style>")
FEED = '<feed xmlns="http://www.w3.org/2005/Atom">'
SITE = {
    "index.html": STYLES[0],
    "404.html": STYLES[0],
    "en/index.html": STYLES[1],
    "en/404.html": STYLES[1],
    "en/search/index.html": page_policy.filled(page_policy.EMPTY, searches=True),
    "en/search/index-0123456789ab.json": "{}",
    "en/about/index.html": STYLES[1],
    "recherche/index.html": page_policy.filled(page_policy.EMPTY, searches=True),
    "theme/search-0123456789ab.js": "",
    "flux.xml": FEED,
    "en/feed.xml": FEED,
    "images/a-0123456789ab-640.avif": "photo",
    "images/b-0123456789ab-640.jpg": "photo",
    "images/linked.jpg": "a file that is linked to",
    "theme/fonts/c-0123456789ab.woff2": "font",
    "theme/favicon.svg": "<svg/>",
    "vieux/été/index.html": redirects.redirect_page(
        "/actualites/a/", "https://example.org", "A", "fr"
    ),
    "vieux.html": redirects.redirect_page("/#a", "https://example.org", "A", "fr"),
}


def host(folder: Path):
    """How a static host answers a path: the headers of all matching rules, joined by a comma.

    As https://developers.cloudflare.com/pages/configuration/headers/ tells; Netlify does alike.
    """
    rules: list[tuple[str, dict[str, str]]] = []
    for line in (folder / "_headers").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
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
    server_files.write_server_files(BuiltSite(folder))
    return folder


def test_the_files_may_be_read_by_the_server_and_written_by_the_owner_alone(tmp_path):
    server_files.write_server_files(BuiltSite(write(tmp_path, SITE)))
    files = [tmp_path / name for name in (".htaccess", "_headers", "_redirects")]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o644}


def test_writing_them_twice_changes_nothing(site):
    first = {file: file.read_bytes() for file in site.iterdir() if file.is_file()}
    server_files.write_server_files(BuiltSite(site))
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
    ("path", "policy"),
    [
        ("/", response_headers.html_policy(https=True)),
        ("/404.html", response_headers.html_policy(https=True)),
        ("/en/", response_headers.html_policy(https=True)),
        ("/en/about/", response_headers.html_policy(https=True)),
        ("/en/about/rien", response_headers.html_policy(https=True)),
        ("/recherche/", response_headers.html_policy(https=True, searches=True)),
        ("/en/search/", response_headers.html_policy(https=True, searches=True)),
        ("/theme/search-0123456789ab.js", response_headers.FILE_POLICY),
        ("/vieux/page/", response_headers.html_policy(https=True)),
        ("/flux.xml", response_headers.FILE_POLICY),
        ("/theme/favicon.svg", response_headers.FILE_POLICY),
        ("/images/linked.jpg", response_headers.FILE_POLICY),
    ],
)
def test_a_static_host_sends_one_policy_for_pages_and_one_for_files(tmp_path, path, policy):
    # Below the folder of an old address there may be a page that is none.
    folder = write(tmp_path, SITE | {"vieux/page/index.html": STYLES[0]})
    server_files.write_server_files(BuiltSite(folder))
    assert host(folder)(path)["Content-Security-Policy"] == policy


def test_a_static_host_sends_a_vcard_by_its_type(tmp_path):
    folder = write(tmp_path, SITE | {"contact.vcf": "BEGIN:VCARD"})
    server_files.write_server_files(BuiltSite(folder))
    assert host(folder)("/contact.vcf")["Content-Type"] == "text/vcard; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "caching", "sharing"),
    [
        ("/", None, "same-origin"),
        ("/en/", None, "same-origin"),
        ("/flux.xml", None, "same-origin"),
        ("/images/a-0123456789ab-640.avif", response_headers.IMMUTABLE, "cross-origin"),
        ("/images/linked.jpg", None, "cross-origin"),
        ("/theme/fonts/c-0123456789ab.woff2", response_headers.IMMUTABLE, "same-origin"),
        ("/theme/search-0123456789ab.js", response_headers.IMMUTABLE, "same-origin"),
        ("/en/search/index-0123456789ab.json", response_headers.IMMUTABLE, "same-origin"),
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
    lines = (site / "_redirects").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        f"{quote('/vieux/été/')} /actualites/a/ 301",
        f"{quote('/vieux/été')} /actualites/a/ 301",
        "/vieux.html /#a 301",
        "/en/* /en/404.html 404",
    ]


def test_what_static_hosts_would_not_read_is_refused(tmp_path):
    long = {"/".join(["x" * 240] * 5) + ".html": SITE["vieux.html"]}
    with pytest.raises(ProblemError, match=r"_redirects would hold a line of \d+ characters"):
        server_files.write_server_files(BuiltSite(write(tmp_path / "long", SITE | long)))
    files = {f"{n}/index.html": "" for n in range(100)}
    with pytest.raises(ProblemError, match=r"_headers would hold \d+ rules, and hosts read 100"):
        server_files.write_server_files(BuiltSite(write(tmp_path / "files", SITE | files)))
    old = {f"old/{n}/index.html": SITE["vieux.html"] for n in range(1001)}
    with pytest.raises(ProblemError, match=r"_redirects would hold 2005 rules"):
        server_files.write_server_files(BuiltSite(write(tmp_path / "old", SITE | old)))


SPECIAL = st.sampled_from([*";$(){}[]<>|&'\"`*?#%^ \t\n\\,:@", "$(id)", "${x}", "..", "%{ENV}"])
NAMES = st.lists(st.one_of(SPECIAL, st.sampled_from("aé-")), min_size=1, max_size=6).map("".join)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(NAMES)
def test_no_name_of_a_file_is_more_than_a_name_in_a_server_file(name):
    with tempfile.TemporaryDirectory() as place:
        for number, pattern in enumerate(("x{}/index.html", "x{}.html", "images/x{}.jpg")):
            is_named = pattern == "x{}.html"
            text = SITE["vieux.html"] if is_named else STYLES[0]
            plain = write(
                Path(place, f"{number}a"),
                {"index.html": "", "404.html": "", pattern.format("name"): text},
            )
            other = write(
                Path(place, f"{number}b"),
                {"index.html": "", "404.html": "", pattern.format(name): text},
            )
            if is_named and not re.fullmatch(r"[\w-]*", name):
                with pytest.raises(ProblemError, match="special character"):
                    texts(other)
                continue
            safe = {name, quote(name), re.escape(name)} if is_named else {quote(name)}
            for first, second in zip(texts(plain), texts(other), strict=True):
                meant, found = Counter(first.splitlines()), Counter(second.splitlines())
                may_be = {line.replace("name", each) for line in meant for each in safe}
                assert set(found - meant) <= may_be
                assert found.total() == meant.total()


def test_a_page_for_what_is_not_found_with_a_hostile_address_is_in_no_server_file(tmp_path):
    folder = write(tmp_path, {"index.html": "", "a;b/404.html": ""})
    with pytest.raises(ProblemError, match="special character"):
        texts(folder)


@pytest.mark.parametrize(
    "target", ["/a b/", "/a;b/", "/$host/", '/"/', "/%1/", "/a\n/", "/../", "//x"]
)
def test_a_redirection_to_a_hostile_address_is_in_no_server_file(tmp_path, target):
    page = redirects.redirect_page(target, "https://example.org", "A", "fr")
    folder = write(tmp_path, {"index.html": "", "old/index.html": page})
    with pytest.raises(ProblemError, match="special character"):
        texts(folder)


def texts(folder: Path) -> list[str]:
    """The server files of a site, how its folder is named in none of them."""
    return list(written(folder).values())


def written(folder: Path, **how) -> dict[str, str]:
    """Every file for servers and hosts of a site, by its name."""
    built = BuiltSite(folder)
    server_files.write_server_files(built, **how)
    files = {name: built.files[name].place.read_text("utf-8") for name in server_files.NAMES}
    site = served_site.read_served_site(built, **how)
    return files | server_files.configurations(site, "example.org", Path("/srv/site"))


def test_no_server_file_depends_on_the_style_sheets_nor_on_a_new_page(tmp_path):
    """So that a change of the theme and a new page never ask for a hand on the server."""
    first = written(write(tmp_path / "first", SITE))
    other = {
        name: text.replace(STYLES[0], "<style>c{}</style>").replace(STYLES[1], "")
        for name, text in SITE.items()
    }
    new = {"en/about/new/index.html": "<style>d{}</style>", "en/about/a.html": STYLES[0]}
    second = written(write(tmp_path / "second", other | new))
    assert {".htaccess", "_headers", "nginx.conf", "Caddyfile"} <= set(first)
    assert second == first
    assert not [name for name, text in first.items() if "sha256-" in text]


def test_every_block_of_a_server_file_and_every_header_says_what_it_is_for(tmp_path):
    for name, text in written(write(tmp_path, SITE)).items():
        for block in text.strip().split("\n\n"):
            assert block.startswith("# "), (name, block)
        if name in ("_headers", "_redirects"):
            continue
        lines = [line.strip() for line in text.splitlines()]
        sent = [
            re.match(r"(?:Header always set|add_header|header) ([A-Z][\w-]+)", x) for x in lines
        ]
        first = {found[1]: number for number, found in reversed(list(enumerate(sent))) if found}
        # Caddy chooses the policy by the address, in the line above.
        if name == "Caddyfile":
            first[CSP] = lines.index("@pages {")
        assert set(first) >= set(response_headers.security(https=True)) | {CSP}
        for header, number in first.items():
            if header != "Content-Type":
                assert lines[number - 1] == f"# {response_headers.PURPOSES[header]}", name


@pytest.mark.parametrize("name", [".htaccess", "_headers", "nginx.conf", "Caddyfile"])
def test_subdomains_are_held_to_https_only_where_the_owner_asks_for_it(tmp_path, name):
    folder = write(tmp_path, SITE)
    plain = written(folder)[name]
    asked = written(folder, hsts_preload=True)[name]
    assert plain.count("max-age=63072000") == 1
    assert "includeSubDomains" not in plain
    assert asked == plain.replace(
        "max-age=63072000", "max-age=63072000; includeSubDomains; preload"
    )


def test_an_old_address_below_a_living_folder_takes_no_header_from_it(tmp_path):
    old = {"images/old.html": SITE["vieux.html"], "en/old/index.html": SITE["vieux.html"]}
    server_files.write_server_files(BuiltSite(write(tmp_path, SITE | old)))
    answer = host(tmp_path)
    photo = answer("/images/linked.jpg")
    assert photo["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert photo["Content-Security-Policy"] == response_headers.FILE_POLICY
    assert answer("/en/")["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cross-Origin-Resource-Policy" not in answer("/vieux/été/")


def test_the_command_refuses_a_site_below_a_path_and_writes_nothing(tmp_path, capsys):
    robots = {"robots.txt": "User-agent: *\nSitemap: https://a.fr/blog/sitemap.xml\n"}
    folder = write(tmp_path / "site", SITE | robots)
    target = tmp_path / "servers"
    configured = {"SITE_URL": "https://a.fr/blog", "SITE": SiteFile()}
    assert server_files.main(folder, target, configured, "", old_nginx=False) == 1
    assert "the site stands below /blog" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("name", ["two words", "a;b", 'a"b', "a{b", "{$HOME}", "a,b", "*"])
def test_a_name_that_caddy_would_misread_is_refused(name):
    with pytest.raises(ProblemError, match="special character"):
        caddy.caddyfile(ServedSite({}, {}, ()), Path("/srv"), (name,))


def test_the_command_writes_what_nginx_and_caddy_read_for_the_address_of_the_site(tmp_path, capsys):
    folder = write(tmp_path / "site", SITE)
    target = tmp_path / "servers"
    configured = {
        "SITE_URL": "https://example.org",
        "SITE": SiteFile(values={"hsts_preload": "yes"}),
    }
    assert server_files.main(folder, target, configured, "", old_nginx=False) == 0
    told = capsys.readouterr().out.split()
    assert told == [str(target / "nginx.conf"), str(target / "Caddyfile")]
    nginx_text = (target / "nginx.conf").read_text("utf-8")
    assert "root /var/www/example.org/current;" in nginx_text
    assert "ssl_certificate /etc/letsencrypt/live/example.org/fullchain.pem;" in nginx_text
    assert "    server_name example.org;\n    return 301 https://$host" in nginx_text
    assert "\nexample.org {\n" in (target / "Caddyfile").read_text("utf-8")
    assert "http2 on;" in nginx_text
    assert "includeSubDomains" in nginx_text
    assert server_files.main(folder, target, configured, "", old_nginx=True) == 0
    assert "listen 443 ssl http2;" in (target / "nginx.conf").read_text("utf-8")


@pytest.mark.parametrize(
    "wrong",
    [
        ("gone", "https://example.org", "/srv/site", "gone holds no site"),
        ("site", "", "/srv/site", "is not the site's address"),
        ("site", "http://localhost:8000", "/srv/site", "is not the site's address"),
        ("site", "https://example.org", "/srv/my site", "special character"),
        ("site", "https://example.org", "/srv/$(id)", "special character"),
        ("site", "https://example.org", "/srv/a;b", "special character"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys, wrong):
    folder, url, root, reason = wrong
    write(tmp_path / "site", SITE)
    configured = {"SITE_URL": url, "SITE": SiteFile()}
    folders = (tmp_path / folder, tmp_path / "servers")
    assert server_files.main(*folders, configured, root, old_nginx=False) == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "servers").exists()
