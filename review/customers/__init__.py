from . import suggest_customer
