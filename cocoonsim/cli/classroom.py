"""`app`: the classroom page."""

from __future__ import annotations

from typing import Annotated

import typer

from cocoonsim.cli.console import console
from cocoonsim.cli.runs import Plugins, Sets, read
from cocoonsim.cli.runs import allow as allow_plugins


def app(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="A scenario file of yours to show first.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where the page is served; 0 = any free port.")
    ] = 8050,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open the page in a browser.")
    ] = True,
    set_: Sets = None,
    plugin: Plugins = None,
) -> None:
    """Open the classroom page: two policies side by side, live, on this computer only.

    \b
    cocoonsim app
    cocoonsim app my.yaml --set population.users=500
    cocoonsim app --plugin my_policies --port 8060 --no-browser
    """
    from cocoonsim.core.errors import UserError

    try:
        import dash  # noqa: F401
    except ImportError:
        raise UserError(
            "the classroom page needs the extra 'app'. Install it with: pip install 'cocoonsim[app]'"
        ) from None
    from cocoonsim.app.server import serve

    if scenario is None and set_:
        raise UserError(
            "--set changes a scenario: name the file it is for, as in cocoonsim app my.yaml --set steps=100"
        )
    allow_plugins(plugin)
    own = read(scenario, set_, None) if scenario else None

    def ready(address: str) -> None:
        console().print(
            f"The classroom page is at {address} (on this computer only). Stop it with Ctrl-C.", soft_wrap=True
        )
        if browser:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(own, port, ready)
    except KeyboardInterrupt:
        console().print("stopped")
