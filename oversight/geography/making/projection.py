"""Longitude and latitude (WGS84) to British National Grid easting and northing in metres.

Formulas and constants: Ordnance Survey, *A guide to coordinate systems in Great Britain*, annexes A to C: a
Helmert shift to the Airy ellipsoid, good to about five metres, then the transverse Mercator projection.
"""

from math import atan2, cos, radians, sin, sqrt, tan
from typing import Final

_AIRY: Final = (6377563.396, 6356256.909)
_WGS84: Final = (6378137.0, 6356752.3141)
_SHIFT: Final = (-446.448, 125.157, -542.060)
_TURN: Final = tuple(radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_SCALE: Final = 20.4894e-6

_F0: Final = 0.9996012717
_LAT0: Final = radians(49)
_LON0: Final = radians(-2)
_E0: Final = 400000.0
_N0: Final = -100000.0


def to_grid(longitude: float, latitude: float) -> tuple[float, float]:
    """Easting and northing of a WGS84 position, both in degrees."""
    return project(*_to_airy(radians(longitude), radians(latitude)))


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Easting and northing of a position on the Airy ellipsoid, both in radians."""
    a, b = _AIRY
    eccentric = 1 - (b * b) / (a * a)
    n = (a - b) / (a + b)
    sine, cosine, tangent = sin(latitude), cos(latitude), tan(latitude)
    nu = a * _F0 / sqrt(1 - eccentric * sine**2)
    rho = a * _F0 * (1 - eccentric) / (1 - eccentric * sine**2) ** 1.5
    eta = nu / rho - 1
    less, more = latitude - _LAT0, latitude + _LAT0
    meridian = (
        b
        * _F0
        * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 2.625 * n**3) * sin(less) * cos(more)
            + (1.875 * n**2 + 1.875 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )
    east = longitude - _LON0
    northing = (
        meridian
        + _N0
        + nu / 2 * sine * cosine * east**2
        + nu / 24 * sine * cosine**3 * (5 - tangent**2 + 9 * eta) * east**4
        + nu / 720 * sine * cosine**5 * (61 - 58 * tangent**2 + tangent**4) * east**6
    )
    easting = (
        _E0
        + nu * cosine * east
        + nu / 6 * cosine**3 * (nu / rho - tangent**2) * east**3
        + nu / 120 * cosine**5 * (5 - 18 * tangent**2 + tangent**4 + 14 * eta - 58 * tangent**2 * eta) * east**5
    )
    return easting, northing


def _to_airy(longitude: float, latitude: float) -> tuple[float, float]:
    a, b = _WGS84
    eccentric = 1 - (b * b) / (a * a)
    nu = a / sqrt(1 - eccentric * sin(latitude) ** 2)
    x = nu * cos(latitude) * cos(longitude)
    y = nu * cos(latitude) * sin(longitude)
    z = (1 - eccentric) * nu * sin(latitude)
    rx, ry, rz = _TURN
    grown = 1 + _SCALE
    turned = (
        _SHIFT[0] + x * grown - y * rz + z * ry,
        _SHIFT[1] + x * rz + y * grown - z * rx,
        _SHIFT[2] - x * ry + y * rx + z * grown,
    )
    return _geographic(*turned)


def _geographic(x: float, y: float, z: float) -> tuple[float, float]:
    a, b = _AIRY
    eccentric = 1 - (b * b) / (a * a)
    p = sqrt(x * x + y * y)
    latitude = atan2(z, p * (1 - eccentric))
    for _ in range(6):
        nu = a / sqrt(1 - eccentric * sin(latitude) ** 2)
        latitude = atan2(z + eccentric * nu * sin(latitude), p)
    return atan2(y, x), latitude
