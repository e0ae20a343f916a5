"""What each `make` target does, a module for each."""
