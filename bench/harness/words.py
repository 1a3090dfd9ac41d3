# SPDX-License-Identifier: MIT
"""Numbers and lists as the report and the sentences say them."""


def number(value):
    """Three digits that say something: 0.0123, 1.23, 12.3, 123."""
    if value != value:
        return "?"
    if abs(value) >= 100:
        return "%.0f" % value
    if abs(value) >= 10:
        return "%.1f" % value
    if abs(value) >= 0.1:
        return "%.2f" % value
    return "%.3f" % value


def interval(estimate):
    """The interval in brackets, or the number of launches that are too few for one."""
    if estimate.has_interval:
        return "[%s, %s]" % (number(estimate.low), number(estimate.high))
    return "(n = %d)" % estimate.launches


def times(estimate):
    return "%s times %s" % (number(estimate.value), interval(estimate))


def plural(count, noun, many=None):
    return "%d %s" % (count, noun if count == 1 else many or noun + "s")


def join(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
