"""Learning on Loihi: its learning engine in integers, and the last layer of a network that it teaches."""
