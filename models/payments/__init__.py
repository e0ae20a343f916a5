from . import mandate
from . import collection
from . import collection_states
from . import collection_words
from . import collection_jobs
from . import collection_acts
from . import risk
