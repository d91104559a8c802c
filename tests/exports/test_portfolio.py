"""The portfolio in PDF: what it holds, in which order, and what a screen reader is told."""

import io
import subprocess

import pypdf
import pytest

from engine.building import portfolio_command, portfolio_files
from engine.building import site as building
from engine.exports import portfolio
from tests import sites
from tests.sites import article, header, project

FILES = {
    "site.yml": sites.settings(name="Odile Marchenoir", email="odile@marchenoir.example")
    + "portfolio: yes\n",
    "home.md": header(title="Accueil") + "Un texte.",
    "themes.yml": "pain: bread\n",
    "pages/projects/four.md": project(
        "Le Four & le levain",
        order=1,
        start="2009",
        end="2013",
        place="Lyon",
        tags="[pain]",
        body="Du [bread]{lang=en} ~~mou~~[^1].\n\n![Une miche](/images/a.jpg)\n\n"
        "![](/images/a.jpg){.decorative}\n\n## Le pétrin\n\n- un\n- deux\n\n| a | b |\n|---|---|\n"
        "| 1 | 2 |\n\n> Citation\n\n[^1]: Une note.",
    ),
    "pages/projects/four.en.md": header(title="The Oven") + "A text.",
    "pages/projects/suite.md": header(
        title="La suite", order=2, status="announced", summary="À venir."
    ),
    "articles/a.md": article("Première fournée", date="2012-03"),
    "articles/b.md": article("Seconde fournée", date="2014"),
    "images/a.jpg": sites.photo(640, 400),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portfolio")
    content = sites.write(folder / "content", FILES)
    done = sites.build(content, folder / "output", SITE_URL="https://a.fr/blog")
    assert done.code == 0, done.complaints
    return done.site


def read(site: sites.Site, path: str = "portfolio.pdf") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO((site.folder / path).read_bytes()))


def tags(element, found=None) -> list:
    """The structure elements, in the order of reading."""
    found = [] if found is None else found
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        part = child.get_object()
        if isinstance(part, dict) and "/S" in part:
            found.append(part)
            tags(part, found)
    return found


def structure(reader: pypdf.PdfReader) -> list:
    return tags(reader.trailer["/Root"]["/StructTreeRoot"])


def test_the_page_of_the_projects_leads_to_it_and_tells_its_size(built):
    link = built.page("/projets/").select_one('a[type="application/pdf"]')
    size = (built.folder / "portfolio.pdf").stat().st_size
    assert link["href"] == "/blog/portfolio.pdf"
    assert link.get_text() == f"Tous les projets en un fichier (PDF, {size / 1000:.0f}\u00a0ko)"
    link = built.page("/en/projects/").select_one('a[type="application/pdf"]')
    assert link["href"] == "/blog/en/portfolio.pdf"
    assert link.get_text().startswith("All projects in one file (PDF, ")


@pytest.mark.needs("pdftotext")
def test_its_words_come_in_the_order_of_reading(built):
    done = subprocess.run(
        ["pdftotext", str(built.folder / "portfolio.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = (
        *("Un nom", "Odile Marchenoir", "Sommaire", "Le Four & le levain", "La suite"),
        *("Actualités", "Contact", "Période", "2009–2013", "Lieu", "Lyon", "Thèmes", "pain"),
        *("Du bread mou", "Une note.", "Le pétrin", "un", "deux", "a", "b", "1", "2", "Citation"),
        *("La suite", "bientôt", "À venir.", "Actualités", "2014", "Seconde fournée", "2012"),
        *("mars 2012", "Première fournée", "Contact", "odile@marchenoir.example"),
    )
    # pdftotext has plain spaces in some versions.
    text = done.stdout.replace("\u00a0", " ")
    place = 0
    for words in expected:
        place = text.index(words, place) + len(words)


def test_a_screen_reader_is_told_headings_lists_tables_pictures_and_languages(built):
    reader = read(built)
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - pypdf's own class
    assert reader.metadata.title == "Un nom"
    found = structure(reader)
    kinds = [element["/S"].removeprefix("/") for element in found]
    for kind in ("Title", "H1", "H2", "L", "LI", "Table", "TH", "TD", "BlockQuote", "Link", "Note"):
        assert kind in kinds, kind
    assert [kind for kind in kinds if kind in ("H1", "H2")] == [
        *("H1", "H1", "H2", "H1", "H1", "H2", "H2", "H1")
    ]
    pictures = [element for element in found if element["/S"] == "/Figure"]
    assert [picture["/Alt"] for picture in pictures] == ["Une miche"], "no decorative one"
    marked = [b"/Lang(en)" in page.get_contents().get_data() for page in reader.pages]
    assert any(marked), "the words in another language"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_a_link_of_a_body_has_its_whole_address(built):
    addresses = {
        annotation.get_object()["/A"]["/URI"]
        for page in read(built).pages
        for annotation in page.get("/Annots", ())
        if "/URI" in annotation.get_object().get("/A", {})
    }
    assert "https://a.fr/blog/actualites/premiere-fournee/" in addresses
    assert "mailto:odile@marchenoir.example" in addresses


def test_the_other_language_has_its_own(built):
    reader = read(built, "en/portfolio.pdf")
    assert (reader.trailer["/Root"]["/Lang"], reader.metadata.title) == ("en-GB", "A name")
    text = "".join(page.extract_text() for page in reader.pages)
    assert "The Oven" in text
    assert "Le Four" not in text


def test_every_font_is_in_the_file(built):
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in read(built).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert {font.partition("-")[0] for font in fonts} <= {
        *("BricolageGrotesque", "LibertinusSerif", "DejaVuSansMono", "NewCM10")
    }


def test_two_builds_make_the_same_file(built, tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_CONTENT", str(sites.write(tmp_path / "content", FILES)))
    monkeypatch.setenv("SITE_URL", "https://a.fr/blog")
    # Else it would be the file of the first build.
    monkeypatch.setattr(portfolio_files, "CACHE", tmp_path / "cache")
    building.build(output=tmp_path / "output")
    assert len(list((tmp_path / "cache/portfolio").glob("*.pdf"))) == 2
    for path in ("portfolio.pdf", "en/portfolio.pdf"):
        assert (tmp_path / "output" / path).read_bytes() == (built.folder / path).read_bytes()


def test_a_pdf_is_made_again_only_if_its_source_has_changed(tmp_path, monkeypatch):
    source = '#set document(title: "A", date: none)\n#set text(lang: "fr")\n'
    first = portfolio.compile_pdf(source, tmp_path, tmp_path / "cache")
    monkeypatch.setattr("typst.compile", lambda *_arguments, **_options: b"new")
    assert portfolio.compile_pdf(source, tmp_path, tmp_path / "cache") == first
    assert portfolio.compile_pdf(f"{source} x", tmp_path, tmp_path / "cache") == b"new"


def test_without_the_key_there_is_no_portfolio(build):
    built = build({"pages/projects/p.md": project()})
    assert built.code == 0, built.complaints
    assert not built.site.has("/portfolio.pdf")
    assert not built.site.page("/projets/").select('a[type="application/pdf"]')


def test_without_typst_the_site_is_built_without_it_and_says_so(tmp_path, monkeypatch, capsys):
    content = sites.write(tmp_path / "content", FILES)
    monkeypatch.setenv("SITE_CONTENT", str(content))
    monkeypatch.setattr(portfolio, "find_spec", lambda _name: None)
    building.build(output=tmp_path / "output")
    assert "call ./inv portfolio once" in capsys.readouterr().err
    built = sites.Site(tmp_path / "output")
    assert not built.has("/portfolio.pdf")
    assert not built.page("/projets/").select('a[type="application/pdf"]')


# --- ./inv portfolio -----------------------------------------------------------------------------


def command(folder, file, monkeypatch, capsys) -> tuple[int, str, str]:
    monkeypatch.setenv("SITE_CONTENT", str(sites.write(folder / "content", FILES)))
    (folder / "here").mkdir(exist_ok=True)
    monkeypatch.chdir(folder / "here")
    code = portfolio_command.main(file)
    return code, *capsys.readouterr()


def test_the_command_writes_the_portfolio_of_each_language(tmp_path, monkeypatch, capsys):
    code, said, _ = command(tmp_path, None, monkeypatch, capsys)
    assert (code, said) == (0, "written: portfolio.pdf\nwritten: portfolio.en.pdf\n")
    assert pypdf.PdfReader("portfolio.en.pdf").metadata.title == "A name"


def test_the_command_writes_one_project_alone(tmp_path, monkeypatch, capsys):
    file = "../content/pages/projects/four.md"
    code, said, _ = command(tmp_path, file, monkeypatch, capsys)
    assert (code, said) == (0, "written: four.pdf\n")
    reader = pypdf.PdfReader("four.pdf")
    text = "".join(page.extract_text() for page in reader.pages)
    assert reader.metadata.title == "Le Four\u00a0& le levain"
    assert "odile@marchenoir.example" in text
    assert "La suite" not in text


def test_the_command_names_the_projects_that_there_are(tmp_path, monkeypatch, capsys):
    code, _, complaint = command(tmp_path, "../content/articles/a.md", monkeypatch, capsys)
    assert code == 1
    assert complaint.startswith("../content/articles/a.md: portfolio: it is not a project")
    assert "content/pages/projects/four.md" in complaint
