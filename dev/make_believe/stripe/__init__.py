"""Stripe, as its documentation says it answers, and as localstripe says.

products, documents, movements   what an account holds, as plain values
fate                             what is meant to become of its events in Odoo
shapes                           the same as JSON, as each API version writes it
"""
