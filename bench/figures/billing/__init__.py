"""What is measured of billing and of revenue: runs, and what they are held against."""
