from . import budget
from . import call
from . import token
from . import fetch
from . import movements
from . import run
from . import stream
