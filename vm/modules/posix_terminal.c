// SPDX-License-Identifier: MIT
//
// `posix`: terminals.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/arguments.h"
#include <pty.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <utmp.h>

static Value terminal_size_type; // set once by posix_terminal_fill

static Value posix_get_terminal_size(Value self, const Value *args, size_t nargs) {
    int fd = 1;
    struct winsize size;
    if (nargs && int_argument(args[0], &fd) < 0)
        return VALUE_NULL;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return posix_status(-1);
    Value v[2] = {value_from_int(size.ws_col), value_from_int(size.ws_row)};
    return struct_sequence_new(terminal_size_type, v);
}
static Value posix_openpty(Value self) {
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
        return posix_status(-1);
    if (fcntl(master, F_SETFD, FD_CLOEXEC) < 0 || fcntl(slave, F_SETFD, FD_CLOEXEC) < 0) {
        posix_status(-1);
        close(master);
        close(slave);
        return VALUE_NULL;
    }
    return posix_pair(master, slave);
}
static Value posix_login_tty(Value self, Value v) {
    int fd;
    return posix_fd(v, &fd) < 0 ? VALUE_NULL : posix_status(login_tty(fd));
}
static Value posix_ctermid(Value self) {
    char name[L_ctermid];
    return posix_decode(ctermid(name), false);
}
static Value posix_ttyname(Value self, Value v) {
    int fd;
    char name[4096];
    if (int_argument(v, &fd) < 0)
        return VALUE_NULL;
    int problem = ttyname_r(fd, name, sizeof name);
    return problem ? raise_errno(problem) : posix_decode(name, false);
}
static Value posix_tcgetpgrp(Value self, Value v) {
    int fd;
    return int_argument(v, &fd) < 0 ? VALUE_NULL : posix_number(tcgetpgrp(fd));
}
static Value posix_tcsetpgrp(Value self, const Value *args, size_t nargs) {
    int fd, group;
    if (int_argument(args[0], &fd) < 0 || int_format_argument(args[1], &group) < 0)
        return VALUE_NULL;
    return posix_status(tcsetpgrp(fd, group));
}

const NativeDef posix_terminal_functions[] = {
    DEF_FIXED("get_terminal_size", posix_get_terminal_size, 0, 1,
              "get_terminal_size([fd])\n\nA terminal's width and height."),
    DEF_NONE("openpty", posix_openpty,
             "openpty($module, /)\n--\n\nA new terminal: (master, slave)."),
    DEF_ONE("login_tty", posix_login_tty,
            "login_tty($module, fd, /)\n--\n\nMakes a terminal that of a new session."),
    DEF_NONE("ctermid", posix_ctermid, "ctermid($module, /)\n--\n\nThe terminal's name."),
    DEF_ONE("ttyname", posix_ttyname, "ttyname($module, fd, /)\n--\n\nA terminal's name."),
    DEF_ONE("tcgetpgrp", posix_tcgetpgrp,
            "tcgetpgrp($module, fd, /)\n--\n\nA terminal's foreground process group."),
    DEF_FIXED("tcsetpgrp", posix_tcsetpgrp, 2, 2,
              "tcsetpgrp($module, fd, pgid, /)\n--\n\nSets a terminal's foreground group."),
    DEF_END,
};

int posix_terminal_fill(Value module) {
    static const char *const fields[] = {"columns", "lines", NULL};
    terminal_size_type = struct_sequence_type("os.terminal_size", fields);
    return module_add(module, "terminal_size", ref_new(terminal_size_type));
}
