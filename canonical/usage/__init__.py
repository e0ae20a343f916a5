"""What used quantities cost: pure rules without a database."""
