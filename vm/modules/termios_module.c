// SPDX-License-Identifier: MIT
//
// `termios`: settings of terminals.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <linux/serial.h>
#include <linux/tty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

static Value error_type; // termios.error; set once by fill

static Value fail(void) {
    if (error_occurred())
        return VALUE_NULL;
    Value text = str_from_cstr(strerror(errno));
    if (value_is_null(text))
        return text;
    Value e = value_call_two(error_type, value_from_int(errno), text);
    ref_release(text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}
static Value done(int status) {
    return status < 0 ? fail() : none_new();
}

static Value termios_tcgetattr(Value self, Value v) {
    int fd, status;
    struct termios mode;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, tcgetattr(fd, &mode));
    if (status < 0)
        return fail();
    Value characters = list_new();
    for (int i = 0; i < NCCS && !value_is_null(characters); i++) {
        // Without line editing these two are numbers.
        bool number = !(mode.c_lflag & ICANON) && (i == VMIN || i == VTIME);
        Value item = number ? value_from_int(mode.c_cc[i]) : bytes_new(&mode.c_cc[i], 1);
        if (list_append_owned(characters, item) < 0) {
            ref_release(characters);
            characters = VALUE_NULL;
        }
    }
    Value items[7] = {value_from_int(mode.c_iflag),
                      value_from_int(mode.c_oflag),
                      value_from_int(mode.c_cflag),
                      value_from_int(mode.c_lflag),
                      value_from_int(cfgetispeed(&mode)),
                      value_from_int(cfgetospeed(&mode)),
                      characters};
    Value list = value_is_null(characters) ? VALUE_NULL : list_from_array(items, 7);
    ref_release(characters);
    return list;
}

static int read_mode(Value list, struct termios *mode) {
    int64_t numbers[6];
    Value items = list_to_tuple(list);
    if (value_is_null(items))
        return -1;
    int status = tuple_length(items) == 7 ? 0 : -1;
    for (int i = 0; i < 6 && status == 0; i++)
        status = value_to_i64(tuple_item(items, i), &numbers[i]);
    Value characters = VALUE_NULL;
    if (status == 0) {
        Value given = tuple_item(items, 6);
        if (value_is_list(given) && list_length(given) == NCCS)
            characters = list_to_tuple(given);
        if (value_is_null(characters) && !error_occurred())
            raise_type_error("tcsetattr: attributes[6] must be %d element list", NCCS);
    }
    ref_release(items);
    if (value_is_null(characters))
        return -1;
    mode->c_iflag = (tcflag_t)numbers[0];
    mode->c_oflag = (tcflag_t)numbers[1];
    mode->c_cflag = (tcflag_t)numbers[2];
    mode->c_lflag = (tcflag_t)numbers[3];
    for (int i = 0; i < tuple_length(characters) && i < NCCS && status == 0; i++) {
        Value item = tuple_item(characters, i);
        int number;
        if (value_is_bytes(item) && bytes_length(item) == 1)
            mode->c_cc[i] = bytes_data(item)[0];
        else if (!value_is_any_int(item))
            status = raise_int(&exception_TypeError, "tcsetattr: elements of attributes must be "
                                                     "characters or integers");
        else if ((status = int_argument(item, &number)) == 0)
            mode->c_cc[i] = (cc_t)number;
    }
    ref_release(characters);
    if (status == 0 && (cfsetispeed(mode, (speed_t)numbers[4]) < 0 ||
                        cfsetospeed(mode, (speed_t)numbers[5]) < 0)) {
        fail();
        return -1;
    }
    return status;
}
static Value termios_tcsetattr(Value self, const Value *args, size_t nargs) {
    int fd, when, status;
    struct termios mode;
    if (posix_fd(args[0], &fd) < 0 || int_argument(args[1], &when) < 0)
        return VALUE_NULL;
    if (!value_is_list(args[2]) || list_length(args[2]) != 7)
        return raise_type_error("tcsetattr, arg 3: must be 7 element list");
    // What the list does not say stays as it is.
    POSIX_BLOCKING(status, tcgetattr(fd, &mode));
    if (status < 0)
        return fail();
    if (read_mode(args[2], &mode) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, tcsetattr(fd, when, &mode));
    return done(status);
}

#define TWO(name)                                                                                  \
    static Value termios_##name(Value self, const Value *args, size_t nargs) {                     \
        int fd, what, status;                                                                      \
        if (posix_fd(args[0], &fd) < 0 || int_argument(args[1], &what) < 0)                        \
            return VALUE_NULL;                                                                     \
        POSIX_BLOCKING(status, name(fd, what));                                                    \
        return done(status);                                                                       \
    }
TWO(tcsendbreak)
TWO(tcflush)
TWO(tcflow)
static Value termios_tcdrain(Value self, Value v) {
    int fd, status;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, tcdrain(fd));
    return done(status);
}
static Value termios_tcgetwinsize(Value self, Value v) {
    int fd;
    struct winsize size;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    return ioctl(fd, TIOCGWINSZ, &size) < 0 ? fail() : posix_pair(size.ws_row, size.ws_col);
}
static Value termios_tcsetwinsize(Value self, const Value *args, size_t nargs) {
    int fd;
    struct winsize size;
    int64_t rows = 0, columns = 0;
    if (posix_fd(args[0], &fd) < 0)
        return VALUE_NULL;
    if (!value_is_tuple(args[1]) && !value_is_list(args[1]) && !value_type(args[1])->getitem)
        return raise_type_error("tcsetwinsize, arg 2: must be a two-item sequence");
    Value items = tuple_from_iterable(args[1]);
    if (value_is_null(items))
        return VALUE_NULL;
    int status =
        tuple_length(items) != 2
            ? raise_int(&exception_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence")
        : value_to_i64(tuple_item(items, 0), &rows) < 0 ||
                value_to_i64(tuple_item(items, 1), &columns) < 0
            ? -1
            : 0;
    ref_release(items);
    if (status < 0)
        return VALUE_NULL;
    if (rows < 0 || rows > UINT16_MAX || columns < 0 || columns > UINT16_MAX)
        return raise_error(&exception_OverflowError, "winsize value(s) out of range.");
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return fail();
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    return done(ioctl(fd, TIOCSWINSZ, &size));
}

static const NativeDef functions[] = {
    DEF_ONE("tcgetattr", termios_tcgetattr,
            "tcgetattr($module, fd, /)\n--\n\nA terminal's settings as a list."),
    DEF_FIXED("tcsetattr", termios_tcsetattr, 3, 3,
              "tcsetattr($module, fd, when, attributes, /)\n--\n\nSets a terminal's settings."),
    DEF_FIXED("tcsendbreak", termios_tcsendbreak, 2, 2,
              "tcsendbreak($module, fd, duration, /)\n--\n\nSends a break."),
    DEF_ONE("tcdrain", termios_tcdrain,
            "tcdrain($module, fd, /)\n--\n\nWaits until all output is sent."),
    DEF_FIXED("tcflush", termios_tcflush, 2, 2,
              "tcflush($module, fd, queue, /)\n--\n\nDrops what is queued."),
    DEF_FIXED("tcflow", termios_tcflow, 2, 2,
              "tcflow($module, fd, action, /)\n--\n\nStops input or output, or lets it go on."),
    DEF_ONE("tcgetwinsize", termios_tcgetwinsize,
            "tcgetwinsize($module, fd, /)\n--\n\nA terminal's size: (rows, columns)."),
    DEF_FIXED("tcsetwinsize", termios_tcsetwinsize, 2, 2,
              "tcsetwinsize($module, fd, winsize, /)\n--\n\nSets a terminal's size."),
    DEF_END,
};

static int fill(Value module) {
    static const PosixConstant constants[] = {
#define N(name) {#name, name}
        N(B0),
        N(B1000000),
        N(B110),
        N(B115200),
        N(B1152000),
        N(B1200),
        N(B134),
        N(B150),
        N(B1500000),
        N(B1800),
        N(B19200),
        N(B200),
        N(B2000000),
        N(B230400),
        N(B2400),
        N(B2500000),
        N(B300),
        N(B3000000),
        N(B3500000),
        N(B38400),
        N(B4000000),
        N(B460800),
        N(B4800),
        N(B50),
        N(B500000),
        N(B57600),
        N(B576000),
        N(B600),
        N(B75),
        N(B921600),
        N(B9600),
        N(BRKINT),
        N(BS0),
        N(BS1),
        N(BSDLY),
        N(CBAUD),
        N(CBAUDEX),
        N(CDSUSP),
        N(CEOF),
        N(CEOL),
        N(CEOT),
        N(CERASE),
        N(CFLUSH),
        N(CIBAUD),
        N(CINTR),
        N(CKILL),
        N(CLNEXT),
        N(CLOCAL),
        N(CQUIT),
        N(CR0),
        N(CR1),
        N(CR2),
        N(CR3),
        N(CRDLY),
        N(CREAD),
        N(CRPRNT),
        N(CRTSCTS),
        N(CS5),
        N(CS6),
        N(CS7),
        N(CS8),
        N(CSIZE),
        N(CSTART),
        N(CSTOP),
        N(CSTOPB),
        N(CSUSP),
        N(CWERASE),
        N(ECHO),
        N(ECHOCTL),
        N(ECHOE),
        N(ECHOK),
        N(ECHOKE),
        N(ECHONL),
        N(ECHOPRT),
        N(EXTA),
        N(EXTB),
        N(FF0),
        N(FF1),
        N(FFDLY),
        N(FIOASYNC),
        N(FIOCLEX),
        N(FIONBIO),
        N(FIONCLEX),
        N(FIONREAD),
        N(FLUSHO),
        N(HUPCL),
        N(ICANON),
        N(ICRNL),
        N(IEXTEN),
        N(IGNBRK),
        N(IGNCR),
        N(IGNPAR),
        N(IMAXBEL),
        N(INLCR),
        N(INPCK),
        N(IOCSIZE_MASK),
        N(IOCSIZE_SHIFT),
        N(ISIG),
        N(ISTRIP),
        N(IUCLC),
        N(IXANY),
        N(IXOFF),
        N(IXON),
        N(NCC),
        N(NCCS),
        N(NL0),
        N(NL1),
        N(NLDLY),
        N(NOFLSH),
        N(N_MOUSE),
        N(N_PPP),
        N(N_SLIP),
        N(N_STRIP),
        N(N_TTY),
        N(OCRNL),
        N(OFDEL),
        N(OFILL),
        N(OLCUC),
        N(ONLCR),
        N(ONLRET),
        N(ONOCR),
        N(OPOST),
        N(PARENB),
        N(PARMRK),
        N(PARODD),
        N(PENDIN),
        N(TAB0),
        N(TAB1),
        N(TAB2),
        N(TAB3),
        N(TABDLY),
        N(TCFLSH),
        N(TCGETA),
        N(TCGETS),
        N(TCIFLUSH),
        N(TCIOFF),
        N(TCIOFLUSH),
        N(TCION),
        N(TCOFLUSH),
        N(TCOOFF),
        N(TCOON),
        N(TCSADRAIN),
        N(TCSAFLUSH),
        N(TCSANOW),
        N(TCSBRK),
        N(TCSBRKP),
        N(TCSETA),
        N(TCSETAF),
        N(TCSETAW),
        N(TCSETS),
        N(TCSETSF),
        N(TCSETSW),
        N(TCXONC),
        N(TIOCCONS),
        N(TIOCEXCL),
        N(TIOCGETD),
        N(TIOCGICOUNT),
        N(TIOCGLCKTRMIOS),
        N(TIOCGPGRP),
        N(TIOCGSERIAL),
        N(TIOCGSOFTCAR),
        N(TIOCGWINSZ),
        N(TIOCINQ),
        N(TIOCLINUX),
        N(TIOCMBIC),
        N(TIOCMBIS),
        N(TIOCMGET),
        N(TIOCMIWAIT),
        N(TIOCMSET),
        N(TIOCM_CAR),
        N(TIOCM_CD),
        N(TIOCM_CTS),
        N(TIOCM_DSR),
        N(TIOCM_DTR),
        N(TIOCM_LE),
        N(TIOCM_RI),
        N(TIOCM_RNG),
        N(TIOCM_RTS),
        N(TIOCM_SR),
        N(TIOCM_ST),
        N(TIOCNOTTY),
        N(TIOCNXCL),
        N(TIOCOUTQ),
        N(TIOCPKT),
        N(TIOCPKT_DATA),
        N(TIOCPKT_DOSTOP),
        N(TIOCPKT_FLUSHREAD),
        N(TIOCPKT_FLUSHWRITE),
        N(TIOCPKT_NOSTOP),
        N(TIOCPKT_START),
        N(TIOCPKT_STOP),
        N(TIOCSCTTY),
        N(TIOCSERCONFIG),
        N(TIOCSERGETLSR),
        N(TIOCSERGETMULTI),
        N(TIOCSERGSTRUCT),
        N(TIOCSERGWILD),
        N(TIOCSERSETMULTI),
        N(TIOCSERSWILD),
        N(TIOCSER_TEMT),
        N(TIOCSETD),
        N(TIOCSLCKTRMIOS),
        N(TIOCSPGRP),
        N(TIOCSSERIAL),
        N(TIOCSSOFTCAR),
        N(TIOCSTI),
        N(TIOCSWINSZ),
        N(TOSTOP),
        N(VDISCARD),
        N(VEOF),
        N(VEOL),
        N(VEOL2),
        N(VERASE),
        N(VINTR),
        N(VKILL),
        N(VLNEXT),
        N(VMIN),
        N(VQUIT),
        N(VREPRINT),
        N(VSTART),
        N(VSTOP),
        N(VSUSP),
        N(VSWTC),
        {"VSWTCH", VSWTC},
        N(VT0),
        N(VT1),
        N(VTDLY),
        N(VTIME),
        N(VWERASE),
        N(XCASE),
        N(XTABS),
#undef N
        {0}};
    Value name = str_from_cstr("error"), dict = dict_new();
    Value bases = tuple_pack(1, value_from_object(&exception_Exception)), module_name;
    module_name = str_from_cstr("termios");
    if (value_is_null(name) || value_is_null(dict) || value_is_null(bases) ||
        value_is_null(module_name) || dict_set(dict, name___module__, module_name) < 0)
        return -1;
    error_type = type_create(&type_type, name, bases, dict, VALUE_NULL);
    ref_release(name);
    ref_release(dict);
    ref_release(bases);
    ref_release(module_name);
    if (value_is_null(error_type) || posix_add_constants(module, constants) < 0)
        return -1;
    return module_add(module, "error", ref_new(error_type));
}

const NativeModule module_termios = {"termios", "Settings of terminals.", functions, fill};
