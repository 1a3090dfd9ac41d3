# SPDX-License-Identifier: MIT
"""A ray tracer: float vectors as small objects, operators that allocate, polymorphic methods.

The scene is its own mirror image, so the picture has to be: to the last bit.
"""

import math

SIZE_QUICK = 100
SIZE_FULL = 350


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / math.sqrt(self.dot(self)))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.unit()

    def at(self, distance):
        return self.origin + self.direction * distance


class Surface:
    def __init__(self, brightness, mirror):
        self.brightness = brightness
        self.mirror = mirror

    def shade(self, point):
        return self.brightness


class Checked(Surface):
    """Two kinds of squares, the same on both sides of x = 0."""

    def shade(self, point):
        if (int(abs(point.x) * 0.5) + int(abs(point.z) * 0.5)) & 1:
            return self.brightness * 0.3
        return self.brightness


class Sphere:
    def __init__(self, centre, radius, surface):
        self.centre = centre
        self.radius = radius
        self.surface = surface

    def distance(self, ray):
        """How far along the ray the sphere is met, or None."""
        towards = self.centre - ray.origin
        along = towards.dot(ray.direction)
        inside = self.radius * self.radius - towards.dot(towards) + along * along
        if inside <= 0.0:
            return None
        near = along - math.sqrt(inside)
        return near if near > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()


class Floor:
    def __init__(self, height, surface):
        self.height = height
        self.surface = surface

    def distance(self, ray):
        if ray.direction.y >= -1e-9:
            return None
        return (self.height - ray.origin.y) / ray.direction.y

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)


class Scene:
    def __init__(self):
        self.eye = Vector(0.0, 1.5, -6.0)
        self.light = Vector(0.0, 8.0, -4.0)
        matt = Surface(0.9, 0.0)
        shiny = Surface(0.5, 0.4)
        self.bodies = [
            Sphere(Vector(0.0, 1.5, 1.0), 1.5, shiny),
            Sphere(Vector(2.5, 1.0, 0.0), 1.0, matt),
            Sphere(Vector(-2.5, 1.0, 0.0), 1.0, matt),
            Floor(0.0, Checked(0.8, 0.1)),
        ]

    def nearest(self, ray):
        best = None
        best_distance = 0.0
        for body in self.bodies:
            distance = body.distance(ray)
            if distance is not None and (best is None or distance < best_distance):
                best = body
                best_distance = distance
        return best, best_distance

    def colour(self, ray, depth):
        body, distance = self.nearest(ray)
        if body is None:
            return 0.1 + 0.2 * max(ray.direction.y, 0.0)
        point = ray.at(distance)
        normal = body.normal(point)
        to_light = self.light - point
        shadow = Ray(point + normal * 1e-4, to_light)
        blocker, reach = self.nearest(shadow)
        brightness = 0.1
        if blocker is None or reach * reach > to_light.dot(to_light):
            brightness += 0.9 * max(normal.dot(shadow.direction), 0.0)
        result = body.surface.shade(point) * brightness
        mirror = body.surface.mirror
        if mirror and depth:
            bounce = ray.direction - normal * (2.0 * ray.direction.dot(normal))
            result += mirror * self.colour(Ray(point + normal * 1e-4, bounce), depth - 1)
        return result


def run(size):
    scene = Scene()
    picture = []
    for row in range(size):
        line = []
        for column in range(size):
            direction = Vector((2 * column + 1 - size) / size, (size - 1 - 2 * row) / size, 2.0)
            line.append(scene.colour(Ray(scene.eye, direction), 2))
        picture.append(line)
    return picture


def check(size, result):
    if len(result) != size:
        raise ValueError("%d lines" % len(result))
    for row, line in enumerate(result):
        if len(line) != size or line != line[::-1]:
            raise ValueError("line %d is not its own mirror image" % row)
        if not all(0.0 < brightness < 1.6 for brightness in line):
            raise ValueError("line %d has impossible pixels" % row)
    # The corner at the top sees the sky: its brightness is known.
    length = math.sqrt(2 * ((size - 1) / size) ** 2 + 4.0)
    sky = 0.1 + 0.2 * ((size - 1) / size / length)
    if size > 2 and abs(result[0][0] - sky) > 1e-12:
        raise ValueError("the sky is %r, not %r" % (result[0][0], sky))
