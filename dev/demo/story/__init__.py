"""The month: two Stripe accounts, their customers, and what happens to them.

month            the accounts with all their events, in order
account, tenant* a Stripe account and its customers: what they do becomes events
guest            somebody who pays without being a customer
balance          the money Stripe holds for the account, disputed and paid out
eu*, us*         the storylines of each entity; places: where its customers live
*_fates          what once ended with wrong books, or in no way out
"""
