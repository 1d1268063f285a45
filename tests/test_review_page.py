"""The page for review, opened in a real browser without network: decisions by keyboard and mouse, and what they export."""

import csv
import io
from pathlib import Path

import pytest
from browsing import INJECTIONS, Open

from bri_kg import KnowledgeGraph
from bri_kg.links.mappings import read_set
from bri_kg.matching.linking import link_table, write_outputs


@pytest.fixture(scope="module")
def page_file(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    with (folder / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Project", "Country", "Note"])
        writer.writerow(["Lao-China railway", "Laos", "=1+1"])
        writer.writerow(["Kyaukpyu SEZ", "Myanmar", ""])
        writer.writerow(["Kuantan Industrial Park steel mill", "Malaysia", ""])
        for text in INJECTIONS:
            writer.writerow([f"China-Laos Railway {text}", "Laos", text])
    linked = link_table(kg, folder / "mine.csv", review=0.01)
    return write_outputs(linked, [folder / "page.html"])[0]


def test_it_opens_and_runs_nothing_from_the_table(watch: Open, page_file: Path) -> None:
    watched = watch()
    page = watched.open(page_file)
    page.select_option("#filter", "all")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.locator("li.match").count() > 2
    assert page.locator("#matches img, #matches script, #matches svg, #matches iframe, #matches a").count() == 0
    assert watched.complaints == [] and watched.requests == [page_file.as_uri()]


def test_keys_and_buttons_decide_and_the_export_says_so(watch: Open, page_file: Path, tmp_path: Path) -> None:
    page = watch().open(page_file)
    total = page.locator("li.match").count()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.querySelector('strong').textContent")
    page.keyboard.press("a")
    assert page.locator("li.match").count() == total - 1
    page.locator("li.match", has_text="Kyaukpyu SEZ").get_by_role("button", name="Reject").click()
    assert page.locator("#count").text_content() == f"2 of {total} decided"
    page.select_option("#filter", "accept")
    assert page.locator("li.match strong").first.text_content() == first
    with page.expect_download() as waiting:
        page.click("#sssom")
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    rows = read_set(file).rows
    assert {row.is_denied for row in rows} == {True, False} and len(rows) == 2
    assert all(row.cells["mapping_justification"].endswith("ManualMappingCuration") for row in rows)
    decided = list(csv.reader(io.StringIO(page.evaluate("reviewed.csv()"), newline="")))
    assert [row[2] for row in decided[1:]].count("reject") == 1 and len(decided) == 3
    page.locator("li.match").first.focus()
    page.keyboard.press("u")
    assert page.locator("#count").text_content() == f"1 of {total} decided"


def test_another_candidate_can_be_chosen(watch: Open, page_file: Path) -> None:
    page = watch().open(page_file)
    item = page.locator("li.match", has=page.locator("select")).first
    before = item.locator("strong").nth(1).text_content()
    item.locator("select").select_option("1")
    assert item.locator("strong").nth(1).text_content() != before


def test_it_follows_the_readers_colours(watch: Open, page_file: Path) -> None:
    colours = [
        watch(color_scheme=scheme).open(page_file).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours[0] != colours[1]
