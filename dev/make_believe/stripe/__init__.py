"""Stripe, as its documentation says it answers, and as localstripe says."""
