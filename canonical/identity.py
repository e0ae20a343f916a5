"""Brings what identifies a customer into a form that can be compared."""

import re

import phonenumbers


def phone_key(phone, country_code=None):
    """Return ``phone`` in E.164 form, or ``""`` if it is no possible number.

    :param country_code: ISO 3166 code, needed for numbers without ``+``.
    """
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone, country_code or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def vat_key(vat):
    """Return a VAT number without separators and in capitals, or ``""``."""
    return re.sub(r"[^0-9A-Z]", "", (vat or "").upper())


def email_key(email):
    """Return an e-mail address in comparable form, or ``""`` if it is none."""
    email = (email or "").strip().lower()
    return email if re.fullmatch(r"[^\s@]+@[^\s@]+", email) else ""
