"""Figures, each as a ratio to the raw ceiling measured in the same run. `python -m benchmarks NAME`."""
