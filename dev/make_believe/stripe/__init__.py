"""A make-believe of Stripe, which tests, demonstration, bench and faults share.

products, documents, movements   what an account holds, as plain values
shapes                           the same as JSON, as each API version writes it
counterpart, filling             runs what stands for Stripe's API, and fills it
"""
