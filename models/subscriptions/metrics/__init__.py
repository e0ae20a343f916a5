from . import recurring
