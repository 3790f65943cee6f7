"""Every setting of Playout, in one frozen object that `main` builds and passes on."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Read from variables that start with `PLAYOUT_`, or given by keyword."""

    model_config = SettingsConfigDict(
        env_prefix="PLAYOUT_", frozen=True, extra="ignore", use_attribute_docstrings=True
    )

    data_dir: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = Path(
        "playout-data"
    )
    """Folder of the embedded database, the local storage and the secret key."""

    database_url: str | None = None
    """PostgreSQL to use instead of the embedded one: `postgresql://user:password@host/name`."""

    database_pool: int = Field(default=20, ge=2, le=500)
    """Connections a process holds at the most."""

    storage_url: str | None = None
    """Where files are kept instead of the data folder: `s3://bucket/prefix`."""

    storage_endpoint: str | None = None
    """Address of an S3-compatible server, where it is not Amazon's."""

    accel_redirect: str | None = Field(default=None, pattern=r"^(/[\w.-]+)+$")
    """Internal location of the nginx in front that holds `files` of the data folder, such as
    `/playout-files`: nginx sends the files of videos itself (X-Accel-Redirect)."""

    secret_key: SecretStr | None = None
    """Signs playback addresses and hashes keys. Made in the data folder where it is not given;
    every process of one installation needs the same."""

    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)] = ()
    """Keys that secrets of webhooks are encrypted under, the newest first; the others still read.
    Without any it is derived from the secret key."""

    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` for every one of the machine."""

    port: int = Field(default=8080, ge=0, le=65535)
    """Port to listen on."""

    public_url: str | None = None
    """What the public types, where it differs from `http://host:port`."""

    site_name: str = "Playout"
    """What the public pages call themselves."""

    redis_url: str | None = Field(default=None, pattern="^(rediss?|unix)://")
    """Redis or Valkey that counts requests for all processes together: `redis://host:6379/0`."""

    rate_limit: int = Field(default=1000, ge=1)
    """Requests a minute for each key."""

    max_upload_bytes: int = Field(default=50 * 1024**3, gt=0)
    """Largest source accepted."""

    max_organization_bytes: int | None = Field(default=None, gt=0)
    """Room that the sources of one organization may take in all; without it there is no limit."""

    upload_lifetime: float = Field(default=7 * 86400, gt=0)
    """Seconds that an upload which is not whole waits for its next byte."""

    trash_days: int = Field(default=30, ge=1)
    """Days after which the files of a deleted video are removed for good."""

    fetch_timeout: float = Field(default=3600, gt=0)
    """Seconds that fetching a source from a URL may take."""

    outbound_allow: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_split)] = ()
    """Networks (CIDR) that outbound requests may reach although they are not public."""

    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """Opens `/metrics` to whoever sends it: `Authorization: Bearer <token>`. Without it nobody
    gets in."""

    otlp_url: str | None = Field(default=None, pattern="^https?://")
    """OpenTelemetry collector that traces are sent to: `http://collector:4318/v1/traces`."""

    ffmpeg: Path | None = None
    """An ffmpeg to use instead of the one that comes with Playout."""

    worker_concurrency: int = Field(default=2, ge=1, le=64)
    """Sources that one worker process makes playable at once."""

    ladder_concurrency: int = Field(default=1, ge=0, le=64)
    """Ladders of renditions that one worker process encodes at once; each uses every core. 0: none,
    nor pictures; other workers do."""

    encoder_preset: Literal[
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"
    ] = "veryfast"
    """How much time x264 takes to make renditions smaller."""

    webhook_retries: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_split)] = (
        *(5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600),
        *(10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600),
    )
    """Seconds before each further attempt at a delivery that failed."""

    webhook_timeout: float = Field(default=15, gt=0)
    """Seconds that a receiver has for its whole answer."""

    webhook_concurrency: int = Field(default=16, ge=1, le=256)
    """Deliveries to one endpoint that one worker process has on their way at once."""

    webhook_retention_days: int = Field(default=30, ge=1)
    """Days after which deliveries that are over are forgotten."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """Lines of JSON or coloured text; `auto`: text on a terminal."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""

    drain_seconds: float = Field(default=0, ge=0, le=3600)
    """Seconds for which a server that gets SIGTERM still serves, while `/readyz` answers 503: the
    time in which a balancer notices."""

    @property
    def base_url(self) -> str:
        """Absolute address of this installation, without a slash at the end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")
