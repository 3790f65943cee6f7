"""The settings of Playout: one frozen object that `main` builds and passes on."""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from playout.kit.http.public_address import (
    PublicAddress,
    local_url,
    parse_allowed_host,
    parse_public_url,
)
from playout.kit.log import Format, Level
from playout.kit.text import normalize

SECRET_LENGTH = 32
"""Fewest characters of the secret key."""


def _split_list(value: object) -> object:
    """Split a text at commas and spaces; leave anything else as it is."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _check_length(secret: SecretStr | None) -> SecretStr | None:
    """Raise `ValueError`, without the secret, if somebody could guess it."""
    if secret is not None and len(secret.get_secret_value()) < SECRET_LENGTH:
        raise ValueError(
            f"it needs {SECRET_LENGTH} characters or more;"
            " `openssl rand -base64 48` prints a good one"
        )
    return secret


def _split_roles(value: object) -> object:
    """Split a text such as `staff=Viewer, admins=Owner` into pairs; leave anything else."""
    if not isinstance(value, str):
        return value
    pairs = [each.rpartition("=") for each in value.split(",") if each.strip()]
    return [(said.strip(), role.strip()) for said, _, role in pairs]


def _check_issuer(issuer: str | None) -> str | None:
    """Raise `ValueError` for an issuer that anybody between it and here could pretend to be."""
    parts = urlsplit(issuer or "")
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if issuer and (parts.query or not (parts.scheme == "https" or is_here)):
        raise ValueError("it begins with https:// and has no query")
    return issuer or None


def _parse_public_url(text: str | None) -> str | None:
    """Return a public address in its shortest form; None for an empty text."""
    return parse_public_url(text) if text else None


def _check_smtp_url(url: SecretStr | None) -> SecretStr | None:
    """Raise `ValueError`, without the password in it, for what is no address of a mail server."""
    if url is not None:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("write smtp://user:password@host:port, or smtps://")
    return url


RoleName = Literal["Viewer", "Developer", "ProjectManager", "OrganizationAdmin", "Owner"]


class Settings(BaseSettings):
    """Settings from environment variables that begin with `PLAYOUT_`, or from keyword arguments.

    `make docs` writes the docstrings below into docs/settings.md.
    """

    model_config = SettingsConfigDict(
        env_prefix="PLAYOUT_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # it may be a secret
    )

    data_dir: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = Path(
        "playout-data"
    )
    """Folder of the embedded database, the local storage and the secret key."""

    database_url: str | None = Field(default=None, pattern="^postgres(ql)?://")
    """PostgreSQL to use instead of the embedded one: `postgresql://user:password@host/name`."""

    database_direct_url: str | None = None
    """Address of the same PostgreSQL past a pooler such as PgBouncer. Playout listens to
    notifications and runs jobs there, and prepares no statements at `PLAYOUT_DATABASE_URL`."""

    database_pool: int = Field(default=10, ge=2, le=500)
    """Largest size of the connection pools of one `playout serve` or `playout worker` together.
    Each process has two connections or more. Jobs, invalidations and metrics have connections of
    their own."""

    storage_url: str | None = None
    """Object store for files, instead of the data folder: `s3://bucket/prefix`."""

    storage_endpoint: str | None = None
    """Address of an S3-compatible server that is not Amazon's."""

    accel_redirect: str | None = Field(default=None, pattern=r"^(/[\w.-]+)+$")
    """Internal location of an nginx in front of Playout, such as `/playout-files`. It must serve
    the folder `files` of the data folder. nginx then sends the files of videos itself
    (X-Accel-Redirect)."""

    secret_key: Annotated[SecretStr | None, AfterValidator(_check_length)] = None
    """Secret of 32 characters or more that signs playback addresses and hashes API keys. If it is
    not set, one is created in the data folder. All processes of an installation need the same
    one."""

    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split_list)] = ()
    """Keys that encrypt the secrets of webhooks and the data of viewers. The first one encrypts,
    all of them decrypt: put a new key first, and run `playout reencrypt` before an old one goes. A
    key derived from the secret key is always the last, so it encrypts if none is set."""

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` listens on all addresses of the machine."""

    port: int = Field(default=8080, ge=0, le=65535)
    """Port to listen on; 0 takes any free port."""

    processes: int = Field(default=1, ge=1, le=64)
    """Processes of `playout serve` that answer requests on its port. More processes than cores
    help nobody."""

    public_url: Annotated[str | None, AfterValidator(_parse_public_url)] = None
    """Public address of this installation, if it is not `http://host:port`. Absolute links to pages
    and files begin with it. It may have a path, such as `https://example.com/video`, whether the
    proxy in front of Playout passes that on or removes it."""

    allowed_hosts: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_split_list),
        AfterValidator(lambda hosts: tuple(map(parse_allowed_host, hosts))),
    ] = ()
    """Other hosts under which clients reach the APIs, such as `videos.internal` or
    `192.0.2.7:8080`. The answer to a request to one of them has links to that host; any other
    answer has links to the public address."""

    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_list)
    ] = ()
    """Networks (CIDR) of the proxies in front of Playout. `X-Forwarded-For` and
    `X-Forwarded-Proto` are believed if a request comes from one of them: limits and logs then name
    the client, not the proxy."""

    country_header: str | None = None
    """Header in which a trusted proxy sends the country of the client in two letters, such as
    `CF-IPCountry`. Activations with regions need it, or a country database. It is ignored if
    anybody else sends it."""

    country_database: Path | None = None
    """File in MaxMind's format (`.mmdb`) in which countries are looked up by address, where no
    proxy tells them. It is read at start."""

    site_name: Annotated[str, AfterValidator(normalize)] = "Playout"
    """Name of the site on the public pages."""

    purge_url: str | None = Field(default=None, pattern="^https?://")
    """Address that is told which answers shared caches must drop, such as a Varnish in front:
    `http://127.0.0.1:6081/purge`. Only with it such caches may keep pages and segments. The worker
    sends the purges."""

    language: str = Field(default="en", pattern=r"^(en|es|pt|fr|de|ar|ja)(-[A-Za-z0-9]+)*$")
    """Language of the gallery and of the watch pages: `en`, `es`, `pt`, `fr`, `de`, `ar` or `ja`,
    with a region where dates differ, such as `en-GB`. Landing pages have languages of their own."""

    smtp_url: Annotated[SecretStr | None, AfterValidator(_check_smtp_url)] = None
    """Server that sends mails, such as invitations: `smtp://user:password@mail.example.com:587`, or
    `smtps://` for TLS from the first byte. If it is not set, links are shown and not mailed."""

    mail_from: str | None = None
    """Sender of mails, such as `Videos <videos@example.com>`. If it is not set, it is `playout@`
    and the host of the public address."""

    oidc_issuer: Annotated[str | None, AfterValidator(_check_issuer)] = None
    """Provider of OpenID Connect by which members sign in to the console and the pages:
    `https://id.example.com/realms/films`. Its `/.well-known/openid-configuration` says the rest."""

    oidc_client_id: str | None = None
    """Id of this installation at the provider. Register the redirect address
    `<public address>/sign-in/openid/callback` there."""

    oidc_client_secret: SecretStr | None = None
    """Secret of this installation at the provider. If it is not set, PKCE alone protects the
    sign-in."""

    oidc_scopes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)] = (
        *("openid", "email", "profile"),
    )
    """Scopes that are asked for."""

    oidc_label: str | None = None
    """Text of the button that signs in by the provider. If it is not set, it is `Sign in with your
    organization`, in the language of the page."""

    oidc_organization: str | None = None
    """Slug of the organization that people join by the provider. It may be left out while there is
    only one."""

    oidc_create: bool = False
    """Make members of people who sign in for the first time, if they get a role. With `false`, only
    those come in who were invited or are members."""

    oidc_role_claim: str | None = None
    """Claim that says the role, one text or a list: `groups`; inside of another one with a dot:
    `realm_access.roles`. At each sign-in the role follows it, and a member whose role came by it
    and who has none any more is removed."""

    oidc_roles: Annotated[
        tuple[tuple[str, RoleName], ...], NoDecode, BeforeValidator(_split_roles)
    ] = ()
    """Roles by values of that claim: `video-team=ProjectManager, video-admins=OrganizationAdmin`.
    Of several, the highest counts."""

    oidc_default_role: RoleName | None = None
    """Role of people for whom the claim says none. If it is not set, they get none."""

    oidc_trust_email: bool = False
    """Believe the e-mail addresses of the provider, even if it does not say that they are verified,
    and let them open accounts that have a password or a passkey. Only for a provider in which
    nobody chooses an address."""

    oidc_session_hours: float = Field(default=24, gt=0, le=720)
    """Hours until a member who signed in by the provider has to sign in again, which renews the
    role."""

    oidc_allow: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_list)
    ] = ()
    """Networks (CIDR) in which the provider may be although they are not public."""

    redis_url: str | None = Field(default=None, pattern="^(rediss?|unix)://")
    """Redis or Valkey that counts the requests of all processes together, for the rate limit:
    `redis://host:6379/0`."""

    rate_limit: int = Field(default=1000, ge=1)
    """Requests that each key may send in a minute, and wrong credentials that each client may
    send to the APIs, the pages and the metrics together."""

    max_upload_bytes: int = Field(default=50 * 1024**3, gt=0)
    """Largest source that is accepted, in bytes."""

    max_organization_bytes: int | None = Field(default=None, gt=0)
    """Bytes that all sources of one organization may take together. If it is not set, there is no
    limit."""

    upload_lifetime: float = Field(default=7 * 86400, gt=0)
    """Seconds after its last byte until an unfinished upload expires."""

    trash_days: int = Field(default=30, ge=1)
    """Days until the files of a deleted video are removed for good."""

    fetch_timeout: float = Field(default=3600, gt=0)
    """Seconds that fetching a source from a URL may take."""

    outbound_allow: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_list)
    ] = ()
    """Networks (CIDR) that outbound requests may reach although they are not public."""

    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """Token that opens `/metrics`: `Authorization: Bearer <token>`. If it is not set, `/metrics`
    does not exist."""

    otlp_url: str | None = Field(default=None, pattern="^https?://")
    """OpenTelemetry collector that receives traces: `http://collector:4318/v1/traces`."""

    ffmpeg: Path | None = None
    """ffmpeg to use instead of the one that comes with Playout: version 7.1 or later."""

    worker_concurrency: int = Field(default=2, ge=1, le=64)
    """Sources that one worker makes playable at the same time."""

    ladder_concurrency: int = Field(default=1, ge=0, le=64)
    """Ladders that one worker encodes at the same time; each of them uses all cores. With 0 this
    worker makes no renditions and no pictures, and leaves them to other workers."""

    encoder_preset: Literal[
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"
    ] = "veryfast"
    """x264 preset for renditions: slower presets make smaller files."""

    render_concurrency: int = Field(default=2, ge=0, le=64)
    """Segments of films for single viewers that one process of a server or a worker draws and
    encodes at the same time. Each of them keeps a core busy. 0 leaves them to other machines, which
    run `playout worker --queue render`."""

    render_days: int = Field(default=30, ge=1, le=3650)
    """Days until the film of a single viewer expires."""

    recipient_days: int = Field(default=90, ge=1, le=3650)
    """Days until recipients expire, with their personal data, if the import says nothing else."""

    webhook_retries: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split_list)] = (
        *(5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600),
        *(10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600),
    )
    """Seconds to wait before each retry of a failed delivery."""

    webhook_timeout: float = Field(default=15, gt=0)
    """Seconds that a receiver has to send its whole answer."""

    webhook_concurrency: int = Field(default=16, ge=1, le=256)
    """Deliveries that one worker sends to one endpoint at the same time."""

    webhook_retention_days: int = Field(default=30, ge=1)
    """Days until a delivery that succeeded or failed for good is deleted."""

    analytics: bool = True
    """Count what viewers do. With `false` pages send nothing, and nothing is counted."""

    analytics_event_days: int = Field(default=30, ge=2)
    """Days until the single events of viewers are deleted. Their counts stay."""

    analytics_days: int = Field(default=730, ge=2)
    """Days until the counts of a day are deleted; the totals of each day stay for ever."""

    log_format: Format = "auto"
    """Format of the log: lines of JSON, or coloured text for a console. `auto` is text on a
    terminal and JSON elsewhere."""

    log_level: Level = "info"
    """Lowest level that is logged."""

    drain_seconds: float = Field(default=0, ge=0, le=3600)
    """Seconds for which a server that gets SIGTERM still serves, while `/readyz` answers 503: the
    time in which a balancer notices."""

    @model_validator(mode="after")
    def _check_provider(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("PLAYOUT_OIDC_ISSUER needs PLAYOUT_OIDC_CLIENT_ID, too")
        if "openid" not in self.oidc_scopes:
            raise ValueError("PLAYOUT_OIDC_SCOPES needs openid")
        return self

    def source_of(self, name: str) -> Literal["default", "environment", "command line"]:
        """Return what has set a setting: for the command line, its options or what it works out."""
        if name not in self.model_fields_set:
            return "default"
        variables = {variable.upper() for variable in os.environ}
        return "environment" if f"PLAYOUT_{name.upper()}" in variables else "command line"

    @property
    def base_url(self) -> str:
        """The absolute address of this installation, without a slash at the end."""
        return self.public_url or self.local_url

    @property
    def mail_sender(self) -> str:
        """The sender of mails."""
        return self.mail_from or f"playout@{urlsplit(self.base_url).hostname}"

    @property
    def local_url(self) -> str:
        """The address at which this machine reaches the server."""
        return local_url(self.host, self.port)

    @property
    def address(self) -> PublicAddress:
        """The public address, and the other hosts that requests may name."""
        return PublicAddress(self.base_url, self.allowed_hosts)
