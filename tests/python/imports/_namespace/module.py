where = "in namespace package"
