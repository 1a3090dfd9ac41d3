import heapq, bisect
h = []
for x in (5, 1, 4, 1, 3):
    heapq.heappush(h, x)
print(h, [heapq.heappop(h) for _ in range(len(h))])
l = [9, 5, 7, 1, 3, 8]
heapq.heapify(l); print(l, heapq.heappushpop(l, 0), heapq.heapreplace(l, 10), l, heapq.nlargest(2, l), heapq.nsmallest(3, l), heapq.nlargest(2, ["a", "ccc", "bb"], key=len), list(heapq.merge([1, 4], [2, 3], [0])), list(heapq.merge("ca", "b", reverse=True, key=str.lower)))
for f in (lambda: heapq.heappop([]), lambda: heapq.heapify(5), lambda: heapq.heappush((), 1), lambda: heapq.heapify([1, "a"])):
    try:
        f()
    except (IndexError, TypeError) as e:
        print(type(e).__name__)
a = [1, 3, 3, 5]
print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 0), bisect.bisect(a, 9), bisect.bisect_left(a, 3, 2), bisect.bisect(a, 3, 0, 2), bisect.bisect_left([(1, "b"), (2, "a")], 2, key=lambda t: t[0]))
bisect.insort(a, 4); bisect.insort_left(a, 3); bisect.insort(a, 0, key=lambda x: x); print(a)
import random
r = random.Random(3)
q = []
for i in range(500):
    heapq.heappush(q, (r.randrange(100), i))
out = [heapq.heappop(q) for _ in range(500)]
print(out == sorted(out), out[:3])
try:
    bisect.bisect(a, 1, -1)
except ValueError as e:
    print(e)
