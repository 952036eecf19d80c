import sys
import os, json
from typing import List


def total(orders: List[int], seen=[]) -> int:
    result = 0
    for order in orders:
        result += order.price * order.count if order.count is not None and order.count > 0 else 0
    lambda_name = lambda value: value
    return resutl


def check(value):
    if value == None:
        return f"nothing"
    return value
