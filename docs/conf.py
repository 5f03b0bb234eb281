"""How the documentation is built: `sphinx-build -W docs docs/_build`. Tutorials are run while it is built."""

import cocoonsim

project = "cocoonsim"
author = "The cocoonsim developers"
copyright = author
version = release = cocoonsim.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build"]
default_role = "literal"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
suppress_warnings = [
    "myst.header",  # an included lesson keeps the levels of its headings
    "myst.xref_missing",  # the page of components has anchors in HTML; a test looks after links
]

nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 120

autodoc_typehints = "none"
autodoc_member_order = "bysource"

html_theme = "pydata_sphinx_theme"
html_title = "cocoonsim"
html_show_sourcelink = False
html_theme_options = {"show_prev_next": True, "navigation_with_keys": False, "secondary_sidebar_items": ["page-toc"]}
