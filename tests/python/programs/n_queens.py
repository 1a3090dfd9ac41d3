def queens(n):
    solutions = []
    def place(row, cols, d1, d2, board):
        if row == n:
            solutions.append(board); return
        for c in range(n):
            if c not in cols and row + c not in d1 and row - c not in d2:
                place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c}, board + [c])
    place(0, frozenset(), frozenset(), frozenset(), [])
    return solutions


print([len(queens(n)) for n in range(1, 8)], queens(6)[0])
