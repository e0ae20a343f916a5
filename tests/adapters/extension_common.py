"""What tests of systems that other addons add share."""

import tempfile
from pathlib import Path

from ..support.live import LiveCase, dev


class ExtensionCase(LiveCase):
    """Installs an addon of somebody else beside this one, in an Odoo of its own."""

    #: The addon's technical name, and its files by path: it is whole.
    addon, files = "", {}

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="saas-addons-")
        cls.addClassCleanup(folder.cleanup)
        cls.addons = Path(folder.name)
        (cls.addons / cls.addon).mkdir()
        for name, content in cls.files.items():
            (cls.addons / cls.addon / name).write_text(content.lstrip())
        super().setUpClass()

    @classmethod
    def get_options(cls):
        paths = [cls.addons, *dev("machine.odoo_source").addons_path()]
        return (f"--addons-path={','.join(map(str, paths))}", "-i", cls.addon)
