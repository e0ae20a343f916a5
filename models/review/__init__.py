from . import resolution
