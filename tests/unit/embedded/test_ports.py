import socket

import pytest

from support import free_port
from themeline.embedded.errors import EmbeddedError
from themeline.embedded.ports import Port, answers_ready, is_free, reachable, require_free


def test_a_taken_port_is_named_with_its_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"port {number}, for the API, is taken.*--api-port"):
            require_free([Port("API", "127.0.0.1", number, "--api-port")])
        assert not is_free(number)


def test_two_services_cannot_share_a_port() -> None:
    number = free_port()
    ports = [Port("API", "127.0.0.1", number, "--api-port"), Port("ingest", "127.0.0.1", number, "--ingest-port")]
    with pytest.raises(EmbeddedError, match="--api-port and --ingest-port are both"):
        require_free(ports)


def test_an_address_that_is_not_of_this_machine_is_told() -> None:
    with pytest.raises(EmbeddedError, match=r"cannot be used on 192\.0\.2\.1"):
        require_free([Port("API", "192.0.2.1", free_port(), "--api-port")])


def test_nothing_is_ready_where_nothing_listens() -> None:
    assert not answers_ready(Port("API", "127.0.0.1", free_port(), "--api-port"))


def test_a_service_that_listens_everywhere_is_reached_by_loopback() -> None:
    assert reachable("0.0.0.0") == "127.0.0.1"
    assert reachable("10.1.2.3") == "10.1.2.3"
