from . import postings
from . import receivables
from . import money_tiles
from . import stakes
