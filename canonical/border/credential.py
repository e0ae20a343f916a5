"""How a system lets a program in."""

from enum import StrEnum


class CredentialKind(StrEnum):
    """One way in, by what a person gets from the system and pastes."""

    API_KEY = "api_key"
    #: A user and a password (RFC 7617).
    BASIC = "basic"
    #: A client's ID and secret, for which the system gives tokens (RFC 6749, 4.4).
    OAUTH2_CLIENT = "oauth2_client"
    #: A refresh token, which the system may replace (RFC 6749, 6).
    OAUTH2_REFRESH = "oauth2_refresh"
    #: A private key, which signs what tokens are given for (RFC 7523).
    OAUTH2_JWT = "oauth2_jwt"
