"""How long things take, next to what they could take at best: `python -m benchmarks --help`."""
