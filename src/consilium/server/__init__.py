"""The HTTP server: granian reads sockets, a small ASGI shell reads the body, Django answers in a few threads.

A slow client is granian's and the shell's affair, so that it never holds one of the threads.
"""
