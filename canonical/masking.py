"""Makes a payload fit to be shown: structure and amounts stay, persons don't."""

#: Keys whose value tells who somebody is, or lets somebody in.
PERSONAL_KEYS = frozenset(
    """
    address bank_transfer billing_details card client_secret custom_fields
    customer_address customer_email customer_name customer_phone customer_shipping
    customer_tax_ids email evidence exp_month exp_year fingerprint
    hosted_invoice_url invoice_pdf ip last4 metadata name number_last4 pdf phone
    receipt_email receipt_number receipt_url secret shipping source tax_ids value
    verified_address verified_name
    """.split()
)
MASK = "•••"


def mask(value):
    """Return a copy of parsed JSON in which personal values are masked."""
    if isinstance(value, dict):
        return {
            key: _mask_leaf(item) if key in PERSONAL_KEYS else mask(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [mask(item) for item in value]
    return value


def _mask_leaf(value):
    """Mask all below a personal key, and keep what is absent visibly absent."""
    if isinstance(value, dict):
        return {key: _mask_leaf(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_mask_leaf(item) for item in value]
    return value if value is None or isinstance(value, bool) else MASK
