"""Training: the loop, its losses and augmentation, checkpoints, several processes."""
