"""Billing systems as they answer on this machine, a folder for each."""
