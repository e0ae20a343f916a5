from . import adapter
from . import stripe
