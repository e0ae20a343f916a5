"""What is measured of billing: runs, and what they are held against."""
