# SPDX-License-Identifier: MIT
"""Method calls: on one class, on several classes at one place, inherited, through `super()`."""

SIZE_QUICK = 180_000
SIZE_FULL = 2_000_000


class Account:
    def __init__(self):
        self.balance = 0

    def deposit(self, amount):
        self.balance += amount

    def fee(self, amount):
        return 0

    def transfer(self, other, amount):
        self.deposit(-amount - self.fee(amount))
        other.deposit(amount)


class Business(Account):
    def fee(self, amount):
        return 1


class Foreign(Business):
    def fee(self, amount):
        return super().fee(amount) + 2

    @staticmethod
    def rate():
        return 3


def run(size):
    accounts = [Account(), Business(), Foreign()]
    fees = 0
    for i in range(size):
        source = accounts[i % 3]
        source.transfer(accounts[(i + 1) % 3], i)
        fees += source.fee(i) + Foreign.rate()
    return [account.balance for account in accounts], fees


def check(size, result):
    counts = [(size + 2 - k) // 3 for k in range(3)]
    sent = [sum(range(k, size, 3)) for k in range(3)]
    price = [0, 1, 3]
    balances = [sent[k - 1] - sent[k] - price[k] * counts[k] for k in range(3)]
    fees = counts[1] + 3 * counts[2] + 3 * size
    if result != (balances, fees):
        raise ValueError("%r is not %r" % (result, (balances, fees)))
