from . import billed
