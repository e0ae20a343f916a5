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


def vat_keys(vat, country_code=None):
    """Return the forms in which a VAT number may be written, with and without its
    country: pairs of a key and the country that the contact must be in for it to be the
    number meant; None if the key itself says so.

    :param country_code: of the customer, for a number that doesn't name its country.
    """
    key = vat_key(vat)
    prefix = key[:2]
    if not key or not any(letter.isdigit() for letter in key):
        return []
    if prefix.isalpha():
        country = _VAT_COUNTRIES.get(prefix, prefix)
        return [(key, None), (key[2:], country)]
    if not country_code:
        return []
    country = country_code.upper()
    return [(key, country), (_VAT_PREFIXES.get(country, country) + key, None)]


def email_key(email):
    """Return an e-mail address in comparable form, or ``""`` if it is none."""
    email = (email or "").strip().lower()
    return email if re.fullmatch(r"[^\s@]+@[^\s@]+", email) else ""


def registration_key(number, country_code=None):
    """Return a number of a country's register without separators, after its country's
    code, or ``""``: without the country it tells nothing.
    """
    number = re.sub(r"[^0-9A-Z]", "", (number or "").upper())
    return f"{country_code.upper()}:{number}" if number and country_code else ""


def domain_key(email):
    """Return the domain of an e-mail address, or ``""`` if there is none or everybody
    can have an address there.
    """
    domain = email_key(email).rpartition("@")[2]
    return "" if domain in _PUBLIC_DOMAINS else domain


def name_key(name):
    """Return a name in comparable form: words without punctuation and without the
    company's legal form; ``""`` if nothing is left.
    """
    text = re.sub(r"[^\w\s]", "", (name or "").casefold())
    words = [word for word in text.split() if word not in _LEGAL_FORMS]
    return " ".join(words)


def alias_system(system):
    """Return the name of a system in comparable form."""
    return "_".join(re.findall(r"\w+", system.casefold()))


#: What Greece and Northern Ireland put before their VAT numbers.
_VAT_COUNTRIES = {"EL": "GR", "XI": "GB"}
_VAT_PREFIXES = {"GR": "EL"}
#: Where anybody gets an address, so that a domain tells nothing of a company.
_PUBLIC_DOMAINS = frozenset(
    """
    aol.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
    googlemail.com hey.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr icloud.com
    laposte.net libero.it live.com mac.com mail.com mail.ru me.com msn.com naver.com
    orange.fr outlook.com outlook.de posteo.de proton.me protonmail.com qq.com
    t-online.de tutanota.com web.de yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr
    yandex.ru ymail.com zoho.com 126.com 163.com
    """.split()
)
#: What companies have in their names because the law says so.
_LEGAL_FORMS = frozenset(
    """
    ab ag aps as bv co corp corporation gmbh inc incorporated kft kg limited llc llp
    ltd nv ohg oy oyj plc pte pty sa sarl sas se sl spa srl ug
    """.split()
)
