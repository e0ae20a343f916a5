from . import match
from . import find
from . import compute
