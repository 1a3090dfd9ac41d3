class S:
    def __getitem__(self, k):
        return k

    def __setitem__(self, k, v):
        print("set", k, v)

    def __delitem__(self, k):
        print("del", k)


s = S()
print(s[1:2], s[:], s[::2], s[1:2, 3], s[..., None], s[1], s[1, 2], s[(1, 2)], s[1:2:3, ::], s[()], s["a":"b"], s[1,])
s[1:2] = 5
s[::] = 6
del s[1:2, 3:4]
s[0] += [1] if False else s[0] if False else 1
print(s[*[1, 2]], s[*(1,), 2:3])
print(S()[lambda: 1] is not None, s[x := 5], x)
