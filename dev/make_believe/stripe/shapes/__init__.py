"""Stripe's objects as JSON, in the API versions that it writes them in."""
