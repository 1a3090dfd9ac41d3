// SPDX-License-Identifier: MIT
//
// _stat: what the bits of a file's mode say, and the numbers of the library's stat.py, which takes
// its functions from here.
#include "vm/runtime/errors.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <sys/stat.h>

// An int as a mode: OverflowError if it does not fit.
static int mode_argument(Value v, mode_t *mode) {
    uint64_t n;
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "an integer is required");
    if (int_sign(v) < 0)
        return raise_int(&exception_OverflowError, "can't convert negative value to unsigned int");
    if (!int_to_u64(v, &n))
        return raise_int(&exception_OverflowError,
                         "Python int too large to convert to C unsigned long");
    *mode = (mode_t)n;
    if (*mode != n)
        return raise_int(&exception_OverflowError, "mode out of range");
    return 0;
}

#define KIND_TEST(name)                                                                            \
    static Value stat_##name(Value self, Value v) {                                                \
        mode_t mode;                                                                               \
        return mode_argument(v, &mode) < 0 ? VALUE_NULL : bool_new(name(mode));                    \
    }
KIND_TEST(S_ISDIR)
KIND_TEST(S_ISCHR)
KIND_TEST(S_ISBLK)
KIND_TEST(S_ISREG)
KIND_TEST(S_ISFIFO)
KIND_TEST(S_ISLNK)
KIND_TEST(S_ISSOCK)

// Kinds of files that other systems have.
static Value stat_no(Value self, Value v) {
    mode_t mode;
    return mode_argument(v, &mode) < 0 ? VALUE_NULL : bool_new(false);
}
static Value stat_S_IMODE(Value self, Value v) {
    mode_t mode;
    return mode_argument(v, &mode) < 0 ? VALUE_NULL : int_from_u64(mode & 07777);
}
static Value stat_S_IFMT(Value self, Value v) {
    mode_t mode;
    return mode_argument(v, &mode) < 0 ? VALUE_NULL : int_from_u64(mode & S_IFMT);
}

static char kind_letter(mode_t mode) {
    return S_ISREG(mode)    ? '-'
           : S_ISDIR(mode)  ? 'd'
           : S_ISLNK(mode)  ? 'l'
           : S_ISBLK(mode)  ? 'b'
           : S_ISCHR(mode)  ? 'c'
           : S_ISFIFO(mode) ? 'p'
           : S_ISSOCK(mode) ? 's'
                            : '?';
}

static Value stat_filemode(Value self, Value v) {
    mode_t mode;
    if (mode_argument(v, &mode) < 0)
        return VALUE_NULL;
    static const struct {
        mode_t bit;
        char with, without; // how x is shown
    } special[3] = {{S_ISUID, 's', 'S'}, {S_ISGID, 's', 'S'}, {S_ISVTX, 't', 'T'}};
    char text[10] = {kind_letter(mode)};
    for (int who = 0; who < 3; who++) {
        mode_t bits = mode >> (6 - 3 * who);
        char *to = text + 1 + 3 * who;
        to[0] = bits & 4 ? 'r' : '-';
        to[1] = bits & 2 ? 'w' : '-';
        if (mode & special[who].bit)
            to[2] = bits & 1 ? special[who].with : special[who].without;
        else
            to[2] = bits & 1 ? 'x' : '-';
    }
    return str_from_ascii(text, sizeof text);
}

#define TEST(name, function, text) DEF_ONE(name, function, name "($module, mode, /)\n--\n\n" text)
static const NativeDef functions[] = {
    TEST("S_ISDIR", stat_S_ISDIR, "Is it a folder?"),
    TEST("S_ISCHR", stat_S_ISCHR, "Is it a character device?"),
    TEST("S_ISBLK", stat_S_ISBLK, "Is it a block device?"),
    TEST("S_ISREG", stat_S_ISREG, "Is it a regular file?"),
    TEST("S_ISFIFO", stat_S_ISFIFO, "Is it a named pipe?"),
    TEST("S_ISLNK", stat_S_ISLNK, "Is it a symbolic link?"),
    TEST("S_ISSOCK", stat_S_ISSOCK, "Is it a socket?"),
    TEST("S_ISDOOR", stat_no, "Is it a door?"),
    TEST("S_ISPORT", stat_no, "Is it an event port?"),
    TEST("S_ISWHT", stat_no, "Is it a whiteout?"),
    TEST("S_IMODE", stat_S_IMODE, "The bits that chmod() can set."),
    TEST("S_IFMT", stat_S_IFMT, "The bits that say what kind of file it is."),
    TEST("filemode", stat_filemode, "The mode as `ls -l` shows it."),
    DEF_END,
};

static const struct {
    const char *name;
    uint32_t value;
} numbers[] = {
#define SYSTEM(name)                                                                               \
    { #name, name }
    SYSTEM(S_IFDIR),
    SYSTEM(S_IFCHR),
    SYSTEM(S_IFBLK),
    SYSTEM(S_IFREG),
    SYSTEM(S_IFIFO),
    SYSTEM(S_IFLNK),
    SYSTEM(S_IFSOCK),
    SYSTEM(S_ISUID),
    SYSTEM(S_ISGID),
    SYSTEM(S_ISVTX),
    SYSTEM(S_IRWXU),
    SYSTEM(S_IRUSR),
    SYSTEM(S_IWUSR),
    SYSTEM(S_IXUSR),
    SYSTEM(S_IRWXG),
    SYSTEM(S_IRGRP),
    SYSTEM(S_IWGRP),
    SYSTEM(S_IXGRP),
    SYSTEM(S_IRWXO),
    SYSTEM(S_IROTH),
    SYSTEM(S_IWOTH),
    SYSTEM(S_IXOTH),
#undef SYSTEM
    {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    {"S_ENFMT", S_ISGID},
    {"S_IREAD", S_IRUSR},
    {"S_IWRITE", S_IWUSR},
    {"S_IEXEC", S_IXUSR},
    // Places in the tuple that os.stat() gives.
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
    // Flags of BSD's chflags(2).
    {"UF_NODUMP", 0x1},
    {"UF_IMMUTABLE", 0x2},
    {"UF_APPEND", 0x4},
    {"UF_OPAQUE", 0x8},
    {"UF_NOUNLINK", 0x10},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_APPEND", 0x40000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
};

static int stat_fill(Value module) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    return 0;
}

const NativeModule module_stat = {"_stat", "What a file's mode says.", functions, stat_fill};
