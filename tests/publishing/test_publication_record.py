"""What is remembered of a publication: its texts, its pages as readers see them, its place."""

import json
import stat

from engine.building.site import Report
from engine.pages.built_site import BuiltSite
from engine.publishing import changes, manifest, publication_record
from engine.settings.publication import PublicationSettings
from tests import sites
from tests.sites import article

PAGE = (
    '<meta http-equiv="Content-Security-Policy" content="style-src \'sha256-{digest}\'">'
    "<style>@font-face{{src:url(/theme/fonts/bricolage-{font}.woff2)}}</style>"
    '<form data-index="/recherche/index-{font}.json"></form>'
    "<p>{words}</p>"
)


def built(folder, font: str, words: str = "Un") -> BuiltSite:
    page = PAGE.format(digest=font * 2, font=font, words=words)
    files = {"index.html": page, "a/index.html": PAGE.format(digest=font, font=font, words="A")}
    return BuiltSite(sites.write(folder, files))


def test_a_font_of_another_name_changes_no_page_for_readers(tmp_path):
    old, new = built(tmp_path / "old", "0" * 12), built(tmp_path / "new", "1" * 12, "Deux")
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    report = Report(old, "https://a.org", 2, [], [])
    publication_record.write_record(content, "0001-x", {}, report)
    record = publication_record.read_record(content)
    difference = changes.compare(manifest.make_manifest(old), manifest.make_manifest(new))
    assert difference.changed == ["/", "/a/"]
    changed = publication_record.changed_for_readers
    assert changed(difference, record, "0001-x", new) == ["/"]
    # Another machine has published since, or none has from here.
    assert changed(difference, record, "0002-y", new) == ["/", "/a/"]
    assert changed(difference, None, "0001-x", new) == ["/", "/a/"]


def test_a_text_that_is_hidden_was_not_published(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {"articles/a.md": article(), "articles/b.md": article(), "articles/c.md": article()}
    content = sites.write(tmp_path / "content", files | {"notes.txt": "x", "odd/d.md": "x"})
    texts = publication_record.digests_of_texts(content)
    assert sorted(texts) == sorted(files)
    drafts, scheduled = ["content/articles/b.md"], ["content/articles/c.md (2099-01-01)"]
    report = Report(built(tmp_path / "site", "0" * 12), "https://a.org", 2, drafts, scheduled)
    publication_record.write_record(content, "0001-x", texts, report)
    record = publication_record.read_record(content)
    path = content / "articles/a.md"
    assert [record.holds(source) for source in sorted(files)] == [True, False, False]
    assert not record.is_changed("articles/a.md", path)
    path.write_text("Autre")
    assert record.is_changed("articles/a.md", path)
    file = publication_record.record_file(content)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("{}")
    assert publication_record.read_record(content) is None


def test_every_value_that_leads_elsewhere_is_another_place(tmp_path):
    content = sites.write(tmp_path / "content", {"articles/a.md": article()})
    (tmp_path / "known_hosts").write_text("a ssh-ed25519 AAAA")
    given = {
        "site_address": "https://a.org",
        "host": "a.org",
        "user": "a",
        "folder": "www",
        "known_hosts": tmp_path / "known_hosts",
    }
    assert not publication_record.is_confirmed(content, PublicationSettings(**given))
    publication_record.confirm(content, PublicationSettings(**given))
    assert publication_record.is_confirmed(content, PublicationSettings(**given))
    for name, value in (
        *(("host", "b.org"), ("user", "b"), ("folder", "b"), ("port", 23), ("mode", "inplace")),
        *(("key", tmp_path / "key"), ("site_address", "https://b.org")),
    ):
        changed = PublicationSettings(**given | {name: value})
        assert not publication_record.is_confirmed(content, changed), name
    # How many releases are kept, and how long one waits, lead nowhere else.
    assert publication_record.is_confirmed(content, PublicationSettings(**given, keep=9))
    (tmp_path / "known_hosts").write_text("a ssh-ed25519 BBBB")
    assert not publication_record.is_confirmed(content, PublicationSettings(**given))
    json.loads(publication_record.record_file(content).with_name("destination.json").read_text())
