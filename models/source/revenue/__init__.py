from . import deferral
