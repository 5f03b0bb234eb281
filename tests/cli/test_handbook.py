"""The page of components in the documentation is what the components say of themselves today."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from cocoonsim.cli import app
from cocoonsim.cli.handbook import COMMAND
from cocoonsim.core.component import STAGES, find, settings_of

PAGE = Path(__file__).parents[2] / "docs" / "components.md"


def test_the_page_is_up_to_date() -> None:
    said = CliRunner().invoke(app, ["list", "--markdown"])
    assert said.exit_code == 0
    assert PAGE.read_text(encoding="utf-8") == said.output, f"run: {COMMAND} > docs/components.md"


def test_it_has_every_component_with_all_its_settings_and_no_link_leads_nowhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for stage in STAGES:
        for name, cls in find(stage).items():
            anchor = f"{stage}-{name}"
            assert f"(#{anchor})" in text
            section = text.partition(f'<a id="{anchor}"></a>')[2].partition("<a id=")[0]
            assert section.startswith(f"\n\n### {name}\n")
            for info in settings_of(cls):
                assert f"| `{info.name}` |" in section, f"{anchor}.{info.name}"


def test_a_neighbourhood_is_found_by_the_name_that_textbooks_give_it() -> None:
    said = CliRunner().invoke(app, ["list", "knn"])
    assert said.exit_code == 0
    assert "user_knn" in said.output
    by_alias = CliRunner().invoke(app, ["list", "collaborative filtering"])
    assert "user_knn" in by_alias.output
