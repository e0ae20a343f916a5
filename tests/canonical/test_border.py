"""Requests that an attacker may have written: signatures and forms.

Covers canonical/border/signatures, canonical/border/forms, canonical/border/inbound,
adapters/adapter_asked.
"""

import base64
import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from odoo.tests import BaseCase, tagged

from ...canonical.border import forms, signatures
from ...canonical.errors import Malformed

_ODD = ("", " ", "Basic", "Basic é", "basic ====", "Bearer x", "Basic /w==", "\udcff")


@tagged("post_install", "-at_install")
class TestSignatures(BaseCase):
    def test_hmac(self):
        body = b'{"a": 1}'
        mac = hmac.new(b"walnut", body, hashlib.sha256)
        in_base64 = base64.b64encode(mac.digest()).decode()
        self.assertTrue(signatures.is_hmac("walnut", body, mac.hexdigest()))
        self.assertTrue(
            signatures.is_hmac("walnut", body, in_base64, encoding="base64")
        )
        self.assertFalse(signatures.is_hmac("walnut", body + b" ", mac.hexdigest()))
        self.assertFalse(signatures.is_hmac("other", body, mac.hexdigest()))
        for odd in _ODD:
            self.assertFalse(signatures.is_hmac("walnut", body, odd))

    def test_basic(self):
        token = base64.b64encode("anna:pass:wörd".encode()).decode()
        self.assertTrue(signatures.is_basic("anna:pass:wörd", f"Basic {token}"))
        self.assertTrue(signatures.is_basic("anna:pass:wörd", f"bAsIc {token}"))
        self.assertFalse(signatures.is_basic("anna:pass", f"Basic {token}"))
        for odd in _ODD:
            self.assertFalse(signatures.is_basic("anna:pass:wörd", odd), odd)

    def test_rs256(self):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        signature = key.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
        public = _to_pem(key)
        self.assertTrue(signatures.is_rs256(public, b"text", signature))
        self.assertFalse(signatures.is_rs256(public, b"texts", signature))
        self.assertFalse(signatures.is_rs256(public, b"text", b""))
        self.assertFalse(signatures.is_rs256("no key", b"text", signature))

    def test_weak_key(self):
        """A key that can be broken lets nobody in, though the signature is right."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        signature = key.sign(b"text", padding.PKCS1v15(), hashes.SHA256())
        self.assertFalse(signatures.is_rs256(_to_pem(key), b"text", signature))


@tagged("post_install", "-at_install")
class TestForms(BaseCase):
    def test_array(self):
        self.assertEqual(forms.parse_array(b'[1, {"a": []}, "x"]'), [1, {"a": []}, "x"])
        deep = b"[" * 65 + b"]" * 65
        for odd in (b"{}", b"1", b"[NaN]", b"[", b"\xff", b"", deep, b"[" * 5000):
            with self.assertRaises(Malformed):
                forms.parse_array(odd)

    def test_xml(self):
        root = forms.parse_xml(b"<a><b>&lt;1&gt;</b></a>")
        self.assertEqual((root.tag, root.findtext("b")), ("a", "<1>"))
        deep = b"<a>" * 65 + b"</a>" * 65
        for odd in (b"", b"<a>", b"text", b"\xff\xfe\x00", deep, b"<a>" * 5000):
            with self.assertRaises(Malformed):
                forms.parse_xml(odd)

    def test_xml_entities(self):
        """Neither a file nor a small body that stands for a huge one gets in."""
        secret = Path(__file__).resolve()
        for prologue in (
            f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>',
            '<!DOCTYPE a [<!ENTITY y "ha"><!ENTITY x "&y;&y;&y;">]>',
            '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        ):
            with self.assertRaises(Malformed):
                forms.parse_xml(f"{prologue}<a>&x;</a>".encode())


def _to_pem(key):
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()
