"""Plain values as YAML that any reader reads back as the same values."""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import SafeRepresenter

_TRUTHS = ("yes", "no", "on", "off", "y", "n")
"""Words that older readers take for true and false."""


class _Representer(SafeRepresenter):
    """Keeps the order of keys, writes no aliases, and escapes what an emitter may take for a line break."""

    def ignore_aliases(self, data: Any) -> bool:
        """Equal lists are written out each time."""
        return True


def _text(representer: _Representer, data: str) -> ScalarNode:
    if data.lower() in _TRUTHS:
        return representer.represent_scalar("tag:yaml.org,2002:str", data, style="'")
    plain = data.replace("\n", "").isprintable() and not data.startswith(("\n", " "))
    return representer.represent_scalar("tag:yaml.org,2002:str", data, style=None if plain else '"')


_Representer.add_representer(str, _text)


def write_yaml(content: dict[str, Any]) -> str:
    """Content as block-style YAML.

    >>> print(write_yaml({"steps": 3, "ranking": {"kind": "content"}, "title": "a: b"}), end="")
    steps: 3
    ranking:
      kind: content
    title: 'a: b'
    """
    writer = YAML(typ="safe", pure=True)
    writer.Representer = _Representer
    writer.default_flow_style = False  # before the representer is made
    writer.representer.sort_base_mapping_type_on_output = False
    writer.allow_unicode = True
    writer.width = 100
    text = io.StringIO()
    writer.dump(content, text)
    return text.getvalue()
