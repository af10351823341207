"""The most accurate model that fits a board: a search over bits, time steps and channels, every point of it measured.

`edgesnn.fit.search.fit` runs it. Nothing here is imported before it is needed: it needs torch and Optuna.
"""
