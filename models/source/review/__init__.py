from . import operated
from . import ruled
