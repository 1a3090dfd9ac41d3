class InsufficientFunds(Exception):
    def __init__(self, need, have): super().__init__(f"need {need}, have {have}"); self.need, self.have = need, have


class Account:
    _next = 1
    def __init__(self, owner, balance=0):
        self.id, Account._next = Account._next, Account._next + 1
        self.owner, self._balance, self.history = owner, balance, []
    @property
    def balance(self): return self._balance
    def deposit(self, n):
        if n <= 0: raise ValueError("deposit must be positive")
        self._balance += n; self.history.append(("deposit", n)); return self
    def withdraw(self, n):
        if n > self._balance: raise InsufficientFunds(n, self._balance)
        self._balance -= n; self.history.append(("withdraw", n)); return self
    def __repr__(self): return f"<{type(self).__name__} {self.id} {self.owner}: {self.balance:,}>"
    def __lt__(self, o): return self.balance < o.balance


class Savings(Account):
    rate = 0.05
    def add_interest(self): return self.deposit(round(self.balance * self.rate, 2))


a, b = Account("ann", 1000), Savings("bob", 500)
a.deposit(50).withdraw(30); b.add_interest()
for f in (lambda: a.withdraw(10 ** 6), lambda: b.deposit(-1), lambda: setattr(a, "balance", 5)):
    try:
        f()
    except (InsufficientFunds, ValueError, AttributeError) as e:
        print(type(e).__name__, e)
print(a, b, sorted([a, b]), max(a, b).owner, a.history, sum(x.balance for x in (a, b)))
