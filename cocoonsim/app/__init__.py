"""The classroom page: two policies side by side in the same world, live in a browser, without the internet.

It only watches: it asks `play` for one moment after the other and draws what it sees. `cocoonsim app` starts it; the extra
`app` brings what it needs.
"""
