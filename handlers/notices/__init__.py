from . import collection
from . import notice
from . import unknown_word
from . import risk
from . import risk_amount
