"""What is measured of usage: how it is taken in, counted and rated."""
