"""The compression stage: a trained network and a recipe become a smaller network, its integer model, and a report.

`recipe` and `named` read recipes, `stages` are what they are made of, `order` says which orders make sense, `compress`
runs them. Nothing here is imported before it is needed: most of it needs torch.
"""
