from . import operated
from . import stages
