# SPDX-License-Identifier: MIT
"""The solar system's five big bodies: float arithmetic on attributes of a few objects.

The constants are the well-known ones of the benchmark of that name; the first energy is theirs.
"""

import math

SIZE_QUICK = 22_000
SIZE_FULL = 260_000

YEAR = 365.24
SUN = 4 * math.pi * math.pi
STEP = 0.01

PLANETS = [
    # x, y, z, then the velocity a day, then the mass in suns
    (4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
     0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023,
     0.000954791938424326609),
    (8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
     -0.00276742510726411862, 0.00499852801234917238, 0.0000230417297573763929,
     0.000285885980666130812),
    (12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
     0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556,
     0.0000436624404335156298),
    (15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
     0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870,
     0.0000515138902046611451),
]


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx * YEAR
        self.vy = vy * YEAR
        self.vz = vz * YEAR
        self.mass = mass * SUN


def system():
    sun = Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    bodies = [sun]
    for numbers in PLANETS:
        bodies.append(Body(*numbers))
    for body in bodies[1:]:
        sun.vx -= body.vx * body.mass / SUN
        sun.vy -= body.vy * body.mass / SUN
        sun.vz -= body.vz * body.mass / SUN
    return bodies


def energy(bodies):
    total = 0.0
    for i, a in enumerate(bodies):
        total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for b in bodies[i + 1:]:
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            total -= a.mass * b.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def advance(bodies, pairs, step):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        square = dx * dx + dy * dy + dz * dz
        pull = step / (square * math.sqrt(square))
        force = b.mass * pull
        a.vx -= dx * force
        a.vy -= dy * force
        a.vz -= dz * force
        force = a.mass * pull
        b.vx += dx * force
        b.vy += dy * force
        b.vz += dz * force
    for body in bodies:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def run(size):
    bodies = system()
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    before = energy(bodies)
    for _ in range(size):
        advance(bodies, pairs, STEP)
    momentum = [sum(body.mass * body.vx for body in bodies),
                sum(body.mass * body.vy for body in bodies),
                sum(body.mass * body.vz for body in bodies)]
    return before, energy(bodies), momentum


def check(size, result):
    before, after, momentum = result
    if abs(before + 0.169075164) > 1e-9:
        raise ValueError("the energy begins at %r" % before)
    if size == 1000 and abs(after + 0.169087605) > 1e-9:
        raise ValueError("the energy after 1000 steps is %r" % after)
    if abs(after - before) > 1e-3 * abs(before):
        raise ValueError("the energy went from %r to %r" % (before, after))
    if max(map(abs, momentum)) > 1e-11:
        raise ValueError("the momentum is %r" % (momentum,))
