"""`python -m eval.benchmarks`: what can be measured on any machine, from nothing but this project."""

from __future__ import annotations

from .latency import main

main()
