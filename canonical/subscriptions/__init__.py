"""What a subscription is at each instant, and what it costs: pure rules."""
