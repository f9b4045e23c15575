"""Settings: the environment over one TOML file in the home folder. Unknown keys are refused."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from oversight.errors import SettingsError

HOME_VARIABLE = "OVERSIGHT_HOME"
FILE_NAME = "settings.toml"
OFFICIAL_GAZETTE = "https://www.thegazette.co.uk"
OFFICIAL_OFSTED_REPORTS = "https://reports.ofsted.gov.uk"
"""An invented market's companies must never be looked up in real registers, so these hold only beside real ones."""


def home_folder() -> Path:
    """The folder that holds everything: `OVERSIGHT_HOME`, else `./oversight-data`."""
    return Path(os.environ.get(HOME_VARIABLE) or "oversight-data").resolve()


class Settings(BaseSettings):
    """Everything that differs between installations. Each is also an environment variable `OVERSIGHT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="OVERSIGHT_", extra="forbid", populate_by_name=True)

    home: Path = Field(default_factory=home_folder, description="folder that holds everything")
    ledger_url: str = Field(default="", description="database address; empty: SQLite in the home folder")
    ch_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("CH_API_KEY", "ch_api_key"),
        description="Companies House REST key; taken from CH_API_KEY",
    )
    ch_stream_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("CH_STREAM_KEY", "ch_stream_key"),
        description="Companies House streaming key, another than the REST key; taken from CH_STREAM_KEY",
    )
    companies_house_url: str = "https://api.company-information.service.gov.uk"
    companies_house_document_url: str = "https://document-api.company-information.service.gov.uk"
    companies_house_stream_url: str = "https://stream.companieshouse.gov.uk"
    companies_house_download_url: str = "https://download.companieshouse.gov.uk"
    govuk_url: str = "https://www.gov.uk"
    gazette_url: str = Field(
        default="", description="The Gazette; empty: its own address, or none where Companies House's is not its own"
    )
    ofsted_reports_url: str = Field(
        default="", description="Ofsted's reports site; empty: its own address, or none where GOV.UK's is not its own"
    )
    connections: int = Field(default=16, ge=1, le=64, description="requests under way at once, to hide slow answers")
    stream_stay_seconds: float = Field(
        default=20, ge=0, le=600, description="how long one stream is listened to before another has its turn"
    )
    news_seconds: int = Field(
        default=300, ge=1, le=86_400, description="between the schedule's looks at what the streams told, to act on it"
    )
    workers: int = Field(default=4, ge=1, le=32, description="processes when reading")
    marking: str = Field(default="OFFICIAL-SENSITIVE", description="protective marking on every output")
    label: str = Field(default="", description="a warning on every output, such as that the data are invented")
    link_base: str = Field(default="http://localhost:8000", description="address that links in emails start with")
    smtp_host: str = Field(default="", description="mail server; empty: emails are written to files")
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_starttls: bool = False
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "market-oversight@localhost"
    alerts: bool = Field(default=False, description="whether alerts are decided and sent at all")
    recipients: list[str] = Field(default_factory=list, description="who gets alerts: the list analysts of the rules")
    alert_rules: Path | None = Field(default=None, description="YAML file whose sections replace those of our rules")
    alert_key: SecretStr = Field(
        default=SecretStr(""), description="signs links to acknowledge and snooze; under 16 characters: no such links"
    )
    notify_api_key: SecretStr = Field(default=SecretStr(""), description="GOV.UK Notify's key; takes SMTP's place")
    notify_template_id: str = Field(default="", description="template with ((subject)) and ((body))")
    notify_url: str = "https://api.notifications.service.gov.uk"
    allowed_domains: list[str] = Field(default_factory=list, description="domains a recipient may have")
    web_sign_in: Literal["local", "proxy", "oidc"] = Field(
        default="local",
        description="who may see the pages: this computer's user, whom a trusted proxy names, or who signs in by OIDC",
    )
    web_local_name: str = Field(default="", description="name of the one local user; empty: as the system has it")
    web_user_header: str = Field(default="X-Forwarded-User", description="header in which the proxy names the person")
    web_roles_header: str = Field(default="", description="header with the person's roles; empty: web_roles says")
    web_roles: dict[str, str] = Field(
        default_factory=dict, description="person to viewer, analyst, approver or admin; others have no access"
    )
    web_trusted_proxies: list[str] = Field(default_factory=list, description="addresses the proxy calls from")
    web_oidc_issuer: str = Field(default="", description="address of the OpenID Connect provider, as it names itself")
    web_oidc_client_id: str = Field(default="", description="name this service is registered under there")
    web_oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="its secret; from OVERSIGHT_WEB_OIDC_CLIENT_SECRET"
    )
    web_oidc_scopes: str = Field(default="openid profile email", description="what the provider is asked to tell")
    web_oidc_name_claim: str = Field(
        default="email", description="claim that names a person, one name for one person for good"
    )
    web_oidc_roles_claim: str = Field(
        default="groups", description="claim with a person's groups; a path such as realm_access.roles looks inside"
    )
    web_oidc_roles: dict[str, str] = Field(
        default_factory=dict, description="group to viewer, analyst, approver or admin; others have no access"
    )
    web_session_hours: int = Field(default=8, ge=1, le=24, description="after which somebody signs in by OIDC again")
    web_hosts: list[str] = Field(
        default_factory=lambda: ["localhost", "127.0.0.1", "::1"], description="names the pages are asked for under"
    )
    audit_url: str = Field(
        default="", description="database of the audit log; empty: a PostgreSQL ledger's own, else SQLite in the home"
    )
    web_requests_per_minute: int = Field(default=600, ge=1, description="requests of one person")
    web_changes_per_minute: int = Field(default=60, ge=1, description="of these, how many may change something")
    commissioner: str = Field(default="", description="Aqua Book role, named on the cover sheet")
    analyst: str = ""
    assurer: str = ""
    approver: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.ledger_url:
            self.ledger_url = f"sqlite:///{self.home / 'ledger.sqlite'}"
        if not self.audit_url:
            beside = f"sqlite:///{self.home / 'audit.sqlite'}"  # no long write to the ledger keeps a reader waiting
            self.audit_url = beside if self.ledger_url.startswith("sqlite") else self.ledger_url
        official = {name: type(self).model_fields[name].default for name in ("companies_house_url", "govuk_url")}
        if not self.gazette_url and self.companies_house_url == official["companies_house_url"]:
            self.gazette_url = OFFICIAL_GAZETTE
        if not self.ofsted_reports_url and self.govuk_url == official["govuk_url"]:
            self.ofsted_reports_url = OFFICIAL_OFSTED_REPORTS
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home_folder() / FILE_NAME)

    @property
    def roles(self) -> dict[str, str]:
        """The four roles of the Aqua Book and who holds them."""
        return {name: getattr(self, name) for name in ("commissioner", "analyst", "assurer", "approver")}


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming the key, for one that is unknown or out of range.
    """
    where = f"{home_folder() / FILE_NAME} or the environment"
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting {key!r}: {first['msg']}", where=where, next_step="`oversight status --help` lists every setting."
        ) from error
    except ValueError as error:  # TOML that cannot be parsed
        raise SettingsError(f"settings cannot be read: {error}", where=where, next_step="Mend the file.") from error
