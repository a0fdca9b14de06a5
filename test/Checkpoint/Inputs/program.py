"""The choice of what to keep, and of ways, as an integer linear program for HiGHS."""

import sys

try:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
except ImportError:
    print("no SciPy with HiGHS")
    sys.exit(77)


class Program:
    """Rows and columns of the program of one problem.

    Of every value, k: it is kept, r: it is recomputed; of every way, z: it is
    taken, q: it is taken and its value is recomputed.
    """

    def __init__(self, values):
        self.cost, self.bytes, self.rows = [], [], []
        self.upper = []
        self.values = values
        self.kept = [self.column(0, v["bytes"], not v["recompute"]) for v in values]
        self.again = [self.column(v["macs"], 0, not v["keep"]) for v in values]
        mine = {own for v in values for way in v["ways"] for own in range(way["first"], way["end"])}
        for number, value in enumerate(values):
            if value["needed"] and number not in mine:
                self.demand(number, [], 0)
            if value["ways"]:
                self.add_ways(number, value)
            else:
                for read in value["inputs"]:
                    self.demand(read, [self.again[number]], 0)

    def column(self, cost, size=0, allowed=True):
        self.cost.append(cost)
        self.bytes.append(size)
        self.upper.append(1 if allowed else 0)
        return len(self.cost) - 1

    def demand(self, number, by, less):
        """k + r >= the sum of the columns `by`, less so many; >= 1 if there are none."""
        if self.values[number]["free"]:
            return
        row = {self.kept[number]: 1, self.again[number]: 1}
        for column in by:
            row[column] = row.get(column, 0) - 1
        self.rows.append((row, -less if by else 1, np.inf))

    def add_ways(self, number, value):
        taken = []
        for way in value["ways"]:
            z, q = self.column(way["fixed"]), self.column(way["macs"])
            taken.append(z)
            self.rows.append(({q: 1, z: -1, self.again[number]: -1}, -1, np.inf))
            for need in way["needs"]:
                self.demand(need, [z], 0)
            for own in range(way["first"], way["end"]):
                if self.values[own]["needed"]:
                    self.demand(own, [z], 0)
            for read in way["inputs"]:
                self.demand(read, [q], 0)
        self.rows.append(({z: 1 for z in taken}, 1, 1))

    def best(self, budget):
        """The fewest MACs, or None."""
        matrix = np.zeros((len(self.rows) + 1, len(self.cost)))
        low, high = [], []
        for index, (row, least, most) in enumerate(self.rows):
            for column, factor in row.items():
                matrix[index, column] += factor
            low.append(least)
            high.append(most)
        matrix[-1] = self.bytes
        low.append(-np.inf)
        high.append(budget)
        found = milp(self.cost, integrality=np.ones(len(self.cost)), bounds=Bounds(0, self.upper),
                     constraints=LinearConstraint(matrix, low, high), options={"mip_rel_gap": 0})
        if found.status == 2:
            return None
        assert found.status == 0, found.message
        return round(found.fun)
