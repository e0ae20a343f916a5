from . import models
from . import adapters
from . import handlers
from . import pipeline
from . import reconcile
from . import controllers
from . import wizards
from .hooks import uninstall_hook
