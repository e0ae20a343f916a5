"""What recurs of what is sold, and how it moves: pure rules without a database."""
