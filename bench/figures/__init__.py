"""The figures that are measured, a module for each."""
