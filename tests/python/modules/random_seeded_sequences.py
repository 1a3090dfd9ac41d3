import random
r = random.Random(42)
print([r.random() for _ in range(5)], [r.randrange(100) for _ in range(10)], [r.randint(-5, 5) for _ in range(10)], r.getrandbits(10), r.getrandbits(100), r.choice("abcdef"), r.uniform(1, 2), r.choices([1, 2, 3], k=5), r.choices("ab", weights=[1, 9], k=6), r.sample(range(100), 5), r.sample("abcdef", 3))
l = list(range(10)); r.shuffle(l); print(l)
print(r.gauss(0, 1), r.normalvariate(0, 1), r.expovariate(1), r.triangular(), r.betavariate(1, 2), r.gammavariate(2, 1), r.paretovariate(3), r.weibullvariate(1, 2), r.vonmisesvariate(0, 1), r.lognormvariate(0, 1))
random.seed(7); print(random.random(), random.randrange(10 ** 30), random.getrandbits(1), random.randbytes(5))
s = random.getstate(); a = random.random(); random.setstate(s); print(a == random.random())
for seed in (0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 64 + 5, 10 ** 50, None.__class__ and 3, 1.5, True):
    print(seed, random.Random(seed).random(), random.Random(seed).getrandbits(64))
print(random.Random(5).getrandbits(0), random.Random(1).randrange(5, 50, 7), [random.Random(i).randint(0, 1) for i in range(10)])
for f in (lambda: r.randrange(0), lambda: r.choice([]), lambda: r.sample([1], 2), lambda: r.getrandbits(-1), lambda: r.randint(5, 1), lambda: r.randrange(5, 1), lambda: r.randrange(1, 5, 0), lambda: random.Random([]), lambda: r.random(1), lambda: r.choices([], k=1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
