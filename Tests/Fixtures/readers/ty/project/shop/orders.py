from typing import Protocol, overload

import nowhere_to_be_found


class Priced(Protocol):
    price: int

    def name(self) -> str: ...


class Order:
    price: str = "3"

    def name(self, short: bool) -> str:
        return self.price if short else 3


def total(orders: list[Priced]) -> int:
    return sum(order.price for order in orders)


def untyped(value):
    return value


@overload
def twice(value: int) -> int: ...
@overload
def twice(value: str) -> str: ...
def twice(value):  # type: ignore
    return value * 2


print(total([Order()]), twice(3.5))
reveal_type(total)
