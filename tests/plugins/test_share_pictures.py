"""What other sites show where a page is shared."""

import pytest
from PIL import Image

from tests import sites
from tests.sites import article, header, project


def graph(page) -> dict[str, str]:
    return {m["property"]: m["content"] for m in page.select('meta[property^="og:image"]')}


@pytest.mark.slow
def test_a_text_is_shared_with_its_first_photo_that_says_something(build):
    body = (
        "Un texte.\n\n![](/images/fond.jpg){.decorative}\n\n![Un plan](/images/plan.svg)\n\n"
        '![L\'usine : "avant"](../images/usine.jpg)\n\n![Après](/images/fond.jpg)'
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 8"/>'
    built = build(
        {
            "articles/a.md": article(body=body),
            "articles/b.md": article("Sans photo"),
            "articles/a.en.md": header(title="News") + "![A factory](../images/usine.jpg)",
            "images/usine.jpg": sites.photo(1600, 1000),
            "images/fond.jpg": sites.photo(300, 200),
            "images/plan.svg": svg,
        },
        SITE_URL="https://example.org/blog",
    )
    assert built.code == 0, built.complaints
    told = graph(built.site.page("/actualites/une-nouvelle/"))
    address = told.pop("og:image")
    assert told == {
        "og:image:width": "1280",
        "og:image:height": "800",
        "og:image:alt": "L’usine\u00a0: «\u202favant\u202f»",
    }
    assert address.startswith("https://example.org/blog/images/usine-")
    file = built.site.folder / address.removeprefix("https://example.org/blog/")
    with Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 800))
    english = graph(built.site.page("/en/news/news/"))
    assert (english["og:image"], english["og:image:alt"]) == (address, "A factory")
    other = graph(built.site.page("/actualites/sans-photo/"))
    assert other["og:image:alt"] == "Sans photo · mars 2012 · Français", "its card"


@pytest.mark.slow
def test_a_poster_a_project_and_the_home_page_have_theirs_too(build):
    video = "![Un film](https://youtu.be/abc){poster=/images/a.jpg duration=3:45}"
    built = build(
        {
            "home.md": header(title="Accueil") + "![La rue](images/a.jpg)",
            "articles/a.md": article(body=f"Un texte.\n\n{video}"),
            "pages/projects/p.md": project(body="![Le lieu](/images/a.jpg)"),
            "pages/p.md": header(title="Page") + "![Moi](/images/a.jpg)",
            "images/a.jpg": sites.photo(800, 450),
        },
    )
    assert built.code == 0, built.complaints
    words = {a: graph(built.site.page(a)).get("og:image:alt") for a in built.site.addresses}
    assert {address: alt for address, alt in words.items() if alt} == {
        "/": "La rue",
        "/actualites/une-nouvelle/": "Un film",
        "/projets/un-projet/": "Le lieu",
        "/page/": "Moi",
    }
