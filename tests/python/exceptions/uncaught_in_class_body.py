class Outer:
    class Inner:
        value = [][5]
