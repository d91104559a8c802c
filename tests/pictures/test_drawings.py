"""Drawings are passed on as they are, or refused."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from engine.pictures.cache import encode
from engine.pictures.inspection import inspect
from engine.pictures.markup import markup
from engine.pictures.variants import variants
from tests.pictures.samples import refusal

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"{}>{}</svg>'


def drawing(path: Path, body: str = "", attributes: str = "", before: str = "") -> Path:
    path.write_text(before + SVG.format(attributes, body))
    return path


def test_a_drawing_is_passed_on_as_it_is(tmp_path):
    body = (
        '<style>.a{fill:url(#g)}</style><linearGradient id="g"/><use href="#g"/>'
        '<image href="data:image/png;base64,AA=="/>'
    )
    path = drawing(tmp_path / "Plan.svg", body, ' width="12.5px" height="8"')
    picture = inspect(path)
    assert (picture.width, picture.height, picture.format) == (13, 8, "SVG")
    assert encode(picture, tmp_path / "cache", tmp_path / "output") == 1
    [file] = variants(picture)
    assert (tmp_path / "output" / file.name).read_bytes() == path.read_bytes()
    image = BeautifulSoup(markup(picture, "Plan"), "html.parser").img
    assert image["src"] == f"/images/plan-{picture.digest}-13.svg"
    assert "srcset" not in image.attrs


def test_a_drawing_without_width_has_that_of_its_view_box(tmp_path):
    picture = inspect(drawing(tmp_path / "a.svg", attributes=' width="100%" height="2em"'))
    assert (picture.width, picture.height) == (120, 80)


@pytest.mark.parametrize(
    ("body", "attributes", "why"),
    [
        ("<script>alert(1)</script>", "", "holds <script>"),
        ("<x:script xmlns:x='http://www.w3.org/2000/svg'/>", "", "holds <script>"),
        ("<foreignObject/>", "", "holds <foreignobject>"),
        ("<animate/>", "", "moves"),
        ("<set/>", "", "moves"),
        ("<style>g{animation:a 1s}</style>", "", "moves"),
        ("", ' onload="alert(1)"', "a script (onload)"),
        ('<use href="https://example.org/a.svg#a"/>', "", "points to https://example.org"),
        ('<a href=" javascript:alert(1)"/>', "", "points to javascript:"),
        ('<image href="data:image/svg+xml,a"/>', "", "points to data:image/svg"),
        (
            '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="//example.org/"/>',
            "",
            "points to //example.org",
        ),
        ('<g fill="url(https://example.org/#a)"/>', "", "points to https://example.org"),
        ("<g style=\"fill: URL( 'a.svg#a' )\"/>", "", "points to a.svg"),
        ("<style>@import 'a.css';</style>", "", "points to another style sheet"),
        (r"<style>g{fill:u\72l(a)}</style>", "", "points to another style sheet"),
        ("<g>", "", "cannot be read (line 1)"),
    ],
)
def test_a_drawing_that_acts_moves_or_calls_others_is_refused(tmp_path, body, attributes, why):
    assert why in refusal(drawing(tmp_path / "a.svg", body, attributes))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aa">]>', "declares an entity (a)"),
        ('<?xml-stylesheet href="https://example.org/a.css"?>', "holds <?xml-stylesheet?>"),
    ],
)
def test_a_drawing_with_entities_or_another_style_sheet_is_refused(tmp_path, before, why):
    assert why in refusal(drawing(tmp_path / "a.svg", before=before))


def test_a_drawing_with_a_plain_doctype_is_taken(tmp_path):
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    assert inspect(drawing(tmp_path / "a.svg", before=doctype)).format == "SVG"


@pytest.mark.parametrize("text", ["<html/>", '<svg viewBox="0 0 1 1"/>'])
def test_a_file_named_svg_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "a.svg").write_text(text)
    assert "not an SVG drawing" in refusal(tmp_path / "a.svg")


@pytest.mark.parametrize("box", ["", "0 0 0 10", "0 0 a b", "0 0 1e999 2"])
def test_a_drawing_without_size_is_refused(tmp_path, box):
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"/>'
    (tmp_path / "a.svg").write_text(text)
    assert refusal(tmp_path / "a.svg") == "the drawing has no size; export it with a viewBox"
