"""`python -m cocoonsim` is `cocoonsim`."""

from cocoonsim.cli import main

main()
