"""Figures of revenue that is deferred and recognised."""
