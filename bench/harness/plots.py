# SPDX-License-Identifier: MIT
"""The report's pictures, drawn by matplotlib: SVG for the page, PNG for other uses.

Lines and texts are drawn in two neutral colours that the page replaces by its own, so that the same
picture fits a light and a dark page.
"""

import io
import os
import re

import matplotlib

matplotlib.use("svg")

from matplotlib.figure import Figure  # noqa: E402 (the backend has to be chosen first)
from matplotlib.ticker import FuncFormatter, NullLocator  # noqa: E402

INK = "#3a3f4b"
GRID = "#d5d9e2"
GOOD = "#2f9e77"
BAD = "#cc4466"
UNCERTAIN = "#9aa2b3"

COLOURS = {
    "gil": "#4477cc", "gil-atomic": "#dd8833", "gilectomy": "#cc4466", "object": "#2f9e77",
    "nogil": "#8b63c9", "gil-ticks": "#4aa8c9", "deferred": "#a3883b", "tracing": "#b05aa8",
    "stm": "#6b8f2f", "unsafe": "#7a7f8c",
    # The rungs between the systems.
    "gil-mortal": "#7f9fd6", "gil-mortal-atomic": "#b98a3e", "object-immortal": "#d98a9c",
    "object-locks": "#86c7b0", "pep703": "#b7a0e0", "pep703-private": "#a184d4",
    "object-biased": "#7fbfa5", "object-optimistic": "#5fae4f",
    # The mutexes, beside `object-locks`.
    "object-futex": "#4aa8c9", "object-pthread": "#b05aa8", "object-ticket": "#a3883b",
    "object-mcs": "#6b8f2f",
}
SPARE = ["#9a8f80", "#6f95a8", "#b58a9b", "#8fa36b", "#a79bc9", "#c9a26b"]


def colours(names):
    """A colour for each strategy and peer, the same in every picture."""
    result = {}
    spare = list(SPARE)
    for name in names:
        result[name] = COLOURS.get(name) or (spare.pop(0) if spare else "#888888")
    return result


def style(axes, grid="y"):
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GRID)
    axes.tick_params(colors=INK, labelcolor=INK, length=0, labelsize=9)
    axes.grid(True, axis=grid, color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    axes.title.set_color(INK)


def new_figure(width, height):
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.patch.set_alpha(0.0)
    return figure


def whiskers(estimate):
    if not estimate.has_interval:
        return [[0.0], [0.0]]
    return [[max(0.0, estimate.value - estimate.low)], [max(0.0, estimate.high - estimate.value)]]


def ratio_bars(rows, names, palette, label, better):
    """Horizontal bars from 1 on: rows are (title, {name: Estimate}), the first on top.

    `better` is "left" or "right", on which side of 1 things are better, or None if rows differ.
    """
    names = [name for name in names if any(name in row for _, row in rows)]
    thick = 0.8 / max(1, len(names))
    height = 1.1 + len(rows) * max(0.30, 0.17 * len(names) + 0.08)
    figure = new_figure(8.6, height)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0.0)
    values = [estimate.value for _, row in rows for estimate in row.values()]
    values += [end for _, row in rows for estimate in row.values() if estimate.has_interval
               for end in (estimate.low, estimate.high)]
    low, high = min(values + [1.0]), max(values + [1.0])
    logarithmic = high / low > 5.0
    for index, (title, row) in enumerate(rows):
        for place, name in enumerate(names):
            if name not in row:
                continue
            estimate = row[name]
            y = index + (place - (len(names) - 1) / 2) * thick
            axes.barh(y, estimate.value - 1.0, height=thick * 0.86, left=1.0,
                      color=palette[name], label=name if index == first_with(rows, name) else None)
            axes.errorbar(estimate.value, y, xerr=whiskers(estimate), fmt="none", ecolor=INK,
                          elinewidth=0.9, capsize=0)
            end = max(estimate.value, estimate.high or 0.0, 1.0)
            axes.annotate("%.2f" % estimate.value, (end, y), xytext=(4, 0), fontsize=7.5,
                          textcoords="offset points", va="center", color=INK)
    axes.axvline(1.0, color=INK, linewidth=1.0)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([title for title, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    if logarithmic:
        axes.set_xscale("log")
        nice_log_ticks(axes.xaxis, low, high)
        axes.set_xlim(low * 0.93, high * 1.18)
    else:
        span = max(high - low, 0.1)
        axes.set_xlim(low - 0.04 * span, high + 0.12 * span)
    arrow = {"left": "   (← better)", "right": "   (better →)", None: ""}[better]
    axes.set_xlabel(label + arrow)
    style(axes, "x")
    long = len(rows) > 12
    axes.tick_params(labeltop=long)
    legend(figure, axes, 0.3 if long else 0.08)
    return figure


def first_with(rows, name):
    return next(index for index, (_, row) in enumerate(rows) if name in row)


def legend(figure, axes, above=0.08):
    """The names in a row above the picture, `above` inches over the axes."""
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        height = figure.get_size_inches()[1]
        axes.legend(handles, labels, loc="lower left", frameon=False, labelcolor=INK, fontsize=9,
                    bbox_to_anchor=(0.0, 1.0 + above / height), borderaxespad=0.0,
                    ncol=min(6, len(labels)), handlelength=1.6, columnspacing=1.6)


def plain_bars(groups, names, palette, label):
    """Vertical bars from 0 on: groups are (title, {name: Estimate})."""
    names = [name for name in names if any(name in row for _, row in groups)]
    figure = new_figure(8.6, 3.4)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0.0)
    thick = 0.8 / max(1, len(names))
    for index, (title, row) in enumerate(groups):
        for place, name in enumerate(names):
            if name not in row:
                continue
            estimate = row[name]
            x = index + (place - (len(names) - 1) / 2) * thick
            axes.bar(x, estimate.value, width=thick * 0.86, color=palette[name],
                     label=name if index == first_with(groups, name) else None)
            axes.errorbar(x, estimate.value, yerr=whiskers(estimate), fmt="none", ecolor=INK,
                          elinewidth=0.9)
            axes.annotate("%.3g" % estimate.value, (x, max(estimate.value, estimate.high or 0.0)),
                          xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8,
                          color=INK)
    axes.set_xticks(range(len(groups)))
    axes.set_xticklabels([title for title, _ in groups])
    axes.set_ylabel(label)
    axes.margins(y=0.12)
    style(axes, "y")
    legend(figure, axes)
    return figure


def nice_log_ticks(axis, low, high):
    """Marks at 1, 2 and 5 of each power of ten, and none between them."""
    axis.set_ticks([tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 50, 100,
                                      200, 500) if low * 0.9 <= tick <= high * 1.2])
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: "%g" % value))


def waterfall(panels, rungs, labels):
    """A bar for each rung, from the height of the one before to its own; grey if that may be noise.

    Panels are (title, {rung: Estimate relative to the first}, {rung: step Estimate}, better), where
    `better` is "down" or "up"; labels are the texts under the rungs.
    """
    figure = new_figure(max(6.4, 1.2 * len(rungs) + 1.2), 3.1 * len(panels) + 0.7)
    figure.get_layout_engine().set(h_pad=0.1)
    for index, (title, total, steps, better) in enumerate(panels):
        axes = figure.add_subplot(len(panels), 1, index + 1)
        axes.patch.set_alpha(0.0)
        values = [total[name].value for name in rungs]
        ends = [end for name in rungs for end in (total[name].low, total[name].high)
                if total[name].has_interval]
        low, high = min(values + ends + [1.0]), max(values + ends + [1.0])
        if high / low > 5.0:
            axes.set_yscale("log")
            nice_log_ticks(axes.yaxis, low, high)
            axes.set_ylim(low * 0.7, high * 1.4)
        else:
            span = max(high - low, 0.1)
            axes.set_ylim(low - 0.2 * span, high + 0.22 * span)
        for place, name in enumerate(rungs):
            before = values[place - 1] if place else values[0]
            here = values[place]
            rises = here >= before
            if place:
                step = steps.get(name)
                certain = step and step.has_interval and not step.includes(1.0)
                good = BAD if rises == (better == "down") else GOOD
                axes.bar(place, here - before, bottom=before, width=0.62,
                         color=good if certain else UNCERTAIN, alpha=0.85, zorder=2)
                axes.plot([place - 1 + 0.31, place + 0.31], [before, before], color=INK,
                          linewidth=0.8, zorder=3)
            axes.plot([place - 0.31, place + 0.31], [here, here], color=INK, linewidth=2.0,
                      zorder=4)
            axes.errorbar(place, here, yerr=whiskers(total[name]), fmt="none", ecolor=INK,
                          elinewidth=0.9, zorder=4)
            text = "%.2f" % here
            if place and steps.get(name):
                text += "\n× %.2f" % steps[name].value
            whisker = total[name].high if rises else total[name].low
            axes.annotate(text, (place, whisker if total[name].has_interval else here),
                          xytext=(0, 3 if rises else -3), textcoords="offset points",
                          ha="center", va="bottom" if rises else "top", fontsize=8, color=INK)
        axes.axhline(1.0, color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        axes.set_xticks(range(len(rungs)))
        axes.set_xticklabels(labels if index == len(panels) - 1 else [""] * len(rungs), fontsize=8)
        axes.set_xlim(-0.6, len(rungs) - 0.4)
        axes.set_title("%s   (%s)" % (title, {"down": "down is better",
                                              "up": "up is better"}[better]),
                       fontsize=9.5, loc="left", color=INK)
        style(axes, "y")
        axes.tick_params(axis="x", labelsize=8)
    return figure


def dots(rows, names, palette, label, marks):
    """A row for each title, a dot for each name; rows are (title, {name: Estimate}).

    `marks` are (value, text) of vertical lines.
    """
    names = [name for name in names if any(name in row for _, row in rows)]
    figure = new_figure(8.6, 1.1 + 0.3 * len(rows))
    axes = figure.add_subplot()
    axes.patch.set_alpha(0.0)
    for index, (title, row) in enumerate(rows):
        for place, name in enumerate(names):
            if name not in row:
                continue
            y = index + (place - (len(names) - 1) / 2) * 0.11
            axes.errorbar(row[name].value, y, xerr=whiskers(row[name]), fmt="o", markersize=4.5,
                          markeredgewidth=0, color=palette[name], elinewidth=1.1,
                          label=name if index == first_with(rows, name) else None)
    for value, text in marks:
        axes.axvline(value, color=INK, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
        axes.annotate(text, (value, len(rows) - 0.5), xytext=(3, 3), textcoords="offset points",
                      fontsize=7.5, color=INK)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([title for title, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.set_xlabel(label)
    style(axes, "both")
    legend(figure, axes)
    return figure


def thread_axis(axes, threads):
    axes.set_xscale("log", base=2)
    axes.set_xticks(threads)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: "%g" % value))
    axes.set_xlim(threads[0] * 0.9, threads[-1] * 1.12)


def draw_ideal(axes, threads, cores):
    """N times with N threads as far as there are cores."""
    line = sorted(set(threads) | ({cores} if threads[0] <= cores <= threads[-1] else set()))
    axes.plot(line, [min(count, cores) for count in line], color=INK, linewidth=0.9,
              linestyle=(0, (1, 2)), label="ideal: one core a thread", zorder=1)


def draw_ceiling(axes, curves):
    """The band between the lowest and the highest process ceiling of the strategies."""
    threads = sorted(set().union(*[set(curve) for curve in curves])) if curves else []
    if not threads:
        return
    low = [min(curve[count].value for curve in curves if count in curve) for count in threads]
    high = [max(curve[count].value for curve in curves if count in curve) for count in threads]
    threads, low, high = [1] + threads, [1.0] + low, [1.0] + high
    axes.fill_between(threads, low, high, color=INK, alpha=0.16, linewidth=0, zorder=1)
    axes.plot(threads, [0.5 * (a + b) for a, b in zip(low, high)], color=INK, alpha=0.55,
              linewidth=1.6, linestyle=(0, (5, 2)), label="process ceiling", zorder=1)


def draw_curve(axes, curve, colour, name, wide=1.8):
    threads = sorted(curve)
    values = [curve[count].value for count in threads]
    axes.plot(threads, values, color=colour, marker="o", markersize=3.5 if wide < 1.8 else 5,
              linewidth=wide, label=name, zorder=3)
    for count in threads:
        if curve[count].has_interval:
            axes.plot([count, count], [curve[count].low, curve[count].high], color=colour,
                      linewidth=wide, alpha=0.55, solid_capstyle="butt", zorder=2)


def scaling_overview(speedup, ceilings, programs, names, threads, cores, palette):
    """The median over programs as lines, the programs themselves as small dots."""
    figure = new_figure(8.6, 4.2)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0.0)
    draw_ideal(axes, threads, cores)
    draw_ceiling(axes, [ceilings[name] for name in names if name in ceilings])
    shown = [name for name in names if name in speedup]
    for place, name in enumerate(shown):
        curve = dict(speedup[name])
        curve.setdefault(1, _one())
        draw_curve(axes, curve, palette[name], name)
        for count in threads[1:]:
            dots = [table[name][count].value for table in programs.values()
                    if count in table.get(name, {})]
            shift = 1.0 + 0.022 * (place - (len(shown) - 1) / 2)
            axes.plot([count * shift] * len(dots), dots, linestyle="none", marker="o",
                      markersize=2.6, markeredgewidth=0, color=palette[name], alpha=0.35, zorder=2)
    thread_axis(axes, threads)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("threads")
    axes.set_ylabel("throughput, one thread = 1")
    style(axes, "y")
    legend(figure, axes)
    return figure


def _one():
    from .stats import Estimate
    return Estimate(1.0)


def scaling_grid(programs, speedup, ceilings, names, threads, cores, palette):
    """One small panel for each program."""
    columns = 4
    rows = (len(programs) + columns - 1) // columns
    figure = new_figure(9.6, 0.6 + 2.05 * rows)
    figure.get_layout_engine().set(h_pad=0.09)
    handles = {}
    for index, program in enumerate(programs):
        axes = figure.add_subplot(rows, columns, index + 1)
        axes.patch.set_alpha(0.0)
        draw_ideal(axes, threads, cores)
        draw_ceiling(axes, list(ceilings.get(program, {}).values()))
        for name in names:
            curve = speedup.get(program, {}).get(name)
            if curve:
                draw_curve(axes, curve, palette[name], name, 1.4)
        thread_axis(axes, threads)
        axes.set_ylim(bottom=0.0)
        axes.set_title(program, fontsize=9.5, loc="left", color=INK)
        style(axes, "y")
        axes.tick_params(labelsize=7.5)
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    figure.legend(list(handles.values()), list(handles), loc="upper left", frameon=False,
                  ncol=min(6, len(handles)), labelcolor=INK, fontsize=9,
                  bbox_to_anchor=(0.0, 1.0 + 0.42 / figure.get_size_inches()[1]))
    figure.supxlabel("threads", fontsize=9, color=INK)
    figure.supylabel("throughput, one thread = 1", fontsize=9, color=INK)
    return figure


def save(figure, folder, name):
    """Writes <name>.svg and <name>.png; returns the SVG ready to be put into the page."""
    os.makedirs(folder, exist_ok=True)
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        stream = io.StringIO()
        figure.savefig(stream, format="svg", bbox_inches="tight", pad_inches=0.08, transparent=True,
                       metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as file:
        file.write(text)
    figure.patch.set_alpha(1.0)
    figure.savefig(os.path.join(folder, name + ".png"), dpi=144, bbox_inches="tight",
                   pad_inches=0.12, facecolor="white")
    return inline(text, name)


def inline(text, name):
    """The SVG element alone, with ids of its own, the page's colours and no fixed size."""
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'(<svg[^>]*?)\s+width="[^"]*"', r"\1", text, count=1, flags=re.S)
    text = re.sub(r'(<svg[^>]*?)\s+height="[^"]*"', r"\1", text, count=1, flags=re.S)
    text = re.sub(r'\bid="([^"]+)"', r'id="%s-\1"' % name, text)
    text = re.sub(r'url\(#([^)]+)\)', r"url(#%s-\1)" % name, text)
    text = re.sub(r'href="#([^"]+)"', r'href="#%s-\1"' % name, text)
    return text.replace(INK, "currentColor").replace(GRID, "var(--line)")
