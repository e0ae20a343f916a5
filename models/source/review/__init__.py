from . import operated
