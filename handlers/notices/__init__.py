from . import collection
from . import notice
from . import unknown_word
