import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeline.ingest.core.addresses import is_refused, networks

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:10.0.0.1 64:ff9b::a00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1
    2002:a00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905 - addresses read better than a column of quotes

OPEN = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    assert is_refused(address, 443)


@pytest.mark.parametrize("address", OPEN)
def test_the_public_internet_is_open(address: str) -> None:
    assert not is_refused(address, 443)


@pytest.mark.parametrize("port", [1, 21, 22, 23, 25, 53, 79, 81, 110, 143, 389, 445, 465, 587, 993, 1023])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert is_refused("8.8.8.8", port)


@pytest.mark.parametrize("port", [80, 443, 1024, 8000, 8080, 8443, 65535])
def test_ports_of_sites_are_open(port: int) -> None:
    assert not is_refused("8.8.8.8", port)


def test_what_is_allowed_by_name_is_open_on_every_port() -> None:
    allowed = networks([" 10.1.0.0/16", "::1", "64:ff9b::/96"])
    assert not is_refused("10.1.2.3", 25, allowed)
    assert not is_refused("::ffff:10.1.2.3", 80, allowed)
    assert not is_refused("::1", 80, allowed)
    assert not is_refused("64:ff9b::808:808", 80, allowed)
    assert is_refused("10.2.0.1", 80, allowed)
    assert is_refused("127.0.0.1", 80, allowed)


@pytest.mark.parametrize("name", ["10.0.0.1/8", "intranet", "10.0.0.0/33", ""])
def test_what_is_no_network_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|has host bits"):
        networks([name])


@given(st.text(alphabet="ghijxyz.:%/ é"))
def test_what_is_no_address_is_refused(address: str) -> None:
    assert is_refused(address, 80)


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_a_private_address_is_refused_in_every_disguise(address: object) -> None:
    number = f"{int(address):08x}"  # type: ignore[call-overload]
    high, low = number[:4], number[4:]
    for disguise in (f"::ffff:{high}:{low}", f"64:ff9b::{high}:{low}", f"2002:{high}:{low}::", f"::{high}:{low}"):
        assert is_refused(disguise, 80)
