"""What people decide, in words that no database has to be asked for."""
