"""Documents that are issued here: pure values."""
