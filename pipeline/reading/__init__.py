from . import fetch
from . import movements
from . import run
