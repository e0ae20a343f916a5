"""The published data: one model for each type of event and version.

:mod:`.versions` lists them; :mod:`.published` writes what is served to senders. The
models are ours to keep: a version that is 1 or higher never changes, but for fields
that may be left out. Version 0 may change without notice.
"""
