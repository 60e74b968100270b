"""What a platform team may rely on in docker-compose.yml; tests/e2e/test_compose.py brings it up."""

import re
from typing import Any

import pytest

from repository import ROOT, compose_file, compose_services

ONE_SHOTS = {"secrets", "migrate", "roles"}
# They hand out or read every password, as root without capabilities (but for CHOWN), and then end.
ROOTS = {"secrets", "roles"}
PUBLISHED = {"ingest": 8001, "api": 8000, "prometheus": 9090, "alertmanager": 9093, "grafana": 3000}
IMAGES = {
    "postgres": "pgvector/pgvector:pg17",
    "valkey": "valkey/valkey:8.1",
    "prometheus": "prom/prometheus:v3.5.0",
    "alertmanager": "prom/alertmanager:v0.28.1",
    "grafana": "grafana/grafana:12.1.0",
}
BUILT = {
    "migrate": "ingest",
    "ingest": "ingest",
    "fetcher": "ingest",
    "relay": "ingest",
    "related": "related",
    "sweep": "related",
    "api": "api",
}
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(:-[^}]*)?\}")

SERVICES = compose_services()
every_service = pytest.mark.parametrize("name", SERVICES)
every_server = pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOTS))


def dependencies(service: dict[str, Any]) -> dict[str, str]:
    return {name: wanted["condition"] for name, wanted in service.get("depends_on", {}).items()}


def test_ports_are_published_on_loopback_alone() -> None:
    published = {}
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            match = re.fullmatch(r"127\.0\.0\.1:\$\{THEMELINE_\w+_PORT:-(\d+)\}:(\d+)", port)
            assert match, f"{name}: {port}"
            published[name] = int(match[1])
    assert published == PUBLISHED


@every_service
def test_a_container_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service.get("cap_add", []) == (["CHOWN"] if name == "secrets" else [])
    assert service["logging"]["options"]["max-size"]


@every_service
def test_a_container_does_not_run_as_root(name: str) -> None:
    service = SERVICES[name]
    if name in ROOTS:
        assert service["user"] == "root"
    elif name in BUILT:
        assert "user" not in service  # the image says which
    else:
        assert service["user"] not in ("root", "0")


def test_the_images_run_as_a_numbered_user() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]


def test_images_are_pinned_or_built_here() -> None:
    for name, service in SERVICES.items():
        if name in BUILT:
            assert service["build"]["args"] == {"SERVICE": BUILT[name]}
        else:
            assert service["image"] == IMAGES.get(name, IMAGES["postgres"])


@every_server
def test_a_server_says_when_it_is_ready_and_comes_back(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert "curl" not in str(SERVICES[name]["healthcheck"]["test"])


def test_nothing_starts_before_what_it_needs_is_ready() -> None:
    for service in SERVICES.values():
        for needed, condition in dependencies(service).items():
            expected = "service_completed_successfully" if needed in ONE_SHOTS else "service_healthy"
            assert condition == expected
    for name in ("ingest", "relay", "related", "sweep", "api"):
        assert dependencies(SERVICES[name]).keys() == {"roles", "valkey"}


def test_something_waits_for_each_one_shot() -> None:
    """`docker compose up --wait` takes an ended container for a failure unless another waits for its end."""
    awaited = {needed for service in SERVICES.values() for needed in dependencies(service)}
    assert awaited >= ONE_SHOTS
    assert all(SERVICES[name]["restart"] == "no" for name in ONE_SHOTS)


def test_workers_can_be_scaled() -> None:
    assert not {"container_name", "ports", "hostname"} & SERVICES["related"].keys()


def test_databases_workers_and_passwords_have_no_way_out() -> None:
    assert compose_file()["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey", "relay", "related", "sweep"):
        assert SERVICES[name]["networks"] == ["inside"]
    for name in ONE_SHOTS:
        assert SERVICES[name]["network_mode"] == "none"


def test_a_service_is_shown_its_own_secrets_alone() -> None:
    groups = {name: tuple(service.get("group_add", ())) for name, service in SERVICES.items()}
    assert {name: group for name, group in groups.items() if group} == {
        "postgres": ("7000",),
        "ingest": ("7001",),
        "fetcher": ("7001",),
        "relay": ("7001",),
        "related": ("7002",),
        "sweep": ("7002",),
        "api": ("7003",),
        "valkey": ("7004",),
    }


def test_no_password_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or name.endswith("_FILE")
            assert "://" not in str(value) or name in {"THEMELINE_DATABASE_URL", "THEMELINE_RELATED_URL"}


def test_only_the_migration_and_the_grants_reach_the_database_as_its_owner() -> None:
    mounting = {name for name, service in SERVICES.items() if "postgres-socket:" in str(service.get("volumes"))}
    assert mounting == {"postgres", "migrate", "roles"}
    given = {name for name, service in SERVICES.items() if "THEMELINE_DATABASE_URL" in service.get("environment", {})}
    assert given == {"migrate"}
    assert ":" not in SERVICES["migrate"]["environment"]["THEMELINE_DATABASE_URL"].partition("//")[2]


def test_whoever_listens_beyond_loopback_without_keys_says_so() -> None:
    for name in ("ingest", "api"):
        assert SERVICES[name]["environment"]["THEMELINE_ALLOW_ANONYMOUS"] == "true"


def test_it_starts_without_a_file_of_settings() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    read = dict(VARIABLE.findall(text))
    assert all(read.values()), "every variable has a default"
    documented = re.findall(
        r"^#([A-Z_]+)=(.*)$", (ROOT / "deploy/env.example").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert dict(documented) == {name: default.removeprefix(":-") for name, default in read.items()}


def test_prometheus_scrapes_every_service_where_it_listens() -> None:
    targets = (ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8")
    for name in ("ingest", "relay", "sweep", "api"):
        environment = SERVICES[name]["environment"]
        port = environment.get("THEMELINE_METRICS_PORT") or environment[f"THEMELINE_{name.upper()}_PORT"]
        assert f"targets: [{name}:{port}]" in targets
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "themeline-ready", port]
    port = SERVICES["related"]["environment"]["THEMELINE_METRICS_PORT"]
    assert f"port: {port}" in targets
    assert SERVICES["related"]["healthcheck"]["test"] == ["CMD", "themeline-ready", port]


def test_the_api_asks_related_where_it_listens() -> None:
    port = SERVICES["related"]["environment"]["THEMELINE_METRICS_PORT"]
    assert SERVICES["api"]["environment"]["THEMELINE_RELATED_URL"] == f"http://related:{port}"
    assert set(SERVICES["related"]["networks"]) <= set(SERVICES["api"]["networks"])


def test_state_is_kept_in_named_volumes() -> None:
    mounted = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert mounted == set(compose_file()["volumes"])


def test_valkey_keeps_what_it_was_given_and_drops_nothing() -> None:
    settings = (ROOT / "deploy/redis/redis.conf").read_text(encoding="utf-8").splitlines()
    assert {"appendonly yes", "maxmemory-policy noeviction"} <= set(settings)
