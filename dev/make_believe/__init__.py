"""Make-believe of the systems whose events are booked: one folder a system. Tests, the
demonstration and the benches read from it as from the system itself.
"""
