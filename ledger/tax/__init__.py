from . import match
from . import find
