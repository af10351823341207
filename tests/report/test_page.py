"""The HTML page, opened in a browser: drawn without errors and without a single request, in light and dark."""

from __future__ import annotations

import html.parser
import json
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from edgesnn.deployment import Deployment
from edgesnn.report import html as page_of
from edgesnn.report.summary import COLUMNS

DRAWN = "return document.body.dataset.drawn"


def opened(browser: Chrome, path: Path) -> None:
    """Loads the page and waits until it has drawn its figures."""
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(path.as_uri())
    WebDriverWait(browser, 120).until(lambda driver: driver.execute_script(DRAWN))


@pytest.fixture
def page(browser: Chrome, page_file: Path) -> Path:
    """The page of all three, drawn."""
    opened(browser, page_file)
    return page_file


def requests(browser: Chrome) -> list[str]:
    """Addresses of everything the page asked for."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


def test_draws_every_plot_and_asks_for_nothing(browser: Chrome, page: Path) -> None:
    assert browser.get_log("browser") == []
    assert [url for url in requests(browser) if not url.startswith("data:")] == [page.as_uri()]
    plots = browser.execute_script("return [...document.querySelectorAll('.plot')].map(p => p.id)")
    assert plots == [
        "d0-instructions", "d0-additions", "d0-memory", "d0-confusion", "d0-raster", "d1-additions", "d1-confusion",
        "d1-raster", "d2-additions", "d2-confusion", "d2-raster",
    ]  # fmt: skip
    assert browser.execute_script(DRAWN) == str(len(plots))


def test_plots_show_what_was_counted(browser: Chrome, page: Path, deployments: list[Deployment]) -> None:
    bars = "return [...document.querySelectorAll('#d0-instructions .bars .point path')].length"
    profile = deployments[0].profile
    assert browser.execute_script(bars) == len(profile.layers) + 1
    drawn = browser.execute_script("return document.getElementById('d0-instructions').data[0].x")
    assert sum(drawn) == pytest.approx(profile.instructions, rel=1e-12)
    assert browser.execute_script("return document.querySelectorAll('#d0-raster .hm image').length") == 3
    cells = browser.execute_script("return document.getElementById('d0-confusion').data[0].text.flat()")
    assert sum(int(cell) for cell in cells if cell) == deployments[0].samples
    spikes = browser.execute_script("return document.getElementById('d0-raster').data[0].z.flat()")
    assert sum(spikes) == sum(map(len, deployments[0].raster.layers[0].active)) > 0


def test_every_plot_has_a_size(browser: Chrome, page: Path) -> None:
    sizes = browser.execute_script(
        "return [...document.querySelectorAll('.plot .main-svg:first-child')].map(s => s.getBoundingClientRect())"
        ".map(r => [r.width, r.height])"
    )
    assert len(sizes) == 11
    assert all(width > 200 and height > 100 for width, height in sizes)


def test_dark_and_light_have_their_own_ink(browser: Chrome, page: Path) -> None:
    ink = "document.getElementById('d0-memory').layout.font.color"
    read = f"return [getComputedStyle(document.body).backgroundColor, {ink}]"
    seen = {}
    for theme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": theme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        opened(browser, page)
        seen[theme] = browser.execute_script(read)
        assert browser.get_log("browser") == []
    assert seen["light"] == ["rgb(251, 251, 250)", "#1d242c"]
    assert seen["dark"] == ["rgb(20, 24, 29)", "#e4e8ec"]


def test_nothing_overflows_a_telephone(browser: Chrome, page: Path) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 400, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    )
    try:
        opened(browser, page)
        widths = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_words_say_what_was_found(browser: Chrome, page: Path) -> None:
    text = browser.execute_script("return document.body.innerText")
    assert "Differences found" in text
    assert "1 of 10 samples differ" in text
    assert "First difference: sample 7, step 1, layer lif2, v[0, 0, 3]" in text
    assert "Not observable on this board: conv1.output" in text
    assert "Instructions per layer: not counted by layer on this board" in text
    heads = browser.execute_script("return [...document.querySelectorAll('.summary th')].map(h => h.textContent)")
    assert heads == list(COLUMNS)
    assert "modelled (nrf52840)" in text
    assert "arithmetic only (cmos45)" in text


def test_names_cannot_become_markup(browser: Chrome, deployments: list[Deployment], tmp_path: Path) -> None:
    evil = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    predictions = replace(deployments[0].predictions, classes=(evil, *deployments[0].predictions.classes[1:]))
    path = tmp_path / "evil.html"
    hostile = replace(deployments[0], description=evil, board=evil, notes=(evil,), predictions=predictions)
    path.write_text(page_of([hostile]), encoding="utf-8")
    opened(browser, path)
    assert browser.title == "edgesnn report"
    assert [url for url in requests(browser) if not url.startswith("data:")] == [path.as_uri()]


def test_the_page_is_well_formed(deployments: list[Deployment]) -> None:
    class Balance(html.parser.HTMLParser):
        stack: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "link", "br", "img"):
                self.stack.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.stack.pop() == tag

    parser = Balance()
    parser.feed(page_of(deployments[:1]))
    assert parser.stack == []


def test_figures_are_valid_plotly(deployments: list[Deployment]) -> None:
    import plotly.graph_objects as go

    from edgesnn.report.page import figures_of

    for deployment in deployments:
        for _, _, figure in figures_of(deployment).values():
            if figure:
                go.Figure(figure)  # raises on an unknown attribute
