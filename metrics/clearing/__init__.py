from . import payouts
from . import months
