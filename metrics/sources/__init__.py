from . import rhythm
from . import streams
from . import calls
