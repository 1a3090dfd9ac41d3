# SPDX-License-Identifier: MIT
"""An incremental constraint solver: many small classes, method calls, lists that grow and shrink.

The algorithm is DeltaBlue of Freeman-Benson, Maloney and Borning (1990), written anew. A chain of
equalities and a set of scale-and-offset constraints are built, solved, edited and solved again.
"""

SIZE_QUICK = 4_500
SIZE_FULL = 50_000

# Strengths: the smaller, the stronger.
REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = range(7)

NONE, FORWARD, BACKWARD = range(3)


class Variable:
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.walk_strength = WEAKEST
        self.stay = True

    def add(self, constraint):
        self.constraints.append(constraint)

    def remove(self, constraint):
        self.constraints.remove(constraint)
        if self.determined_by is constraint:
            self.determined_by = None


class Constraint:
    """What all constraints do; the classes below say which variables and how to compute."""

    is_input = False

    def __init__(self, strength):
        self.strength = strength

    def post(self, planner):
        self.join_graph()
        planner.incremental_add(self)

    def destroy(self, planner):
        if self.is_satisfied():
            planner.incremental_remove(self)
        self.leave_graph()

    def satisfy(self, mark, planner):
        """Enforces this constraint if it can be; returns the weaker one it overrode, or None."""
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be satisfied")
            return None
        for variable in self.inputs():
            variable.mark = mark
        output = self.output()
        overridden = output.determined_by
        if overridden is not None:
            overridden.unsatisfy()
        output.determined_by = self
        if not planner.add_propagate(self, mark):
            raise ValueError("the constraints form a cycle")
        output.mark = mark
        return overridden


class UnaryConstraint(Constraint):
    def __init__(self, variable, strength, planner):
        Constraint.__init__(self, strength)
        self.variable = variable
        self.satisfied = False
        self.post(planner)

    def join_graph(self):
        self.variable.add(self)
        self.satisfied = False

    def leave_graph(self):
        self.variable.remove(self)
        self.satisfied = False

    def choose(self, mark):
        variable = self.variable
        self.satisfied = variable.mark != mark and self.strength < variable.walk_strength

    def is_satisfied(self):
        return self.satisfied

    def unsatisfy(self):
        self.satisfied = False

    def inputs(self):
        return ()

    def output(self):
        return self.variable

    def inputs_known(self, mark):
        return True

    def recalculate(self):
        self.variable.walk_strength = self.strength
        self.variable.stay = not self.is_input
        if self.variable.stay:
            self.execute()


class Stay(UnaryConstraint):
    """Keeps a variable as it is."""

    def execute(self):
        pass


class Edit(UnaryConstraint):
    """A variable that is set from outside."""

    is_input = True

    def execute(self):
        pass


class BinaryConstraint(Constraint):
    def __init__(self, first, second, strength, planner):
        Constraint.__init__(self, strength)
        self.first = first
        self.second = second
        self.direction = NONE
        self.post(planner)

    def join_graph(self):
        self.first.add(self)
        self.second.add(self)
        self.direction = NONE

    def leave_graph(self):
        self.first.remove(self)
        self.second.remove(self)
        self.direction = NONE

    def choose(self, mark):
        first, second = self.first, self.second
        forward = second.mark != mark and self.strength < second.walk_strength
        backward = first.mark != mark and self.strength < first.walk_strength
        if first.mark == mark:
            self.direction = FORWARD if forward else NONE
        elif second.mark == mark:
            self.direction = BACKWARD if backward else NONE
        elif first.walk_strength > second.walk_strength:
            self.direction = BACKWARD if backward else NONE
        else:
            self.direction = FORWARD if forward else NONE

    def is_satisfied(self):
        return self.direction != NONE

    def unsatisfy(self):
        self.direction = NONE

    def input(self):
        return self.first if self.direction == FORWARD else self.second

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def inputs(self):
        return (self.input(),)

    def inputs_known(self, mark):
        source = self.input()
        return source.mark == mark or source.stay or source.determined_by is None

    def recalculate(self):
        source, target = self.input(), self.output()
        target.walk_strength = max(self.strength, source.walk_strength)
        target.stay = source.stay
        if target.stay:
            self.execute()


class Equal(BinaryConstraint):
    def execute(self):
        self.output().value = self.input().value


class Scale(BinaryConstraint):
    """second = first * scale + offset; scale and offset are variables themselves."""

    def __init__(self, source, scale, offset, target, strength, planner):
        self.scale = scale
        self.offset = offset
        BinaryConstraint.__init__(self, source, target, strength, planner)

    def join_graph(self):
        BinaryConstraint.join_graph(self)
        self.scale.add(self)
        self.offset.add(self)

    def leave_graph(self):
        BinaryConstraint.leave_graph(self)
        self.scale.remove(self)
        self.offset.remove(self)

    def inputs(self):
        return (self.input(), self.scale, self.offset)

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.scale.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.scale.value

    def recalculate(self):
        source, target = self.input(), self.output()
        target.walk_strength = max(self.strength, source.walk_strength)
        target.stay = source.stay and self.scale.stay and self.offset.stay
        if target.stay:
            self.execute()


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def incremental_add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def incremental_remove(self, constraint):
        output = constraint.output()
        constraint.unsatisfy()
        constraint.leave_graph()
        unsatisfied = self.remove_propagate(output)
        unsatisfied.sort(key=lambda other: other.strength)
        for other in unsatisfied:
            self.incremental_add(other)
        constraint.join_graph()

    def add_propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            current = todo.pop()
            if current.output().mark == mark:
                self.incremental_remove(constraint)
                return False
            current.recalculate()
            self.add_consumers(current.output(), todo)
        return True

    def remove_propagate(self, output):
        output.determined_by = None
        output.walk_strength = WEAKEST
        output.stay = True
        unsatisfied = []
        todo = [output]
        while todo:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
            determining = variable.determined_by
            for constraint in variable.constraints:
                if constraint is not determining and constraint.is_satisfied():
                    constraint.recalculate()
                    todo.append(constraint.output())
        return unsatisfied

    def add_consumers(self, variable, todo):
        determining = variable.determined_by
        for constraint in variable.constraints:
            if constraint is not determining and constraint.is_satisfied():
                todo.append(constraint)

    def plan_from(self, sources):
        """The constraints to execute, in order, when the sources' values change."""
        mark = self.new_mark()
        plan = []
        todo = [source for source in sources if source.is_input and source.is_satisfied()]
        while todo:
            constraint = todo.pop()
            output = constraint.output()
            if output.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                output.mark = mark
                self.add_consumers(output, todo)
        return plan


def chain(length):
    """A chain of equal variables; values put in at the head have to come out at the tail."""
    planner = Planner()
    variables = [Variable("v%d" % i) for i in range(length + 1)]
    for i in range(length):
        Equal(variables[i], variables[i + 1], REQUIRED, planner)
    head, tail = variables[0], variables[length]
    Stay(tail, STRONG_DEFAULT, planner)
    edit = Edit(head, PREFERRED, planner)
    plan = planner.plan_from([edit])
    outcome = []
    for value in range(0, 100, 10):
        head.value = value
        for constraint in plan:
            constraint.execute()
        outcome.append(tail.value)
    edit.destroy(planner)
    return outcome


def change(planner, variable, value):
    edit = Edit(variable, PREFERRED, planner)
    plan = planner.plan_from([edit])
    for _ in range(10):
        variable.value = value
        for constraint in plan:
            constraint.execute()
    edit.destroy(planner)


def projection(count):
    """Many pairs under one scale and offset; a change of any of them has to reach the others."""
    planner = Planner()
    scale = Variable("scale", 10)
    offset = Variable("offset", 1000)
    sources = []
    targets = []
    for i in range(count):
        source = Variable("source", i)
        target = Variable("target", i)
        sources.append(source)
        targets.append(target)
        Stay(source, NORMAL, planner)
        Scale(source, scale, offset, target, REQUIRED, planner)
    outcome = []
    change(planner, sources[0], 17)
    outcome.append(targets[0].value)
    change(planner, targets[0], 1050)
    outcome.append(sources[0].value)
    change(planner, scale, 5)
    outcome.append([target.value for target in targets[1:]])
    change(planner, offset, 2000)
    outcome.append([target.value for target in targets[1:]])
    return outcome


def run(size):
    return chain(size), projection(size)


def check(size, result):
    chained, projected = result
    if chained != list(range(0, 100, 10)):
        raise ValueError("the chain gave %r" % (chained,))
    expected = [1170, 5, [i * 5 + 1000 for i in range(1, size)],
                [i * 5 + 2000 for i in range(1, size)]]
    if projected != expected:
        raise ValueError("the projection gave a wrong value")
