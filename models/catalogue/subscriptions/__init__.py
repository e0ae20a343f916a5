from . import price_concern
