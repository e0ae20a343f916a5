from . import target
from . import message
