// SPDX-License-Identifier: MIT
//
// `errno`: the numbers of the system's errors.
#include "vm/types/dict.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <errno.h>

// The first name of a number is the one that errorcode gives.
// clang-format off
static const struct {
    const char *name;
    int number;
} codes[] = {
    {"E2BIG", E2BIG}, {"EACCES", EACCES}, {"EADDRINUSE", EADDRINUSE},
    {"EADDRNOTAVAIL", EADDRNOTAVAIL}, {"EADV", EADV}, {"EAFNOSUPPORT", EAFNOSUPPORT},
    {"EAGAIN", EAGAIN}, {"EALREADY", EALREADY}, {"EBADE", EBADE}, {"EBADF", EBADF},
    {"EBADFD", EBADFD}, {"EBADMSG", EBADMSG}, {"EBADR", EBADR}, {"EBADRQC", EBADRQC},
    {"EBADSLT", EBADSLT}, {"EBFONT", EBFONT}, {"EBUSY", EBUSY}, {"ECANCELED", ECANCELED},
    {"ECHILD", ECHILD}, {"ECHRNG", ECHRNG}, {"ECOMM", ECOMM}, {"ECONNABORTED", ECONNABORTED},
    {"ECONNREFUSED", ECONNREFUSED}, {"ECONNRESET", ECONNRESET}, {"EDEADLOCK", EDEADLOCK},
    {"EDESTADDRREQ", EDESTADDRREQ}, {"EDOM", EDOM}, {"EDOTDOT", EDOTDOT}, {"EDQUOT", EDQUOT},
    {"EEXIST", EEXIST}, {"EFAULT", EFAULT}, {"EFBIG", EFBIG}, {"EHOSTDOWN", EHOSTDOWN},
    {"EHOSTUNREACH", EHOSTUNREACH}, {"EIDRM", EIDRM}, {"EILSEQ", EILSEQ},
    {"EINPROGRESS", EINPROGRESS}, {"EINTR", EINTR}, {"EINVAL", EINVAL}, {"EIO", EIO},
    {"EISCONN", EISCONN}, {"EISDIR", EISDIR}, {"EISNAM", EISNAM}, {"EKEYEXPIRED", EKEYEXPIRED},
    {"EKEYREJECTED", EKEYREJECTED}, {"EKEYREVOKED", EKEYREVOKED}, {"EL2HLT", EL2HLT},
    {"EL2NSYNC", EL2NSYNC}, {"EL3HLT", EL3HLT}, {"EL3RST", EL3RST}, {"ELIBACC", ELIBACC},
    {"ELIBBAD", ELIBBAD}, {"ELIBEXEC", ELIBEXEC}, {"ELIBMAX", ELIBMAX}, {"ELIBSCN", ELIBSCN},
    {"ELNRNG", ELNRNG}, {"ELOOP", ELOOP}, {"EMEDIUMTYPE", EMEDIUMTYPE}, {"EMFILE", EMFILE},
    {"EMLINK", EMLINK}, {"EMSGSIZE", EMSGSIZE}, {"EMULTIHOP", EMULTIHOP},
    {"ENAMETOOLONG", ENAMETOOLONG}, {"ENAVAIL", ENAVAIL}, {"ENETDOWN", ENETDOWN},
    {"ENETRESET", ENETRESET}, {"ENETUNREACH", ENETUNREACH}, {"ENFILE", ENFILE}, {"ENOANO", ENOANO},
    {"ENOBUFS", ENOBUFS}, {"ENOCSI", ENOCSI}, {"ENODATA", ENODATA}, {"ENODEV", ENODEV},
    {"ENOENT", ENOENT}, {"ENOEXEC", ENOEXEC}, {"ENOKEY", ENOKEY}, {"ENOLCK", ENOLCK},
    {"ENOLINK", ENOLINK}, {"ENOMEDIUM", ENOMEDIUM}, {"ENOMEM", ENOMEM}, {"ENOMSG", ENOMSG},
    {"ENONET", ENONET}, {"ENOPKG", ENOPKG}, {"ENOPROTOOPT", ENOPROTOOPT}, {"ENOSPC", ENOSPC},
    {"ENOSR", ENOSR}, {"ENOSTR", ENOSTR}, {"ENOSYS", ENOSYS}, {"ENOTBLK", ENOTBLK},
    {"ENOTCONN", ENOTCONN}, {"ENOTDIR", ENOTDIR}, {"ENOTEMPTY", ENOTEMPTY}, {"ENOTNAM", ENOTNAM},
    {"ENOTRECOVERABLE", ENOTRECOVERABLE}, {"ENOTSOCK", ENOTSOCK}, {"ENOTSUP", ENOTSUP},
    {"ENOTTY", ENOTTY}, {"ENOTUNIQ", ENOTUNIQ}, {"ENXIO", ENXIO}, {"EOVERFLOW", EOVERFLOW},
    {"EOWNERDEAD", EOWNERDEAD}, {"EPERM", EPERM}, {"EPFNOSUPPORT", EPFNOSUPPORT}, {"EPIPE", EPIPE},
    {"EPROTO", EPROTO}, {"EPROTONOSUPPORT", EPROTONOSUPPORT}, {"EPROTOTYPE", EPROTOTYPE},
    {"ERANGE", ERANGE}, {"EREMCHG", EREMCHG}, {"EREMOTE", EREMOTE}, {"EREMOTEIO", EREMOTEIO},
    {"ERESTART", ERESTART}, {"ERFKILL", ERFKILL}, {"EROFS", EROFS}, {"ESHUTDOWN", ESHUTDOWN},
    {"ESOCKTNOSUPPORT", ESOCKTNOSUPPORT}, {"ESPIPE", ESPIPE}, {"ESRCH", ESRCH}, {"ESRMNT", ESRMNT},
    {"ESTALE", ESTALE}, {"ESTRPIPE", ESTRPIPE}, {"ETIME", ETIME}, {"ETIMEDOUT", ETIMEDOUT},
    {"ETOOMANYREFS", ETOOMANYREFS}, {"ETXTBSY", ETXTBSY}, {"EUCLEAN", EUCLEAN},
    {"EUNATCH", EUNATCH}, {"EUSERS", EUSERS}, {"EXDEV", EXDEV}, {"EXFULL", EXFULL},
    {"EDEADLK", EDEADLK}, {"EOPNOTSUPP", EOPNOTSUPP}, {"EWOULDBLOCK", EWOULDBLOCK},
};
// clang-format on

static int errno_fill(Value module) {
    Value names = dict_new();
    for (size_t i = 0; i < sizeof codes / sizeof *codes && !value_is_null(names); i++) {
        if (module_add_int(module, codes[i].name, codes[i].number) < 0)
            return -1;
        Value name = str_intern_cstr(codes[i].name);
        Value kept = dict_setdefault(names, value_from_int(codes[i].number), name);
        ref_release(name);
        ref_release(kept);
    }
    return module_add(module, "errorcode", names);
}

const NativeModule module_errno = {"errno", "Numbers of the system's errors.", NULL, errno_fill};
