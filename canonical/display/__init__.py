"""What people may see of a payload, and in which form."""
