"""A spiking network in Lava processes, as the files of its bundle describe it."""
