"""Actions of the sync log that tell what a person did, or of a link that moved."""

from enum import StrEnum


class Action(StrEnum):
    """What happened to a record; the log's detail names the fields."""

    CREATED_BY_PERSON = "created_by_person"
    CHANGED_BY_PERSON = "changed_by_person"
    DELETED_BY_PERSON = "deleted_by_person"
    LINK_MOVED = "link_moved"
