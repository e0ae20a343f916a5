from . import linking
