from . import operated
from . import ruled
from . import stages
