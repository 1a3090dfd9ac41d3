loaded = "lazy module loaded"
