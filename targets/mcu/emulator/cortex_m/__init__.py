"""A Cortex-M with a CMSDK UART and timer in unicorn: `python -m cortex_m --help`.

A program of its own that needs unicorn and pyelftools. It imports nothing of edgesnn, and nothing of edgesnn imports
it; they talk over the emulated UART. Imports within are relative, so that it runs by this name.
"""
