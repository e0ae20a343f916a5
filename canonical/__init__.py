"""The facts: typed, versioned, validated. Nothing in this room imports Odoo.

Every other room may import this one; this one imports no other.
"""
