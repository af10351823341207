"""QP-SNN: quantised weights without a zero and channels pruned by spike activity, on MNIST and Fashion-MNIST."""
