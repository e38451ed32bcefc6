"""The curve of SM2 (GB/T 32918.5-2017): points and their multiples, in plain integers.

Not constant-time: how long a multiple takes tells about the factor. Public operations only, and keys made for
practice and tests; never the private key of a user.
"""

from __future__ import annotations

from functools import lru_cache

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
"""(X, Y, Z) for the point (X/Z², Y/Z³); Z = 0 is the point at infinity."""

INFINITY: Jacobian = (1, 1, 0)

_WINDOW = 4
_DIGIT = (1 << _WINDOW) - 1
_NAF = 5


def on_curve(x: int, y: int) -> bool:
    """True for the coordinates of a point of the curve (its cofactor is 1: any such point has order N)."""
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def lift(x: int, odd: bool) -> Affine | None:
    """The point with this x and a y of this parity, None where there is none (GB/T 32918.1-2016, 4.2.9)."""
    if not 0 <= x < P:
        return None
    # P is 3 modulo 4: a square's root is its (P + 1) / 4-th power.
    y = pow((x * x * x + A * x + B) % P, (P + 1) // 4, P)
    if y & 1 != odd:
        y = P - y
    return (x, y) if on_curve(x, y) else None


def affine(point: Jacobian) -> Affine | None:
    """The point's coordinates, None for the point at infinity."""
    x, y, z = point
    if not z:
        return None
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def add(first: Jacobian, second: Affine) -> Jacobian:
    """The sum of two points, equal and opposite ones included."""
    x1, y1, z1 = first
    x2, y2 = second
    if not z1:
        return x2, y2, 1
    square = z1 * z1 % P
    h = (x2 * square - x1) % P
    r = (y2 * square * z1 - y1) % P
    if not h:
        return INFINITY if r else double(first)
    h2 = h * h % P
    h3 = h * h2 % P
    v = x1 * h2 % P
    x3 = (r * r - h3 - 2 * v) % P
    return x3, (r * (v - x3) - y1 * h3) % P, z1 * h % P


def double(point: Jacobian) -> Jacobian:
    """Twice a point (the formulas for a = -3)."""
    x, y, z = point
    delta = z * z % P
    gamma = y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % P, ((y + z) * (y + z) - gamma - delta) % P


def base_multiple(factor: int) -> Jacobian:
    """`factor` times the base point, 0 <= factor < 2^256."""
    result = INFINITY
    for row in _base_table():
        digit = factor & _DIGIT
        if digit:
            result = add(result, row[digit - 1])
        factor >>= _WINDOW
    return result


def multiple(factor: int, point: Affine) -> Jacobian:
    """`factor` times `point`, factor >= 0."""
    odd = _odd_multiples(point)
    result = INFINITY
    for digit in reversed(_signed_digits(factor)):
        result = double(result)
        if digit > 0:
            result = add(result, odd[digit >> 1])
        elif digit < 0:
            x, y = odd[-digit >> 1]
            result = add(result, (x, P - y))
    return result


def _odd_multiples(point: Affine) -> list[Affine]:
    # 1, 3, 5 … 15 times the point: what the signed digits ask for.
    twice = affine(double((*point, 1)))
    assert twice is not None, "no point of this curve has order two"  # noqa: S101
    row: list[Jacobian] = [(*point, 1)]
    for _ in range((1 << (_NAF - 2)) - 1):
        row.append(add(row[-1], twice))
    return _all_affine(row)


def _signed_digits(factor: int) -> list[int]:
    # The width-5 non-adjacent form, lowest digit first: digits odd or 0, at most one of five in a row not 0.
    digits = []
    whole = 1 << _NAF
    while factor:
        digit = 0
        if factor & 1:
            digit = factor & (whole - 1)
            if digit >= whole >> 1:
                digit -= whole
            factor -= digit
        digits.append(digit)
        factor >>= 1
    return digits


def _all_affine(points: list[Jacobian]) -> list[Affine]:
    # One inversion for all of them (Montgomery's trick); none of them is the point at infinity.
    before, product = [], 1
    for _, _, z in points:
        before.append(product)
        product = product * z % P
    inverse = pow(product, -1, P)
    found: list[Affine] = []
    for (x, y, z), others in zip(reversed(points), reversed(before), strict=True):
        own = inverse * others % P
        inverse = inverse * z % P
        square = own * own % P
        found.append((x * square % P, y * square * own % P))
    return found[::-1]


@lru_cache(maxsize=1)
def _base_table() -> list[list[Affine]]:
    # Row i holds 1…15 times 16^i times the base point: a multiple of it is then 64 additions at most.
    points: list[Jacobian] = []
    step: Affine = (GX, GY)
    for _ in range(256 // _WINDOW):
        run: Jacobian = (*step, 1)
        for _ in range(_DIGIT):
            points.append(run)
            run = add(run, step)
        following = affine(run)
        assert following is not None, "16^i is no multiple of the order"  # noqa: S101
        step = following
    flat = _all_affine(points)
    return [flat[start : start + _DIGIT] for start in range(0, len(flat), _DIGIT)]
