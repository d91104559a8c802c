"""What a publication changes for readers, and what of it is refused."""

from engine.publishing import changes

LIVE = {"index.html": "1", "a/index.html": "1", "b/index.html": "1", "c.html": "1", "f.xml": "1"}


def test_pages_added_changed_and_removed_are_told_by_their_addresses():
    new = LIVE | {"index.html": "2", "d/index.html": "1", "x.webp": "1", "x.html.br": "1"}
    del new["b/index.html"]
    found = changes.compare(LIVE, new)
    assert (found.added, found.changed, found.removed) == (["/d/"], ["/"], ["/b/"])
    assert found.files == 1
    assert "- /b/" in str(found)


def test_the_same_site_is_no_change():
    assert not changes.compare(LIVE, dict(LIVE))
    assert changes.compare(LIVE, LIVE | {".htaccess": "1"})


def test_an_address_that_would_lead_nowhere_is_refused_with_two_ways_out():
    new = {path: digest for path, digest in LIVE.items() if path != "b/index.html"}
    difference = changes.compare(LIVE, new)
    (fault,) = changes.refusals(difference)
    assert fault.path == "/b/"
    assert "aliases" in str(fault.remedy)
    assert "--gone=/b/" in str(fault.remedy)
    assert changes.refusals(difference, gone=["/b"]) == []
    assert changes.refusals(difference, redirects=["/b/"]) == []


def test_a_page_or_a_redirect_at_the_old_address_keeps_it():
    assert changes.refusals(changes.compare(LIVE, LIVE | {"b/index.html": "2"})) == []


def test_a_feed_that_vanishes_is_refused_too():
    new = {path: digest for path, digest in LIVE.items() if path != "f.xml"}
    (fault,) = changes.refusals(changes.compare(LIVE, new))
    assert fault.path == "/f.xml"


def test_far_fewer_pages_than_the_live_site_are_refused_unless_meant():
    live = {f"{number}.html": "1" for number in range(10)}
    gone = [f"/{number}.html" for number in range(10)]
    for pages, refused in ((8, False), (7, True), (0, True)):
        new = {f"{number}.html": "1" for number in range(pages)}
        difference = changes.compare(live, new)
        assert bool(changes.refusals(difference, gone=gone)) is refused
        assert not changes.refusals(difference, gone=gone, fewer_pages=True)


def test_the_first_publication_adds_everything():
    found = changes.compare({}, LIVE)
    assert len(found.added) == 5
    assert changes.refusals(found) == []


def test_the_remedy_of_a_lost_address_is_the_one_that_is_known():
    new = {path: digest for path, digest in LIVE.items() if path not in ("b/index.html", "c.html")}
    asked = []

    def find(lost):
        asked.append(lost)
        return {"/b/": "write this"}

    faults = changes.refusals(changes.compare(LIVE, new), find_remedies=find, fewer_pages=True)
    assert asked == [["/b/", "/c.html"]]
    assert str(faults[0].remedy) == "write this"
    assert "aliases" in str(faults[1].remedy)
