"""The first publication into a folder where another site lives: nothing of it is lost."""

from contextlib import contextmanager

import pytest

from engine.faults import FaultsError
from engine.pages.built_site import BuiltSite
from engine.publishing import publish
from tests import sites, ssh_server, web_server
from tests.publishing.conftest import Place
from tests.publishing.test_publication_faults import altered, unseen
from tests.publishing.test_publication_modes import roll_back

pytestmark = pytest.mark.needs(*ssh_server.NEEDS, *web_server.NEEDS)

# Names that the new site has too, and others.
SAME = {"index.html": "Old home.", "texte-1/index.html": "Old text.", "version.txt": "7"}
OTHERS = {
    "index.php": "<?php",
    "texte-2/photo.jpg": "a photo",
    ".htaccess-2024": "a copy",
    ".well-known/security.txt": "Contact:",
    "mail/inbox": "a letter",
}
# The server dies with the pages in place, before the feeds.
DIES = 'case $* in *--exclude=/index.html*) /bin/rsync "$@"; kill -9 0 ;; esac'


def everything(folder):
    """By path: the mode of a folder or file, the bytes of a file, the target of a link."""

    def found(path):
        if path.is_symlink():
            return path.readlink()
        return path.stat().st_mode, path.is_file() and path.read_bytes()

    return {str(path.relative_to(folder)): found(path) for path in (folder, *folder.rglob("*"))}


@pytest.fixture
def old_site(ssh, tmp_path):
    """A folder with another site, which nginx shows: `with old_site(files) as place`."""

    @contextmanager
    def run(files):
        web, configured = tmp_path / "www", tmp_path / "configured"
        for made in (web, configured):
            made.mkdir()
        sites.write(web, files)
        with web_server.served(web, configured) as address:
            yield Place(ssh, tmp_path, web, ssh.settings(web, address, mode="inplace"))

    return run


def refused(place, match, settings, number):
    """Publish a version in the place of files of another site; return why it was refused."""
    with pytest.raises(FaultsError, match=match) as caught:
        place.publish(number, settings, replace_files=True)
    return str(caught.value)


def publish_told(place, number, **options):
    """Publish a version, and return what was told."""
    said = []
    asked = publish.PublishOptions(**{"yes": True} | options)
    built = BuiltSite(place.version(number).folder)
    publish.publish(place.settings, built, asked, lambda: True, said.append)
    return "\n".join(said)


@pytest.mark.parametrize("options", [{"dry_run": True}, {}, {"fewer_pages": True}])
def test_in_place_files_of_another_site_are_told_and_stay(old_site, options):
    with old_site(SAME | OTHERS) as place:
        before = everything(place.folder)
        with pytest.raises(FaultsError) as caught:
            place.publish(1, **options)
        (fault,) = caught.value.faults
        for name in SAME:
            assert name in str(fault.problem)
        for name in OTHERS:
            assert name not in str(fault.problem)
        assert "3 in all" in str(fault.problem)
        assert "--replace-files" in str(fault.remedy)
        assert everything(place.folder) == before
        assert not place.state.exists(), "nothing was uploaded"


def test_in_place_files_of_another_site_are_kept_where_the_option_replaces_them(old_site):
    with old_site(SAME | OTHERS) as place:
        told = publish_told(place, 1, replace_files=True)
        assert place.live == 1
        (kept,) = place.state.glob("replaced-*/site")
        assert f"kept in {kept}: index.html, texte-1/index.html, version.txt" in told
        assert {path: (kept / path).read_text() for path in SAME} == SAME
        assert {path: (place.folder / path).read_text() for path in OTHERS} == OTHERS
        # From now on they are of this site.
        place.publish(2)
        assert place.live == 2
        assert {path: (kept / path).read_text() for path in SAME} == SAME


def test_in_place_an_empty_folder_and_one_beside_other_files_ask_for_no_option(old_site):
    with old_site(OTHERS) as place:
        assert "will be replaced" not in publish_told(place, 1)
        publish_told(place, 2)
        assert place.live == 2
        assert {path: (place.folder / path).read_text() for path in OTHERS} == OTHERS


@pytest.mark.parametrize("mode", ["symlink", "htaccess"])
def test_the_other_modes_touch_no_file_of_another_site(ssh, tmp_path, mode):
    web = sites.write(tmp_path / "www", SAME | OTHERS)
    before = everything(web)
    settings = ssh.settings(web, "http://127.0.0.1:9", mode=mode, patience=0)
    place = Place(ssh, tmp_path, web, settings)
    with pytest.raises(FaultsError, match="no release to go back to"):
        place.publish(1)
    assert everything(web).items() >= before.items()
    assert list(place.state.glob("0001-*"))


@pytest.fixture
def own_file_of_a_former_page(old_site):
    """Version 2 live, and a file of the owner where only version 1 had a page."""
    with old_site(OTHERS) as place:
        place.publish(1)
        for number in (2, 3):
            place.version(number, removed=1)
        place.publish(2, gone=("/texte-17/",))
        own = place.folder / "texte-17" / "index.html"
        sites.write(place.folder, {"texte-17/index.html": "of the owner"})
        yield place, own


def test_a_page_in_the_place_of_a_file_of_another_is_told(own_file_of_a_former_page):
    place, own = own_file_of_a_former_page
    with pytest.raises(FaultsError, match=r"such as texte-17/index\.html; .*--replace-files"):
        place.publish(4)
    assert own.read_text() == "of the owner"
    assert place.live == 2
    place.publish(4, replace_files=True)
    assert place.live == 4
    (kept,) = place.state.glob("replaced-*/site/texte-17/index.html")
    assert kept.read_text() == "of the owner"


def test_a_publication_removes_no_file_where_a_former_page_was(own_file_of_a_former_page):
    place, own = own_file_of_a_former_page
    place.publish(3)
    assert place.live == 3
    assert own.read_text() == "of the owner"


def test_a_rollback_replaces_no_file_where_its_page_was(own_file_of_a_former_page):
    place, own = own_file_of_a_former_page
    with pytest.raises(FaultsError, match=r"such as texte-17/index\.html; .*move them away"):
        roll_back(place)
    assert own.read_text() == "of the owner"
    assert place.live == 2
    own.unlink()
    roll_back(place)
    assert place.live == 1
    assert place.leftovers() == []


@pytest.mark.parametrize("work", ["publication", "rollback"])
def test_what_the_server_put_before_it_died_is_no_file_of_another(old_site, ssh, work):
    with old_site(OTHERS) as place:
        place.version(2, removed=1)
        place.publish(2)
        if work == "rollback":
            place.publish(1)
            place.version(3, removed=1)
            place.publish(3, gone=("/texte-17/",))
        live = place.live
        switch = {"publication": lambda: place.publish(1), "rollback": lambda: roll_back(place)}
        with altered(ssh, "rsync", DIES), pytest.raises(FaultsError, match="connection ended"):
            switch[work]()
        assert place.live == live
        assert (place.folder / "texte-17/index.html").is_file()
        # The one puts a page there, the other has none there.
        place.publish(4)
        assert place.live == 4
        place.version(5, removed=1)
        place.publish(5, gone=("/texte-17/",))
        assert not (place.folder / "texte-17").exists()
        assert place.leftovers() == []


def test_what_the_server_put_before_it_died_is_removed(old_site, ssh):
    with old_site(OTHERS) as place:
        for number in (2, 3):
            place.version(number, removed=1)
        place.publish(2)
        with altered(ssh, "rsync", DIES), pytest.raises(FaultsError, match="connection ended"):
            place.publish(1)
        place.publish(3)
        assert place.live == 3
        assert not (place.folder / "texte-17").exists()
        assert {path: (place.folder / path).read_text() for path in OTHERS} == OTHERS


def test_a_server_that_dies_while_it_keeps_files_leaves_the_old_site(old_site, ssh):
    with old_site(SAME | OTHERS) as place:
        (place.folder / "images").symlink_to("mail")
        before = everything(place.folder)
        dies = "case $* in *replaced-*index.html) kill -9 0 ;; esac"
        with altered(ssh, "cp", dies), pytest.raises(FaultsError, match="connection ended"):
            place.publish(1, replace_files=True)
        assert everything(place.folder) == before
        with pytest.raises(FaultsError, match="4 in all"):
            place.publish(2)
        place.publish(2, replace_files=True)
        assert place.live == 2
        assert place.leftovers() == []


def test_a_file_that_comes_during_the_upload_is_not_replaced(old_site, monkeypatch):
    upload = publish.upload

    def uploaded(*arguments):
        upload(*arguments)
        sites.write(place.folder, {"index.html": "of the owner"})

    with old_site(OTHERS) as place:
        monkeypatch.setattr(publish, "upload", uploaded)
        with pytest.raises(FaultsError, match=r"1 in all, such as index\.html"):
            place.publish(1)
        assert (place.folder / "index.html").read_text() == "of the owner"
        assert not list(place.state.glob("0*"))
        assert ".lock" not in place.leftovers()


@pytest.mark.parametrize("files", [SAME | OTHERS, {}], ids=["another site", "an empty folder"])
@pytest.mark.parametrize("phase", [1, 3, 4])
def test_after_a_first_copy_that_fails_the_folder_is_as_before(old_site, ssh, files, phase):
    with old_site(files) as place:
        if files:
            (place.folder / "images").symlink_to("mail")
            for path, mode in (("", 0o2775), ("texte-1", 0o775), ("index.html", 0o664)):
                (place.folder / path).chmod(mode)
        before = everything(place.folder)
        calls = place.here / "calls"
        fail = f"""case $* in *--delay-updates*)
            echo >>{calls}; [ $(wc -l <{calls}) -ne {phase} ] || {{ /bin/rsync "$@"; exit 11; }} ;;
        esac"""
        with altered(ssh, "rsync", fail), pytest.raises(FaultsError, match="the old one stays"):
            place.publish(1, replace_files=True)
        assert everything(place.folder) == before
        assert not list(place.state.glob("replaced-*"))
        place.publish(2, replace_files=bool(files))
        assert place.live == 2


def test_after_a_first_publication_that_visitors_do_not_get_the_folder_is_as_before(old_site):
    with old_site(SAME | OTHERS) as place:
        (place.folder / "images").symlink_to("mail")
        for path, mode in (("", 0o2775), ("texte-1", 0o775), ("index.html", 0o664)):
            (place.folder / path).chmod(mode)
        before = everything(place.folder)
        with pytest.raises(FaultsError, match=r"does not answer.*; the old site is back"):
            place.publish(1, unseen(place), replace_files=True)
        assert everything(place.folder) == before
        assert not list(place.state.glob("[0r]*"))
        with pytest.raises(FaultsError, match="4 in all"):
            place.publish(2)
        place.publish(2, replace_files=True)
        assert place.live == 2
        assert place.leftovers() == []


def test_after_a_publication_that_visitors_do_not_get_replaced_files_are_back(
    own_file_of_a_former_page,
):
    place, own = own_file_of_a_former_page
    with pytest.raises(FaultsError, match=r"does not answer.*; visitors have 0002"):
        place.publish(4, unseen(place), replace_files=True)
    assert own.read_text() == "of the owner"
    assert not list(place.state.glob("replaced-*"))
    assert place.live == 2
    place.publish(3)
    assert own.read_text() == "of the owner"


def test_what_cannot_be_given_back_is_told_and_stays_kept(old_site):
    with old_site(OTHERS) as place:
        place.publish(1)
        # The owner has moved the pictures away, and the live release has them in a folder.
        media = place.here / "media"
        (place.folder / "images").rename(media)
        (place.folder / "images").symlink_to(media)
        pictures = everything(media)
        told = refused(place, "does not answer.*; visitors have 0001", unseen(place), 2)
        (kept,) = place.state.glob("replaced-*/site")
        assert f"still in {kept};" in told
        assert (kept / "images").is_symlink()
        assert everything(media) == pictures
        assert place.live == 1


def test_where_the_way_back_fails_too_it_is_told_and_the_next_publication_works(
    own_file_of_a_former_page, ssh
):
    place, own = own_file_of_a_former_page
    fails = 'case $* in *--exclude=/index.html*) /bin/rsync "$@"; exit 11 ;; esac'
    with altered(ssh, "rsync", fails):
        told = refused(place, "has files of two versions", None, 4)
    (kept,) = place.state.glob("replaced-*/site")
    assert f"what was replaced is in {kept}" in told
    assert (kept / "texte-17/index.html").read_text() == "of the owner"
    place.publish(3)
    assert place.live == 3
    assert not own.exists(), "a page of the publication that has failed"
    assert place.leftovers() == []
    place.version(5, removed=1)
    with altered(ssh, "rsync", fails):
        assert "what was replaced" not in refused(place, "has files of two versions", None, 5)


def test_without_room_to_keep_the_files_of_another_site_none_is_replaced(old_site, ssh):
    with old_site(SAME | OTHERS) as place:
        before = everything(place.folder)
        full = """case $* in *replaced-*/texte-1/*)
            for last; do :; done; echo part >"$last"; exit 1 ;;
        esac"""
        with altered(ssh, "cp", full), pytest.raises(FaultsError, match="not be kept"):
            place.publish(1, replace_files=True)
        assert everything(place.folder) == before
        # They are not taken for files of the publication that has failed.
        with pytest.raises(FaultsError, match="3 in all"):
            place.publish(1)
        place.publish(1, replace_files=True)
        assert place.live == 1


def test_links_and_folders_in_the_place_of_pages_are_kept_too(old_site):
    with old_site({"texte-3": "a file", "flux.xml/a.txt": "in a folder"}) as place:
        media = sites.write(place.here / "media", {"photo.jpg": "a photo"})
        (place.folder / "images").symlink_to(media)
        before = everything(place.folder)
        with pytest.raises(FaultsError, match=r"3 in all, such as flux\.xml, images, texte-3;"):
            place.publish(1)
        assert everything(place.folder) == before
        place.publish(1, replace_files=True)
        (kept,) = place.state.glob("replaced-*/site")
        assert everything(kept) == before
        assert [path.name for path in media.iterdir()] == ["photo.jpg"]
        assert place.live == 1
