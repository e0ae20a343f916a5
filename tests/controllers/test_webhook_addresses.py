import json

from odoo.tests import tagged

from .webhook_common import WebhookCommon


@tagged("post_install", "-at_install")
class TestWebhookAddresses(WebhookCommon):
    """Only the path says which source is meant, and only POST is for events."""

    def test_unknown_token(self):
        for token in ("nobody", "%00", "a" * 3000, "%F0%28%8C%28", "a%2Fb"):
            response = self.post_webhook(self.payload, token=token)
            self.assertEqual(response.status_code, 404, token)

    def test_token_only_from_path(self):
        """Neither a parameter nor a form can name another source."""
        response = self.post_webhook(self.payload, token="nobody?token=x")
        self.assertAnswer(response, 404)
        response = self.post_webhook(
            self.payload, token=f"{self.source.token}?token=x&y=1"
        )
        self.assertAnswer(response, 200)

    def test_parameters(self):
        """None becomes an argument of anything, whatever it is called."""
        for number, name in enumerate(
            """
            self cls token params env request args kwargs endpoint routing db source
            body debug lang context csrf_token model id
            """.split()
        ):
            body = json.dumps({**self.payload, "id": f"evt_{number}"}).encode()
            for address in (f"?{name}=1", f"?{name}", f"?{name}=1&{name}=2"):
                with self.subTest(address=address):
                    token = f"{self.source.token}{address}"
                    response = self.post_webhook(body, token=token, signature="")
                    self.assertEqual(response.status_code, 401)
                    response = self.post_webhook(body, token=f"nobody{address}")
                    self.assertEqual(response.status_code, 404)
                    response = self.post_webhook(body, token=token)
                    self.assertEqual(response.status_code, 200)
            for content_type, form in (
                ("application/x-www-form-urlencoded", f"{name}=1"),
                (
                    "multipart/form-data; boundary=b",
                    f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                    "1\r\n--b--\r\n",
                ),
            ):
                with self.subTest(form=form):
                    response = self.post_webhook(
                        form.encode(),
                        signature="",
                        headers={"Content-Type": content_type},
                    )
                    self.assertEqual(response.status_code, 401)

    def test_no_such_address(self):
        """One that the database can't hold either."""
        for path in ("/saas/%00", "/saas/webhook/a/%00", "/saas/%ED%A0%80"):
            response = self.url_open(path, data=b"x", method="POST")
            self.assertIn(response.status_code, (404, 405), path)

    def test_methods(self):
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            response = self.url_open(
                f"/saas/webhook/{self.source.token}", method=method
            )
            self.assertEqual(response.status_code, 405, method)
