from . import own
